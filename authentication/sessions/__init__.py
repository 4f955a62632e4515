"""Sessions: open, find, refresh, end; the list of a user's devices."""
