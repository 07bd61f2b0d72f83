"""Invents requests from the document with schemathesis; heavy, so imported only when the phase runs."""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import unquote

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NotSet
from schemathesis.generation.meta import CoveragePhaseData

from factify_contract.properties import steady
from factify_contract.properties.drafts import (
    FILE_FIELD,
    JSON,
    MULTIPART,
    Body,
    Draft,
    FormBody,
    Invented,
    JsonBody,
    NoBody,
    RawBody,
    distinct,
)
from factify_contract.spec import Document, Operation

# Boundary values that all say the same: a value of another type. A few of each parameter are enough.
_SAME_AGAIN = "incorrect_type"
_SAME_AGAIN_KEPT = 2
# To find all limits of an operation takes longer than to send a request.
_WORTH_LIMITS = 2
# What these ask is not in the document: other methods and other media types.
_NOT_ASKED = frozenset({"unspecified_http_method", "malformed_content_type", "unsupported_content_type"})

_CONFIG = {
    "generation": {"allow-extra-parameters": False, "with-security-parameters": False},
    "phases": {"coverage": {"unexpected-methods": [], "generate-duplicate-query-parameters": False}},
}


@dataclass(frozen=True, slots=True)
class Boundary:
    """A request at a limit; `same_as` names the place when it only puts a value of another type there."""

    draft: Draft
    mode: GenerationMode
    same_as: str | None


class Generator:
    """Makes requests to the operations of one document; the same seed makes the same requests."""

    def __init__(self, document: Document, *, seed: int) -> None:
        self._seed = seed
        self._schema = schemathesis.openapi.from_dict(
            generation_document(document.without_samples()), config=SchemathesisConfig.from_dict(_CONFIG)
        )

    @steady.traceless()
    def drafts(self, operation: Operation, *, count: int) -> list[Invented]:
        """At most `count` requests meant as valid and as many as invalid: boundaries, then random ones.

        For very few of them the boundaries, which take most of the time, are not even looked for. A
        single one is meant as valid: what is asked for then is a short run, and the broken forms of a
        valid request need no generator.
        """
        rng = Random(f"{self._seed}/{operation.id}")  # noqa: S311 - no secret
        boundaries = list(self._boundaries(operation)) if count >= _WORTH_LIMITS else []
        invented: list[Invented] = []
        modes = (GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if count > 1 else ()))
        for mode in modes:
            some = _chosen([one for one in boundaries if one.mode is mode], count - count // 3, rng)
            chosen = distinct([*some, *self._drawn(operation, mode, count)])[:count]
            invented += [Invented(draft, mode is GenerationMode.POSITIVE) for draft in chosen]
        return invented

    def _boundaries(self, operation: Operation) -> Iterator[Boundary]:
        """Requests with values at limits and beyond them.

        Both modes are asked for at once: only then do invalid requests have a single fault.
        """
        told = self._schema[operation.path][operation.method]
        cases = self._schema.iter_coverage_cases(
            told,
            generation_modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
            generation_config=self._schema.config.generation_for(operation=told, phase="coverage"),
        )
        for case in cases:
            data = case.meta.phase.data if case.meta else None
            if isinstance(data, CoveragePhaseData) and data.scenario.value not in _NOT_ASKED and case.meta:
                place = f"{data.parameter_location} {data.parameter} {data.location}"
                same = place if data.scenario.value == _SAME_AGAIN else None
                yield Boundary(_draft(case, operation), case.meta.generation.mode, same)

    def _drawn(self, operation: Operation, mode: GenerationMode, count: int) -> list[Draft]:
        told = self._schema[operation.path][operation.method]
        drawn: list[Draft] = []

        @seed(f"{self._seed}/{operation.id}/{mode.value}")
        @settings(
            max_examples=count,
            backend=steady.NAME,
            database=None,
            deadline=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(told.as_strategy(generation_mode=mode))
        def collect(case: Case[Any]) -> None:
            drawn.append(_draft(case, operation))

        with suppress(Unsatisfiable):  # an operation without parameters can't be asked wrongly
            collect()
        return drawn


def _chosen(boundaries: Sequence[Boundary], most: int, rng: Random) -> list[Draft]:
    """At most so many of them, those that only differ in type last and a few for each place."""
    limits = distinct(one.draft for one in boundaries if one.same_as is None)
    places: dict[str, list[Draft]] = {}
    for one in boundaries:
        if one.same_as is not None:
            places.setdefault(one.same_as, []).append(one.draft)
    few = [rng.sample(drafts, min(_SAME_AGAIN_KEPT, len(drafts))) for drafts in places.values()]
    types = distinct(draft for drafts in few for draft in drafts)
    return [*_some(limits, most, rng), *_some(types, most - len(limits), rng)]


def _some(drafts: Sequence[Draft], most: int, rng: Random) -> list[Draft]:
    if len(drafts) <= most:
        return list(drafts)
    return [drafts[index] for index in sorted(rng.sample(range(len(drafts)), max(most, 0)))]


def generation_document(raw: dict[str, Any]) -> dict[str, Any]:
    """The document as requests are invented from it: no credentials, and forms as JSON without their file.

    Who asks is not generated, and what is uploaded is a real file.
    """
    changed = copy.deepcopy(raw)
    changed.pop("security", None)
    changed.get("components", {}).pop("securitySchemes", None)
    for item in changed["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
                _without_file(operation.get("requestBody"), changed)
    return changed


def _without_file(body: Any, raw: dict[str, Any]) -> None:
    media = body.get("content") if isinstance(body, dict) else None
    if not isinstance(media, dict) or MULTIPART not in media:
        return
    schema = media.pop(MULTIPART).get("schema", {})
    while "$ref" in schema:
        schema = _at(raw, schema["$ref"])
    properties = {
        name: inner
        for name, inner in schema.get("properties", {}).items()
        if name != FILE_FIELD and not inner.get("readOnly")
    }
    required = [name for name in schema.get("required", []) if name in properties]
    media[JSON] = {"schema": {**schema, "properties": properties, "required": required}}


def _at(raw: Any, reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        raw = raw[part.replace("~1", "/").replace("~0", "~")]
    return raw


def _draft(case: Case[Any], operation: Operation) -> Draft:
    path = {name: unquote(_text(value)) for name, value in case.path_parameters.items()}
    return Draft(
        operation=operation,
        path=path,
        query=tuple(_pairs(case.query)),
        body=_body(case.body, operation),
    )


def _body(value: Any, operation: Operation) -> Body:
    if isinstance(value, NotSet):
        return NoBody()
    if operation.body is not None and MULTIPART in operation.body.media:
        if not isinstance(value, dict):
            return FormBody({}, None)
        fields = {name: _text(inner) for name, inner in value.items() if inner is not None}
        return FormBody(fields, b"")
    return RawBody(value) if isinstance(value, bytes) else JsonBody(value)


def _pairs(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        for one in _flat(value):
            yield name, _text(one)


def _flat(value: Any) -> Iterable[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
