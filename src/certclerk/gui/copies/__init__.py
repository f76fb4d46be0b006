"""Another copy of the open collection held against it, and single teachers taken over from there."""
