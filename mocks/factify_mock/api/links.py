"""Addresses on this server from which files are fetched: who has one needs no token, until it expires.

What an address says is in it, under a signature, so that the server keeps no list of those it gave away.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from factify_mock.model.records import Document, Logo, Version
from factify_mock.model.world import World
from factify_mock.tokens import Signer

PREFIX = "/__files__/"

# The header that an exported file is fetched with, beside its address.
EXPORT_HEADER = "X-Factify-Download"

EXPORTS, ENTRY_PAGES, LOGOS = "exports", "entry-pages", "logos"

SUFFIXES = {"pdf": ".pdf", "docx": ".docx", "xlsx": ".xlsx", "csv": ".csv", "markdown": ".md"}
_IMAGE_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/svg+xml": ".svg"}


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses below `base_url`: the server as the caller of an operation knows it."""

    signer: Signer
    base_url: Callable[[], str]

    def export(self, world: World, version: Version, until: datetime) -> tuple[str, str]:
        """The address of a version's file, and what EXPORT_HEADER must say there."""
        seal = export_seal(self.signer, world, version, _seconds(until))
        name = f"{version.id}{SUFFIXES[version.source_format]}"
        url = self._url(world, EXPORTS, name, f"?expires={_seconds(until)}&signature={seal.signature}")
        return url, seal.key

    def entry_page(self, world: World, document: Document, until: datetime, *, by: str) -> str:
        """The address of a document's entry page, which `by` asked for."""
        seal = entry_page_seal(self.signer, world, document.id, by, _seconds(until))
        query = f"?by={by}&expires={_seconds(until)}&signature={seal.signature}"
        return self._url(world, ENTRY_PAGES, f"{document.id}.pdf", query)

    def logo(self, world: World, logo: Logo) -> str:
        """The address of a logo, which is for everybody and for good."""
        return self._url(world, LOGOS, f"{logo.id}{_IMAGE_SUFFIXES[logo.media_type]}", "")

    def _url(self, world: World, kind: str, name: str, query: str) -> str:
        return f"{self.base_url()}{PREFIX}{world.id}/{kind}/{name}{query}"


@dataclass(frozen=True, slots=True)
class Seal:
    """Proves that this server gave an address away: in it, and in a header beside it."""

    signature: str
    key: str

    @classmethod
    def of(cls, signer: Signer, *said: str) -> "Seal":
        """The seal of an address that says this."""
        text = "\n".join(said)
        return cls(signer.seal(f"address\n{text}"), signer.seal(f"header\n{text}"))

    def is_signed(self, signature: str) -> bool:
        """Whether an address carries the right signature."""
        return hmac.compare_digest(signature.encode(), self.signature.encode())

    def is_opened(self, key: str) -> bool:
        """Whether a header says what it must."""
        return hmac.compare_digest(key.encode(), self.key.encode())


def export_seal(signer: Signer, world: World, version: Version, expires: int) -> Seal:
    """The seal of the address of a version's file.

    A world that was reset makes the same ids again, and the digest tells their files apart.
    """
    return Seal.of(signer, EXPORTS, world.id, version.id, version.sha256, str(expires))


def entry_page_seal(signer: Signer, world: World, document_id: str, by: str, expires: int) -> Seal:
    """The seal of the address of an entry page."""
    return Seal.of(signer, ENTRY_PAGES, world.id, document_id, by, str(expires))


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
