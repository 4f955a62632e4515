"""One's own account: read, rename, delete."""
