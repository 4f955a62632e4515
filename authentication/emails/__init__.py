"""Confirm and change an address."""
