"""Who calls the API, and the calls that they are about to make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from factify_contract.scenarios.answer import Answer
from factify_contract.scenarios.record import NotExercised
from factify_contract.target import Identity
from factify_contract.transport import Upload


@dataclass(frozen=True, slots=True)
class Planned:
    """A call that somebody is about to make; see `Person.call`."""

    person: "Person"
    operation_id: str
    path: Mapping[str, str]
    body: Any = None
    query: Mapping[str, Any] | None = None
    files: Mapping[str, Upload] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] | None = None
    patient: bool = True


class Caller(Protocol):
    """Makes people's calls."""

    def call(self, planned: Planned) -> Answer:
        """What the call brings back."""


class Person:
    """Somebody who calls the API."""

    def __init__(
        self, calls: "Caller", name: str, token: str | None, identity: Identity | None = None
    ) -> None:
        self._calls = calls
        self.name = name
        self.token = token
        self._identity = identity

    @property
    def user_id(self) -> str:
        """The person's id; for an API key the key's id."""
        return self._known("user_id", self._identity.user_id if self._identity else "")

    @property
    def email(self) -> str:
        """The person's e-mail address."""
        return self._known("email", self._identity.email if self._identity else "")

    def _known(self, what: str, value: str) -> str:
        if not value:
            raise NotExercised(f"the {what} of {self.name} is not known")
        return value

    def call(
        self,
        operation_id: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        files: Mapping[str, Upload] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        patient: bool = True,
        **path: str,
    ) -> Answer:
        """Calls the operation; keyword names are its path parameters.

        Without a body, an operation that takes JSON gets `{}`. For uploads, `body` holds the text
        fields and `files` maps a field to (file name, content, media type). `content` is sent as it is.
        Every answer passes the checks; what they find counts for the story.
        """
        return self._calls.call(
            self.planned(
                operation_id, body=body, query=query, files=files, content=content, headers=headers,
                patient=patient, **path,
            )
        )  # fmt: skip

    def planned(self, operation_id: str, **request: Any) -> Planned:
        """The call with the words of `call`, not yet made."""
        parts = ("body", "query", "files", "content", "headers", "patient")
        given = {name: request.pop(name) for name in parts if name in request}
        return Planned(self, operation_id, request, **given)
