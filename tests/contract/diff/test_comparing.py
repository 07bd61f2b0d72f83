"""Comparing documents: what never changes nothing, what may look like anything, and what repeats itself."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from factify_contract.errors import DocumentError
from factify_contract.spec import Document
from factify_contract.spec.diff import RULES, Change, Verdict, compare

FOREIGN = sorted((Path(__file__).parents[2] / "unit" / "spec" / "foreign").glob("*.[jy]*"))


def of_answer(schema: Any, **components: Any) -> Document:
    """A document with one operation that answers the schema."""
    content = {"application/json": {"schema": schema}}
    operation = {"operationId": "get", "responses": {"200": {"description": "", "content": content}}}
    return Document.from_dict(
        {
            "openapi": "3.1.0",
            "info": {"title": "One", "version": "1"},
            "paths": {"/one": {"get": operation}},
            "components": {"schemas": components},
        }
    )


def found(old: Document, new: Document) -> list[tuple[str, str, str]]:
    return [(one.rule.id, one.place, str(one.verdict)) for one in compare(old, new)]


def turned(value: Any) -> Any:
    """The same JSON with the names of all objects in the opposite order."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
def test_a_document_does_not_differ_from_itself(path):
    assert compare(Document.load(path), Document.load(path)) == []


def test_the_order_of_names_is_no_difference(document):
    assert compare(Document.from_dict(document), Document.from_dict(turned(document))) == []


def test_documents_that_have_nothing_in_common_are_compared_all_the_same():
    documents = [Document.load(path) for path in FOREIGN]

    for old, new in permutations(documents, 2):
        assert any(change.verdict.breaks for change in compare(old, new))


def test_changes_come_in_the_same_order_whatever_the_order_of_names(document):
    other = json.loads(json.dumps(document))
    for schema in other["components"]["schemas"].values():
        schema.pop("required", None)

    straight = compare(Document.from_dict(document), Document.from_dict(other))
    backwards = compare(Document.from_dict(turned(document)), Document.from_dict(turned(other)))

    assert len(straight) > 40
    assert straight == backwards


def test_schemas_that_contain_each_other_are_met_once():
    def of(bound: int) -> Document:
        first = {"type": "object", "properties": {"other": {"$ref": "#/components/schemas/B"}}}
        second = {
            "type": "object",
            "properties": {
                "back": {
                    "allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object", "minProperties": bound}]
                },
                "self": {"$ref": "#/components/schemas/B"},
            },
        }
        return of_answer({"$ref": "#/components/schemas/A"}, A=first, B=second)

    assert found(of(1), of(2)) == [("constraint-tightened", "B.back.allOf[1]", "implementations")]


def test_a_component_by_another_name_is_compared_with_what_it_replaces():
    old = of_answer({"$ref": "#/components/schemas/A"}, A={"type": "string"})
    new = of_answer({"$ref": "#/components/schemas/B"}, B={"type": "string", "maxLength": 3})

    assert ("constraint-tightened", "B", "implementations") in found(old, new)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (
            {"type": "integer", "maximum": 9},
            {"type": "integer", "exclusiveMaximum": 9},
            "constraint-tightened",
        ),
        (
            {"type": "integer", "exclusiveMinimum": 9},
            {"type": "integer", "minimum": 9},
            "constraint-loosened",
        ),
        ({"enum": [True]}, {"enum": [True, 1]}, "enum-value-added"),
        (
            {"type": "number", "multipleOf": 0.1},
            {"type": "number", "multipleOf": 0.3},
            "constraint-tightened",
        ),
        (True, {"type": "string"}, "schema-added"),
        ({"type": "string"}, False, "value-forbidden"),
        (False, {"type": "string"}, "value-allowed"),
    ],
    ids=[
        "exclusive",
        "inclusive",
        "true is not one",
        "steps in decimals",
        "anything",
        "to nothing",
        "nothing",
    ],
)
def test_subtle_constraints(old, new, rule):
    changes = compare(of_answer(old), of_answer(new))

    assert [change.rule.id for change in changes] == [rule]


def test_the_members_of_alternatives_are_told_apart_by_form():
    def member(name: str, kind: str) -> dict[str, Any]:
        return {"type": "object", "required": [name], "properties": {name: {"type": kind}}}

    old = of_answer({"oneOf": [member("text", "string"), member("count", "string")]})
    new = of_answer({"oneOf": [member("count", "integer"), member("text", "string")]})

    assert found(old, new) == [("type-changed", "get 200.oneOf[0].count", "both")]


def test_conflicting_patterns_of_a_conjunction_are_not_forgotten():
    old = of_answer({"allOf": [{"type": "string", "pattern": "a"}, {"pattern": "b"}]})
    new = of_answer({"type": "string", "pattern": "a"})

    assert found(old, new) == [("keyword-changed", "get 200", "unknown")]


def test_schemas_behind_schemas_without_end_are_refused_in_a_sentence():
    def chain(last: str) -> Document:
        links = {
            f"C{at}": {"properties": {"next": {"$ref": f"#/components/schemas/C{at + 1}"}}}
            for at in range(500)
        }
        return of_answer({"$ref": "#/components/schemas/C0"}, **links, C500={"type": last})

    with pytest.raises(DocumentError, match="nested too deeply to be compared"):
        compare(chain("string"), chain("integer"))


def test_rules_are_told_apart_and_say_what_they_mean():
    assert all(rule.id == name and rule.sentence.endswith(".") for name, rule in RULES.items())
    assert len({rule.sentence for rule in RULES.values()}) == len(RULES)


def test_a_change_without_an_operation_has_the_verdict_of_its_rule():
    change = Change(RULES["server-removed"], "document", "", "", ())

    assert change.verdict is Verdict.CLIENTS
