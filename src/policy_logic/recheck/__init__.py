"""Checking by other means: an engine and a checker that share no evaluation with the program."""
