"""The laboratory for drafters: what the rules of a policy do before anybody applies."""
