"""Samples of what an operation takes and answers: the document's own, or made from the schema."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from factify_contract.errors import DocumentError
from factify_contract.spec.document import Document
from factify_contract.spec.instances import instance_for
from factify_contract.spec.operations import MediaType, Operation
from factify_contract.spec.parameters import Parameter
from factify_contract.spec.problems import Problem

GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Sample:
    """A value with the name it has in the document, or `generated`.

    `media_type` is None for an answer without a body, whose value is None.
    """

    name: str
    value: Any
    media_type: str | None


@dataclass(frozen=True, slots=True)
class InvalidSample:
    """A sample of the document's own that breaks the schema beside it."""

    operation_id: str
    place: str
    media_type: str
    name: str
    problem: Problem


_NO_BODY = Sample(name="", value=None, media_type=None)


def sample(operation: Operation, status: int = 200, *, name: str | None = None) -> Sample:
    """An answer of `operation` with `status`, valid against its schema and the caller's to change.

    The document's own sample when it has a valid one, else a generated value. A `name` asks for that
    sample and gets it as it stands, valid or not. DocumentError when the document has no such response
    or sample, or when its schema cannot be satisfied.
    """
    response = operation.response_for(status)
    if response is None:
        known = ", ".join(operation.responses)
        raise DocumentError(f"{operation.id} documents no response {status}; it has {known}")
    if not response.media:
        return _NO_BODY
    return _sample_of(preferred(response.media.values()), f"{operation.id}, response {status},", name)


def request_sample(operation: Operation, *, name: str | None = None) -> Sample:
    """A body that `operation` takes; like `sample`, and without a body where it takes none."""
    if operation.body is None or not operation.body.media:
        return _NO_BODY
    return _sample_of(preferred(operation.body.media.values()), f"{operation.id}, request,", name)


def parameter_sample(parameter: Parameter) -> Any:
    """A valid value for `parameter`: a sample of the document's, else a generated one."""
    for value in parameter.examples.values():
        if parameter.validator.is_valid(value):
            return copy.deepcopy(value)
    try:
        return instance_for(parameter.validator)
    except DocumentError as error:
        raise DocumentError(f"Parameter {parameter.name}: {error}") from None


def preferred(media: Iterable[MediaType]) -> MediaType:
    """JSON where there is JSON, else the first."""
    every = list(media)
    return next((one for one in every if "json" in one.name), every[0])


def invalid_samples(document: Document) -> Iterator[InvalidSample]:
    """The document's own samples that break their schemas; these are never used."""
    for operation in document.operations.values():
        for place, media in _places(operation):
            for name, value in media.examples.items():
                found = media.validator.problems(value, limit=1)
                if found:
                    yield InvalidSample(operation.id, place, media.name, name, found[0])


def _places(operation: Operation) -> Iterator[tuple[str, MediaType]]:
    if operation.body is not None:
        for media in operation.body.media.values():
            yield "request", media
    for status, response in operation.responses.items():
        for media in response.media.values():
            yield status, media


def _sample_of(media: MediaType, place: str, name: str | None) -> Sample:
    if name is not None:
        if name not in media.examples:
            names = ", ".join(media.examples) or "none"
            raise DocumentError(f"{place} has no sample named {name!r}; the names there are: {names}")
        return Sample(name, copy.deepcopy(media.examples[name]), media.name)
    if media not in _FOUND:
        _FOUND[media] = _find(media, place)
    found = _FOUND[media]
    return Sample(found.name, copy.deepcopy(found.value), media.name)


# Which sample a media type has is worked out once; it lives as long as the document does.
_FOUND: WeakKeyDictionary[MediaType, Sample] = WeakKeyDictionary()


def _find(media: MediaType, place: str) -> Sample:
    for name, value in media.examples.items():
        if media.validator.is_valid(value):
            return Sample(name, value, media.name)
    try:
        return Sample(GENERATED, instance_for(media.validator), media.name)
    except DocumentError as error:
        raise DocumentError(f"{place} cannot be sampled: {error}") from None
