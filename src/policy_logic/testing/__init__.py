"""Testing policies."""
