"""Accounts: create, read, rename, delete."""
