"""Property tests: requests made from the document, sent to a target, judged by what they deserve."""

from factify_contract.properties.phase import DEFAULT_EXAMPLES, in_order, run_properties
from factify_contract.properties.planning import share_of

__all__ = ["DEFAULT_EXAMPLES", "in_order", "run_properties", "share_of"]
