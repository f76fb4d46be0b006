"""Backups without asking, and the window in which they are seen and restored."""
