"""The fast validator and the plain one in Python agree on values near the valid ones."""

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import referencing
import referencing.jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from factify_contract.spec import Document, MediaType, is_timestamp, request_sample, sample
from factify_contract.spec.dialect import DOCUMENT_URI, compilable
from factify_contract.spec.formats import is_base64

# Formats whose two implementations agree, by other code than the one under test.
FORMATS = jsonschema.FormatChecker(["email", "date", "uuid", "uri", "ipv4"])
FORMATS.checks("date-time")(lambda text: not isinstance(text, str) or is_timestamp(text))
FORMATS.checks("byte")(lambda text: not isinstance(text, str) or is_base64(text))


class Plain:
    """The same document under the validator written in Python."""

    def __init__(self, document: Document) -> None:
        self._registries = {
            incoming: referencing.Registry().with_resource(
                DOCUMENT_URI,
                referencing.jsonschema.DRAFT202012.create_resource(
                    compilable(document.converted, incoming=incoming, kind="document")
                ),
            )
            for incoming in (True, False)
        }

    def is_valid(self, media: MediaType, value: Any) -> bool:
        incoming = media.validator.incoming
        return jsonschema.Draft202012Validator(
            compilable(media.schema, incoming=incoming),
            registry=self._registries[incoming],
            format_checker=FORMATS,
        ).is_valid(value)


@pytest.fixture(scope="module")
def judged(shipped: Document) -> list[tuple[MediaType, Any]]:
    """Every media type of the document with a value that is valid for it."""
    return list(_judged(shipped))


def _judged(document: Document) -> Iterator[tuple[MediaType, Any]]:
    for operation in document.operations.values():
        if operation.body:
            made = request_sample(operation)
            yield operation.body.media[made.media_type], made.value
        made = sample(operation)
        yield operation.success.media[made.media_type], made.value


@pytest.fixture(scope="module")
def second(shipped: Document) -> Plain:
    return Plain(shipped)


def test_both_accept_every_sample(judged: list[tuple[MediaType, Any]], second: Plain) -> None:
    assert [second.is_valid(media, value) for media, value in judged] == [True] * len(judged)
    assert [media.validator.is_valid(value) for media, value in judged] == [True] * len(judged)


STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    # No e-mail addresses: the plain validator takes whatever has an @ in it.
    st.text(st.characters(exclude_characters="@", exclude_categories=["Cs"]), max_size=300),
    st.sampled_from(
        ["2026-01-05T09:00:00", "2026-01-05t09:00:00z", "private", "", "doc_", "https://é", "YQ"]
    ),
    st.builds(list),
    st.builds(dict),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def _change(value: Any, data: st.DataObject) -> Any:
    """`value` with one place in it replaced, removed or added to."""
    node, way = value, [value]
    while isinstance(node, dict | list) and node and data.draw(st.integers(0, 3)):
        node = data.draw(st.sampled_from(list(node.values()) if isinstance(node, dict) else node))
        way.append(node)
    holder = next((one for one in reversed(way) if isinstance(one, dict | list) and one), None)
    if holder is None:
        return data.draw(STRANGE)
    key = data.draw(st.sampled_from(list(holder) if isinstance(holder, dict) else list(range(len(holder)))))
    match data.draw(st.sampled_from(["replace", "remove", "add"])):
        case "remove":
            del holder[key]
        case "add" if isinstance(holder, dict):
            holder[data.draw(st.text(max_size=5))] = data.draw(STRANGE)
        case _:
            holder[key] = data.draw(STRANGE)
    return value


@settings(max_examples=400, derandomize=True, deadline=None, database=None)
@given(data=st.data())
def test_both_agree_on_a_value_with_one_change(
    judged: list[tuple[MediaType, Any]], second: Plain, data: st.DataObject
) -> None:
    media, value = data.draw(st.sampled_from(judged))

    changed = _change(copy.deepcopy(value), data)

    assert media.validator.is_valid(changed) == second.is_valid(media, changed)
    assert (media.validator.problems(changed) == []) == media.validator.is_valid(changed)
