"""Compares two documents as wholes."""

from factify_contract.errors import DocumentError
from factify_contract.spec.diff.changes import Change, Notes, Scope
from factify_contract.spec.diff.operations import OperationComparison
from factify_contract.spec.diff.schemas import SchemaComparison
from factify_contract.spec.diff.security import compare_schemes
from factify_contract.spec.diff.views import place_of
from factify_contract.spec.diff.words import compare_words
from factify_contract.spec.document import Document

_DOCUMENT = "document"


def compare(old: Document, new: Document) -> list[Change]:
    """Every change from the old document to the new one: who is broken first, then by place.

    The same documents give the same list. Operations belong together by path and method, else by
    operationId. OpenAPI 3.0 is read in the words of 3.1, so a document that was only upgraded is the same.
    """
    notes = Notes()
    schemas = SchemaComparison(old.converted, new.converted)
    try:
        _compare_surroundings(old, new, Scope(notes))
        OperationComparison(old, new, notes, schemas).compare()
        schemas.touched.update(compare_schemes(old, new, notes))
        _compare_components(old, new, schemas.touched, Scope(notes))
    except RecursionError:
        raise DocumentError("the schemas of the documents are nested too deeply to be compared") from None
    return notes.changes()


def _compare_surroundings(old: Document, new: Document, scope: Scope) -> None:
    before, after = old.converted, new.converted
    if old.base_path != new.base_path:
        scope.note("base-path-changed", _DOCUMENT, old.base_path or "/", new.base_path or "/")
    was, now = _addresses(old), _addresses(new)
    for url in was:
        if url not in now:
            scope.note("server-removed", _DOCUMENT, url, None)
    for url in now:
        if url not in was:
            scope.note("server-added", _DOCUMENT, None, url)
    for name, rule in (("info", "info-changed"), ("tags", "tags-changed"), ("webhooks", "webhooks-changed")):
        if (before.get(name) or None) != (after.get(name) or None):
            scope.note(rule, _DOCUMENT)
    compare_words(before, after, _DOCUMENT, scope)


def _addresses(document: Document) -> list[str]:
    servers = document.converted.get("servers") or []
    return list(dict.fromkeys(str((server or {}).get("url", "")) for server in servers))


def _compare_components(old: Document, new: Document, touched: set[str], scope: Scope) -> None:
    """Notes components that came or went, and those that changed where no operation leads to them."""
    before, after = old.converted.get("components") or {}, new.converted.get("components") or {}
    for section in sorted({*before, *after}):
        was, now = before.get(section) or {}, after.get(section) or {}
        if not isinstance(was, dict) or not isinstance(now, dict):
            continue
        for name in sorted({*was, *now}):
            ref = f"#/components/{section}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in was:
                scope.note("component-added", place_of(ref))
            elif name not in now:
                scope.note("component-removed", place_of(ref))
            elif ref not in touched and was[name] != now[name]:
                scope.note("component-changed", place_of(ref))
