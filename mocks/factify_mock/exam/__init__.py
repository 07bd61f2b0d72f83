"""What the calls that a world received say about the client that made them."""
