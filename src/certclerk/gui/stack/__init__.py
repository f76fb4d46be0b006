"""Stack mode: a stack of scans dealt to the roster, checked and mended in a grid, then placed at once."""
