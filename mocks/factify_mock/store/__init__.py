"""Where bytes live that are too large or too opaque for the model's tables."""
