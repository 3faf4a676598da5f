"""The rechecker: another engine, which shares no evaluation with clingo, derives a case again."""
