"""What a document has otherwise than the shipped one, which judge and mock were made for."""

from functools import cache, lru_cache

from factify_contract.spec.diff.changes import Change
from factify_contract.spec.diff.comparing import compare
from factify_contract.spec.document import Document
from factify_contract.spec.source import shipped_raw


@cache
def shipped() -> Document:
    """The shipped document, compiled once."""
    return Document.from_dict(shipped_raw())


@lru_cache(maxsize=16)
def since_shipped(document: Document) -> tuple[Change, ...]:
    """The changes from the shipped document to this one; none for the shipped one itself."""
    return () if document.raw == shipped_raw() else tuple(compare(shipped(), document))
