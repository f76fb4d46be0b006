"""The package wizard, from the check to the folder that was read back, and the verification of one."""
