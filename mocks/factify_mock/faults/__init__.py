"""What goes wrong in a world because a test wants it to."""
