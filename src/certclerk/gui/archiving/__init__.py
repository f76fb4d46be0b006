"""归档并清除: what stands, a proven archive, and only then the clearing."""
