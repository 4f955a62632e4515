"""Limits on how often something may happen: reserve, then count, then decide."""
