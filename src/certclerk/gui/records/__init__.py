"""报送记录: what was submitted, the clerk's ticks on it, and what has changed since."""
