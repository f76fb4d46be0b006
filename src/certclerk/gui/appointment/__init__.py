"""The days at the counter: seen, changed, put into a calendar."""
