"""Keeps a run harmless where the data is not its own: what it made is known, limited and cleared away."""
