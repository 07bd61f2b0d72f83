"""How a value and a name look in a sentence."""

from typing import Any

import pytest

from factify_contract.spec.json_values import dotted, shorten, show


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a", '"a"'),
        ("é", '"é"'),
        ("a\nb", '"a\\nb"'),
        ("x" * 61, '"' + "x" * 60 + '…" (61 characters)'),
        (None, "null"),
        (True, "true"),
        (5, "5"),
        (-(10**300), "a number of about 299 digits"),
        (1.5, "1.5"),
        ({}, "an empty object"),
        ({"a": 1}, "an object"),
        ([], "an empty array"),
        ((1, 2), "an array of 2"),
        (b"", "a bytes"),
    ],
)
def test_any_value_is_shown_in_a_line(value: Any, shown: str) -> None:
    assert show(value) == shown


def test_a_name_is_cut_and_cleaned() -> None:
    assert shorten("name") == "name"
    assert shorten("n" * 100) == "n" * 60 + "…"
    assert shorten("a\x1bb") == "a\\u001bb"


@pytest.mark.parametrize(
    ("root", "path", "name"),
    [
        ("", [], ""),
        ("kind", [], "kind"),
        ("", ["recipients", 0, "role"], "recipients[0].role"),
        ("kind", [1, "a"], "kind[1].a"),
        ("", [0], "[0]"),
    ],
)
def test_a_place_has_a_name(root: str, path: list[str | int], name: str) -> None:
    assert dotted(root, path) == name
