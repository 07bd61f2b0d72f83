"""The control plane's own OpenAPI document."""

from functools import cache
from pathlib import Path

from factify_contract.spec import Document

PATH = Path(__file__).with_name("openapi.json")


@cache
def document() -> Document:
    """The document, loaded when it is first needed."""
    return Document.load(PATH)
