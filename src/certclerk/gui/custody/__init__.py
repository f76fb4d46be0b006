"""收证 and 还证 in the window: nothing of it is seen before it is used."""
