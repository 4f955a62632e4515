"""A new account."""
