"""The report of a plan: one document to read, print and file."""
