"""The logic itself: terms and rules as plain objects, exact arithmetic, and the solver."""
