"""YAML as JSON would have it: only JSON's types, and names that are text."""

import re
from pathlib import Path
from typing import Any

import yaml

from factify_contract.errors import DocumentError


# The C parser is some eight times faster where PyYAML has it.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # untyped, as above
    """Resolves plain scalars by the JSON schema of YAML 1.2: no dates, no `yes`, no octal numbers."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _expression, _first in (
    ("bool", r"^(?:true|false|True|False|TRUE|FALSE)$", "tfTF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_expression), list(_first))


def parse(text: str, path: Path) -> Any:
    """What the YAML `text` says; DocumentError with line and column when it is not YAML."""
    try:
        return _with_text_names(yaml.load(text, Loader=_Loader))  # noqa: S506 - a SafeLoader, only stricter
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise DocumentError(f"{path} is not YAML: {error.problem}{place}") from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise DocumentError(f"{path} is not YAML: {error}") from None


def _with_text_names(node: Any) -> Any:
    """Responses are often written `200:`, which YAML takes for a number."""
    if isinstance(node, dict):
        return {_text(name): _with_text_names(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_with_text_names(value) for value in node]
    return node


def _text(name: Any) -> str:
    if isinstance(name, bool):
        return str(name).lower()
    return "null" if name is None else str(name)
