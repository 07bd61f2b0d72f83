"""How an API drifts from one document to the next, told with the clauses and stories that are touched."""

from factify_contract.drift.reporting import FORMATS
from factify_contract.drift.touching import Drift, drifted

__all__ = ["FORMATS", "Drift", "drifted"]
