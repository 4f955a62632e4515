"""Signing in: is this proof enough?"""
