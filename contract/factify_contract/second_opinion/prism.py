"""Shows every exchange to Prism while it happens, without letting Prism change any of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from factify_contract.exchange import Exchange
from factify_contract.launch import running_prism
from factify_contract.second_opinion.agreement import Agreement
from factify_contract.second_opinion.relay import TAG, Relay
from factify_contract.spec import Document

_VIOLATIONS = "sl-violations"
_SECONDS = 30.0
# Instead of this answer Prism gives, and looks at, a sample of the document.
_UNIMPLEMENTED = 501


@dataclass(frozen=True, slots=True)
class Violation:
    """What Prism has against an exchange: `place` begins with `request` or `response`."""

    place: tuple[str, ...]
    code: str
    message: str


class SecondOpinion(httpx.BaseTransport):
    """A way to the target that leads through Prism. Mutable: it adds up where Prism and our checks part.

    The target gets each request once and unchanged, and the judge gets its very answer, whatever Prism
    does: a request that Prism answers itself goes to the target directly. `latest` is what Prism has
    against the latest exchange, None where it did not look at it.
    """

    def __init__(
        self, *, prism_url: str, base_url: str, relay: Relay, direct: httpx.Client, document: Document
    ) -> None:
        self._prism = httpx.Client(trust_env=False, timeout=_SECONDS)
        self._prism_url = httpx.URL(prism_url)
        self._prefix = urlsplit(base_url).path.rstrip("/").encode()
        self._relay = relay
        self._direct = direct
        self._agreement = Agreement(document)
        self.latest: list[Violation] | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The target's answer."""
        request.read()
        tag = self._relay.expect(request)
        self.latest = self._violations(request, tag)
        answer = self._relay.collect(tag)
        if answer is None:
            self.latest = None
            return self._direct.send(request)
        if answer.status_code == _UNIMPLEMENTED:
            self.latest = None
        return answer

    def observe(self, exchange: Exchange) -> None:
        """The exchange, which was the latest to pass, is compared with what Prism said of it."""
        self._agreement.add(exchange, self.latest)

    def sentences(self) -> list[str]:
        """What the comparison came to, in a few lines for the reader."""
        return self._agreement.sentences()

    def close(self) -> None:
        """Gives up the connections to Prism."""
        self._prism.close()

    def _violations(self, request: httpx.Request, tag: str) -> list[Violation] | None:
        """What Prism says; None when it says nothing that can be read."""
        path = request.url.raw_path.removeprefix(self._prefix)
        headers = [(name, value) for name, value in request.headers.multi_items() if name != "host"]
        shown = httpx.Request(
            request.method,
            self._prism_url.copy_with(raw_path=path),
            headers=[*headers, (TAG, tag)],
            content=request.content,
        )
        try:
            return _read(self._prism.send(shown).headers.get(_VIOLATIONS, "[]"))
        except (httpx.HTTPError, ValueError):
            # A second opinion that cannot be had is none; the exchange itself has gone well or badly
            # between the relay and the target.
            return None


@contextmanager
def second_opinion(base_url: str, document: Document, *, spec: Path | None) -> Iterator[SecondOpinion]:
    """Prism, as a process of its own that ends with the block, before the target at the address.

    `spec` is the file of the document, the shipped one by default. UsageError where Node.js is missing.
    """
    with (
        httpx.Client() as direct,
        Relay(direct.send) as relay,
        running_prism(relay.url, spec=spec) as prism_url,
    ):
        opinion = SecondOpinion(
            prism_url=prism_url, base_url=base_url, relay=relay, direct=direct, document=document
        )
        try:
            yield opinion
        finally:
            opinion.close()


def _read(text: str) -> list[Violation]:
    """The violations in Prism's header; what it calls a mere warning is left out."""
    return [
        Violation(
            tuple(map(str, each.get("location") or ())),
            str(each.get("code", "")),
            str(each.get("message", "")),
        )
        for each in json.loads(text)
        if each.get("severity") == "Error"
    ]
