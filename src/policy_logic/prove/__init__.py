"""Why and why not: proofs from the plain rules and the model, built on demand."""
