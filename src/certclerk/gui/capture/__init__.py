"""How pages come in while the clerk works down the roster: the flow, its sources, and what the banner says of them."""
