"""Reads an OpenAPI document from a file, and refuses in one sentence what is none."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from factify_contract.errors import DocumentError
from factify_contract.spec.grammar import JsonObject

_NAME = "openapi-with-samples.json"


def shipped_document() -> Path:
    """The document that this distribution describes: packed beside the package, else in the repository."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / _NAME, package.parents[1] / _NAME):
        if place.is_file():
            return place
    raise DocumentError(
        f"The shipped document {_NAME} is missing beside {package}; install the package again"
    )


@cache
def shipped_raw() -> JsonObject:
    """The shipped document as it is written, read once; it must not be changed."""
    return read_document(shipped_document())


def read_document(path: Path) -> JsonObject:
    """The object in a JSON file, or a YAML file by its ending; DocumentError when it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path} is not UTF-8 text: byte {error.start} cannot be decoded") from None
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        raw = _parse_yaml(text, path) if path.suffix.lower() in (".yaml", ".yml") else _parse_json(text, path)
    except RecursionError:
        raise DocumentError(f"{path} is nested too deeply to be an OpenAPI document") from None
    return check_openapi(raw, str(path))


def check_openapi(raw: Any, origin: str) -> JsonObject:
    """`raw` itself when it looks like OpenAPI 3.0 or 3.1; DocumentError says what it is instead."""
    if not isinstance(raw, dict):
        raise DocumentError(
            f"{origin} is not an OpenAPI document: it holds {_kind(raw)} instead of an object"
        )
    if "swagger" in raw:
        raise DocumentError(f"{origin} is Swagger {raw['swagger']}; convert it to OpenAPI 3.0 or 3.1 first")
    version = raw.get("openapi")
    if version is None:
        raise DocumentError(f"{origin} is not an OpenAPI document: it has no field 'openapi'")
    if not isinstance(version, str) or not version.startswith(("3.0.", "3.1.")):
        raise DocumentError(f"{origin} is OpenAPI {version!r}, but only 3.0 and 3.1 are understood")
    for field, kind in (("info", dict), ("paths", dict), ("components", dict), ("servers", list)):
        if not isinstance(raw.get(field) or kind(), kind):
            raise DocumentError(f"{origin} is not an OpenAPI document: its {field!r} is {_kind(raw[field])}")
    return raw


def _kind(value: Any) -> str:
    names = {list: "an array", dict: "an object", str: "a string", type(None): "nothing"}
    return names.get(type(value), f"a {type(value).__name__}")


def _parse_json(text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{path} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except ValueError as error:
        raise DocumentError(f"{path} is not JSON: {error}") from None


def _parse_yaml(text: str, path: Path) -> Any:
    from factify_contract.spec import yaml_source  # noqa: PLC0415 - YAML is rare and slow to import

    return yaml_source.parse(text, path)
