"""Answers at the addresses that were given away for files: exports, entry pages and logos."""

from dataclasses import dataclass
from hashlib import sha256

from factify_mock.api.auth import Caller
from factify_mock.api.download import Download, attachment, download
from factify_mock.api.links import (
    ENTRY_PAGES,
    EXPORT_HEADER,
    EXPORTS,
    LOGOS,
    PREFIX,
    SUFFIXES,
    Seal,
    entry_page_seal,
    export_seal,
)
from factify_mock.api.parameters import impossible_method, query_pairs
from factify_mock.api.render.documents import document_url
from factify_mock.api.request import Request
from factify_mock.model import exports
from factify_mock.model.errors import DomainError, forbidden, not_found
from factify_mock.store.contents import Contents
from factify_mock.worlds import Sandbox, Worlds

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
}
_PRIVATE = (b"cache-control", b"private, no-store")
_FOR_EVERYBODY = (b"cache-control", b"public, max-age=3600")
# An SVG may carry scripts; opened by itself it would run them with the server's own address.
_HARMLESS = (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; sandbox")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address of a file."""

    kind: str
    stem: str  # the name of the file without its suffix: an id
    query: dict[str, str]

    @property
    def expires(self) -> int:
        """When the address stops working, in seconds as clocks count them; 0 where that can't be read."""
        text = self.query.get("expires", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0

    def require(self, seal: Seal, now: float) -> None:
        """The address is one that the server gave away, and its time has not run out; forbidden otherwise."""
        if not seal.is_signed(self.query.get("signature", "")):
            raise forbidden("The address is not one that this server gave away")
        if self.expires <= now:
            raise forbidden("The address has expired; ask for a new one")


class Files:
    """Delivers files; nobody has to say who they are, for the address knows its world."""

    def __init__(self, worlds: Worlds, contents: Contents) -> None:
        self._worlds = worlds
        self._contents = contents

    def sandbox(self, request: Request) -> Sandbox:
        """The world that an address belongs to; not_found where it is not there."""
        world_id = request.path.removeprefix(PREFIX).partition("/")[0]
        found = self._worlds.get(world_id)
        if found is None:
            raise _nothing_at(request)
        return found

    async def answer(self, request: Request, caller: Caller) -> Download:
        """The file; a DomainError where the address does not lead to one, or does no more."""
        if request.method not in ("GET", "HEAD"):
            raise impossible_method(request, ("GET", "HEAD"))
        address = _address(request)
        if address.kind == EXPORTS:
            return self._export(request, caller, address)
        if address.kind == ENTRY_PAGES:
            return await self._entry_page(request, caller, address)
        if address.kind == LOGOS:
            return self._logo(request, caller, address)
        raise _nothing_at(request)

    def _export(self, request: Request, caller: Caller, address: Address) -> Download:
        world = caller.sandbox.world
        version = world.tables.versions.get(address.stem)
        if version is None:
            raise _nothing_at(request)
        seal = export_seal(self._worlds.signer, world, version, address.expires)
        address.require(seal, caller.now.timestamp())
        if not seal.is_opened(request.header(EXPORT_HEADER.lower().encode()) or ""):
            raise forbidden(f"The file is fetched with the header {EXPORT_HEADER} that came with its address")
        try:
            source = self._contents.source(version)
        except KeyError:
            raise not_found("The file of version", version.id) from None
        title = world.tables.documents[version.document_id].title
        return download(
            request,
            source,
            content_type=MEDIA_TYPES[version.source_format],
            tag=version.sha256,
            headers=(_PRIVATE, attachment(f"{title}{SUFFIXES[version.source_format]}")),
        )

    async def _entry_page(self, request: Request, caller: Caller, address: Address) -> Download:
        world = caller.sandbox.world
        by = address.query.get("by", "")
        seal = entry_page_seal(self._worlds.signer, world, address.stem, by, address.expires)
        document = world.tables.documents.get(address.stem)
        if document is None:
            raise _nothing_at(request)
        address.require(seal, caller.now.timestamp())
        if request.method == "GET":
            exports.entry_page_fetched(world, caller.now, document, by=by)
        page = await self._contents.entry_page(title=document.title, url=document_url(document))
        return download(
            request,
            page,
            content_type=MEDIA_TYPES["pdf"],
            tag=sha256(page).hexdigest(),
            headers=(_PRIVATE, attachment(f"{document.title}.pdf")),
        )

    def _logo(self, request: Request, caller: Caller, address: Address) -> Download:
        logo = caller.sandbox.world.tables.logos.get(address.stem)
        if logo is None:
            raise _nothing_at(request)
        headers = (_FOR_EVERYBODY, _HARMLESS)
        return download(request, logo.content, content_type=logo.media_type, tag=logo.id, headers=headers)


def _address(request: Request) -> Address:
    parts = request.path.removeprefix(PREFIX).split("/")
    if len(parts) != 3:
        raise _nothing_at(request)
    return Address(parts[1], parts[2].partition(".")[0], dict(query_pairs(request.query_string)))


def _nothing_at(request: Request) -> DomainError:
    return DomainError("not_found", "resource_not_found", f"There is no file at {request.path[:200]}")
