"""From a case to candidates: what could be claimed, what it is worth, what stands against it."""
