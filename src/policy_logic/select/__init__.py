"""The choice: the set of claims with the highest total under exclusions, quotas and caps."""
