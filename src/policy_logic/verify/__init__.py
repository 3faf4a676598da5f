"""Verifying a stored decision: what differs from what follows from rules and facts."""
