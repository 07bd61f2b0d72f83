"""Reporters: each receives the events of a run and never touches the engine."""
