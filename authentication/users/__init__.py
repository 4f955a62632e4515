"""The account: its rules, its manager, its model."""
