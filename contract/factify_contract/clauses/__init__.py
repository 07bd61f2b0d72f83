"""What the API promises: one clause a sentence, in one TOML file per subject."""

from factify_contract.clauses.loader import Catalogue, Clause, Level, catalogue, parse_clauses

__all__ = ["Catalogue", "Clause", "Level", "catalogue", "parse_clauses"]
