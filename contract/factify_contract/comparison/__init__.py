"""Plays a recording of another service on a target, and lists where its answers differ."""

from factify_contract.comparison.comparing import Comparison, compare
from factify_contract.comparison.recording import Recording

__all__ = ["Comparison", "Recording", "compare"]
