"""The import wizard: a table checked, merged and taken in."""
