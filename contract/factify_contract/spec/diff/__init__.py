"""What changed from one OpenAPI document to another, and whom each change breaks."""

from factify_contract.spec.diff.changes import Change, Use
from factify_contract.spec.diff.comparing import compare
from factify_contract.spec.diff.rules import RULES, Direction, Rule, Verdict

__all__ = ["RULES", "Change", "Direction", "Rule", "Use", "Verdict", "compare"]
