"""Records of the model in the words of the wire."""
