"""The command line: it parses, calls and prints."""

from policy_logic.cli.app import main

__all__ = ["main"]
