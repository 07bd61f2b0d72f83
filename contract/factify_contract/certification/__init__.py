"""Certificates: what has to be shown for one, how it is written and signed, and how others check it."""
