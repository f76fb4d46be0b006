"""检查: what is wrong, whose it is, and the buttons that put it right."""
