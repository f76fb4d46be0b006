"""``python -m certclerk``."""

import sys

from certclerk.app import main

if __name__ == "__main__":
    sys.exit(main())
