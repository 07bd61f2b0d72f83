"""The control plane: makes worlds, moves their time and looks into them; no part of the mocked API."""
