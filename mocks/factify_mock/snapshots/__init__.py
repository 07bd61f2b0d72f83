"""Worlds as readable JSON: written, read back with every mistake named, and carried into other worlds."""
