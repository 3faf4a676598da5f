"""The decision: what to file, what each claim pays, what was left out and why."""
