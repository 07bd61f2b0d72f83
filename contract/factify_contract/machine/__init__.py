"""Random life cycles: scripts of many people, played against a target and judged by a naive oracle."""

from factify_contract.machine.phase import DEFAULT_EXAMPLES, DEFAULT_STEPS, lasting_cost, run_machine, shares

__all__ = ["DEFAULT_EXAMPLES", "DEFAULT_STEPS", "lasting_cost", "run_machine", "shares"]
