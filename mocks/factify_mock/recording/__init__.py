"""Records what a client and a real service say to each other, without anything that is theirs alone."""
