"""Checking a finished decision by other means than those that made it."""
