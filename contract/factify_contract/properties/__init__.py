"""Property tests: requests made from the document, sent to a target, judged by what they deserve."""

from factify_contract.properties.phase import DEFAULT_EXAMPLES, run_properties

__all__ = ["DEFAULT_EXAMPLES", "run_properties"]
