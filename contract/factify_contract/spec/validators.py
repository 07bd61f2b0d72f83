"""Schemas of one document, each compiled once, when it is first needed."""

from itertools import islice
from typing import Any

import jsonschema_rs
from jsonschema_rs import Draft202012Validator, EmailOptions, Registry

from factify_contract.errors import DocumentError
from factify_contract.spec.dialect import DOCUMENT_URI, compilable, has_read_only
from factify_contract.spec.formats import is_base64
from factify_contract.spec.grammar import JsonObject, Misplaced
from factify_contract.spec.json_values import dotted, misfit, survey
from factify_contract.spec.problems import Problem, explain, phrase

# The validator collects every error before it hands out the first, at some ten microseconds and
# a kilobyte each; a bigger value is explained by its first error only.
_EXPLAINED_IN_FULL = 5000

# "Ann <a@b.example>" is a mailbox with a name, not an address.
_EMAIL = EmailOptions(allow_display_text=False)


class SchemaSpace:
    """The schemas that may refer to each other: those of one document, in both directions."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self._registries: dict[bool, Registry] = {}
        self._directed: bool | None = None

    def compile(self, schema: Any, *, incoming: bool) -> Draft202012Validator:
        """A validator for `schema`, whose references are those of the document."""
        incoming = incoming and self._has_directions()
        try:
            return Draft202012Validator(
                compilable(schema, incoming=incoming),
                registry=self._registry(incoming),
                formats={"byte": is_base64},
                validate_formats=True,
                email_options=_EMAIL,
                offline=True,
                mask="…",  # messages are our own; the validator's would copy the whole value
            )
        except jsonschema_rs.ValidationError as error:
            if error.kind.name == "$ref":
                raise DocumentError(f"A schema cannot be used: {error.message}") from None
            place = dotted("schema", error.instance_path)
            raise DocumentError(
                f"A schema is not valid JSON Schema at {place}: {phrase(error, error.instance)}"
            ) from None
        except (Misplaced, jsonschema_rs.ReferencingError, ValueError) as error:
            raise DocumentError(f"A schema cannot be used: {error}") from None

    def _has_directions(self) -> bool:
        if self._directed is None:
            self._directed = has_read_only(self.document)
        return self._directed

    def _registry(self, incoming: bool) -> Registry:
        if incoming not in self._registries:
            ready = compilable(self.document, incoming=incoming, kind="document")
            self._registries[incoming] = Registry([(DOCUMENT_URI, ready)], draft=jsonschema_rs.Draft202012)
        return self._registries[incoming]


class SchemaValidator:
    """Tells whether a value satisfies one schema of the document, and if not, why.

    Formats count: date-time (RFC 3339 with a zone), date, email, uri, uuid, byte (base64), int32 and
    int64 as bounds. A part of a form that is a file may be stood for by any string. Values that are
    not JSON (NaN, bytes, lone surrogates) or nested deeper than 256 levels are never valid.
    """

    __slots__ = ("_compiled", "_space", "incoming", "location", "name", "schema")

    def __init__(
        self,
        schema: Any,
        space: SchemaSpace,
        *,
        incoming: bool = False,
        location: str = "body",
        name: str = "",
    ) -> None:
        self.schema = schema
        self.incoming = incoming
        self.location = location
        self.name = name
        self._space = space
        self._compiled: Draft202012Validator | None = None

    def __repr__(self) -> str:
        return f"SchemaValidator({self.location} {self.name})"

    @property
    def compiled(self) -> Draft202012Validator:
        """The compiled schema; DocumentError when it is no JSON Schema."""
        if self._compiled is None:
            self._compiled = self._space.compile(self.schema, incoming=self.incoming)
        return self._compiled

    @property
    def space(self) -> SchemaSpace:
        """The document's schemas, to which this one belongs."""
        return self._space

    def is_valid(self, instance: Any) -> bool:
        """Whether `instance` satisfies the schema; any Python value may be asked about."""
        if survey(instance) is None:
            return False
        try:
            return self.compiled.is_valid(instance)
        except ValueError:
            return False

    def problems(self, instance: Any, limit: int = 5) -> list[Problem]:
        """The reasons why `instance` is not valid, at most `limit`; none when it is."""
        count = survey(instance)
        if count is None:
            return [self._misfit(instance)]
        try:
            if self.compiled.is_valid(instance):
                return []
            errors = (
                list(self.compiled.iter_errors(instance))
                if count < _EXPLAINED_IN_FULL
                else self._first(instance)
            )
        except ValueError:
            return [self._misfit(instance)]
        return list(islice(explain(errors, instance, self.location, self.name), limit))

    def _first(self, instance: Any) -> list[jsonschema_rs.ValidationError]:
        try:
            self.compiled.validate(instance)
        except jsonschema_rs.ValidationError as error:
            return [error]
        raise AssertionError("a value was first refused and then accepted")

    def _misfit(self, instance: Any) -> Problem:
        path, reason = misfit(instance)
        param = dotted(self.name, path) or self.location
        return Problem(self.location, param, "encoding", f"{param} {reason}")
