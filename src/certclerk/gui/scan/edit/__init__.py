"""The editor of a page's looks, in place of the preview."""
