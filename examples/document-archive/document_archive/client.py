"""The archive's client: stores, finds, replaces and hands out files, and keeps its calm."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

_ATTEMPTS = 4
_PAUSE = 1.0
_TRANSIENT = frozenset({429, 500, 502, 503, 504})


class ArchiveError(Exception):
    """The archive could not do what it was asked."""


class NotThere(ArchiveError):
    """There is no such file, or it is hidden from the caller."""


class NotYours(ArchiveError):
    """The caller may see the file, but not do this with it."""


class Busy(ArchiveError):
    """The service did not answer, although it was asked more than once."""


class Full(ArchiveError):
    """A quota is used up; trying again does not help before its next period."""


class Unshared(ArchiveError):
    """Some people did not get access; `failed` names them with the service's words."""

    def __init__(self, failed: dict[str, str]) -> None:
        super().__init__(f"no access for {', '.join(failed)}")
        self.failed = failed


@dataclass(frozen=True)
class Entry:
    """One file in the archive."""

    id: str
    title: str
    version_id: str


class Archive:
    """The files that one account can see.

    `wait` is called with the seconds to wait before a call is tried again.
    """

    def __init__(self, base_url: str, token: str, *, wait: Callable[[float], object] = time.sleep) -> None:
        self._http = httpx.Client(
            base_url=f"{base_url}/v1beta",
            headers={"Authorization": f"Bearer {token}", "User-Agent": "document-archive/1.0"},
        )
        self._wait = wait

    def close(self) -> None:
        """Lets go of the connection."""
        self._http.close()

    def store(self, title: str, content: bytes) -> Entry:
        """Puts a file into the archive.

        The API has no key that makes a repeated creation harmless. So when an answer is lost, the
        archive looks whether the file has arrived before it sends it again.
        """
        known = {entry.id for entry in self.find(title)}
        for attempt in range(_ATTEMPTS):
            answer = self._once("POST", "/documents", data={"title": title}, files={"payload": content})
            if answer is not None and answer.status_code not in _TRANSIENT:
                return _entry(_checked(answer)["document"])
            self._pause(answer, attempt)
            arrived = [entry for entry in self.find(title) if entry.title == title and entry.id not in known]
            if arrived:
                return arrived[0]
        raise Busy(f"storing {title!r} was tried {_ATTEMPTS} times")

    def replace(self, entry_id: str, content: bytes) -> Entry:
        """Gives the file a new version; the old ones stay."""
        answer = self._once("POST", f"/documents/{entry_id}/versions", files={"payload": content})
        if answer is None:
            raise Busy("the new version was sent, but not confirmed; look before sending it again")
        _checked(answer)
        return self.entry(entry_id)

    def entry(self, entry_id: str) -> Entry:
        """The file with the id."""
        return _entry(self._get(f"/documents/{entry_id}")["document"])

    def find(self, words: str = "") -> Iterator[Entry]:
        """The files whose title or description has the words, newest first; all without any."""
        token = ""
        while True:
            asked = {"query": words, "page_token": token}
            page = self._get("/documents", params={name: value for name, value in asked.items() if value})
            yield from map(_entry, page.get("items", []))
            token = page["pagination"].get("next_page_token") or ""
            if not token:
                return

    def fetch(self, entry_id: str) -> bytes:
        """The content of the file's current version."""
        for _ in range(2):
            export = self._get(f"/documents/{entry_id}/export")
            with httpx.Client() as plain:
                file = plain.get(export["url"], headers=export.get("headers", {}))
            # The address is only good for a while, and that may just have been over.
            if file.is_success:
                return file.content
        raise Busy(f"the file of {entry_id} could not be fetched: {file.status_code}")

    def share(self, entry_id: str, people: Iterable[str], *, role: str = "viewer") -> None:
        """Gives people access, by id or e-mail; Unshared names those who did not get it."""
        recipients = [{"recipient": each, "role": role} for each in people]
        answer = self._once("POST", f"/documents/{entry_id}/share", json={"recipients": recipients})
        if answer is None:
            raise Busy("sharing was asked for, but not confirmed")
        results = _checked(answer).get("results", [])
        failed = {
            each["recipient"]: each.get("error", "") for each in results if not each.get("success", False)
        }
        if failed:
            raise Unshared(failed)

    def _get(self, path: str, **words: Any) -> dict[str, Any]:
        for attempt in range(_ATTEMPTS):
            answer = self._once("GET", path, **words)
            if answer is not None and answer.status_code not in _TRANSIENT:
                return _checked(answer)
            self._pause(answer, attempt)
        raise Busy(f"{path} was asked for {_ATTEMPTS} times")

    def _once(self, method: str, path: str, **words: Any) -> httpx.Response | None:
        """The answer; None when the connection broke, so that nobody knows what happened."""
        try:
            return self._http.request(method, path, **words)
        except httpx.TransportError:
            return None

    def _pause(self, answer: httpx.Response | None, attempt: int) -> None:
        if answer is not None and answer.status_code == 429 and _reason(answer) == "quota_exceeded":
            raise Full("the quota is used up")
        told = answer.headers.get("Retry-After") if answer is not None else None
        self._wait(float(told) if told else _PAUSE * 2**attempt)


def _entry(document: dict[str, Any]) -> Entry:
    return Entry(document["id"], document["title"], document["current_version"]["id"])


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["details"][0]["reason"])
    except (ValueError, LookupError, TypeError):
        return ""


def _checked(answer: httpx.Response) -> dict[str, Any]:
    """The object of a successful answer; otherwise the error that a caller can act on."""
    if answer.status_code == 404:
        raise NotThere("there is no such file")
    if answer.status_code == 403:
        raise NotYours("this is not allowed")
    if not answer.is_success:
        raise ArchiveError(f"{answer.status_code}: {answer.text[:200]}")
    body: dict[str, Any] = answer.json()
    return body
