"""Rules about samples: those that break their own schema, and operations without any."""

from collections.abc import Iterator
from typing import Any

from factify_contract.errors import DocumentError
from factify_contract.spec.document import Document
from factify_contract.spec.lint.defects import Found, Severity, rule
from factify_contract.spec.lint.survey import Survey


@rule(
    "example-breaks-schema",
    Severity.WARNING,
    "An example is not valid by its own schema.",
    why="Mocks serve it, and readers copy it.",
    advice="Correct the example or the schema.",
)
def example_breaks_schema(survey: Survey) -> Found:
    try:
        document = Document.from_dict(survey.document)
    except DocumentError:
        return
    for place in survey.places:
        if place.kind not in ("media", "parameter", "header", "schema"):
            continue
        schema_at = place.pointer if place.kind == "schema" else f"{place.pointer}/schema"
        if place.kind != "schema" and "schema" not in place.node:
            continue
        for pointer, value in _examples(place.kind, place.pointer, place.node, survey):
            try:
                problems = document.schema(f"#{schema_at}").problems(value)
            except DocumentError:
                continue
            if problems:
                yield pointer, str(problems[0])


def _examples(kind: str, pointer: str, node: dict[str, Any], survey: Survey) -> Iterator[tuple[str, Any]]:
    if "example" in node:
        yield f"{pointer}/example", node["example"]
    named = node.get("examples")
    if kind == "schema" and isinstance(named, list):
        yield from ((f"{pointer}/examples/{at}", value) for at, value in enumerate(named))
    elif isinstance(named, dict):
        for name, example in named.items():
            held = survey.resolved(example)
            if "value" in held:
                yield f"{pointer}/examples/{name}/value", held["value"]
