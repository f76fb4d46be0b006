"""A teacher's pages: slots, the page shown large, the tray."""
