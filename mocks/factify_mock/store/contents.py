"""What lies in the files of the blob store: found out by the reading process, once per content."""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Generic, TypeVar

import msgspec

from factify_mock.content import jobs
from factify_mock.content.source import Source, Unreadable
from factify_mock.model import formats
from factify_mock.model.errors import DomainError
from factify_mock.model.records import Upload, Version
from factify_mock.store.blobs import Blobs
from factify_mock.store.reader import Reader

T = TypeVar("T")

# Bytes of extractions and of looks that are kept; what was dropped is found out again.
_KEPT = 64 * 1024 * 1024
_MOST_VERDICTS = 100_000
_COMPARED_AT_ONCE = 50

_decode_found = msgspec.json.Decoder(jobs.Found).decode
_decode_pages = msgspec.json.Decoder(int).decode
_decode_seen = msgspec.msgpack.Decoder(jobs.Seen).decode
_decode_verdicts = msgspec.json.Decoder(list[bool]).decode


class Contents:
    """Answers questions about files; equal bytes are read once, whichever world they belong to."""

    def __init__(self, blobs: Blobs, reader: Reader | None = None) -> None:
        self._blobs = blobs
        self._reader = reader or Reader()
        self._pages: dict[tuple[str, str], int | None] = {}  # digest and format; None: unreadable
        self._found: Kept[jobs.Found] = Kept(_KEPT)
        self._seen: Kept[jobs.Seen] = Kept(_KEPT)
        self._verdicts: dict[tuple[str, str], bool] = {}  # two digests, the smaller one first

    def close(self) -> None:
        """Nothing is read any more."""
        self._reader.close()

    def source(self, version: Version) -> Source:
        """The file of a version; KeyError where it was never uploaded to this server."""
        return self._blobs.source(version.sha256)

    async def examined(self, upload: Upload, source: Source) -> Upload:
        """The upload, knowing whether it can be opened as its format; as it was where it has none."""
        try:
            source_format = formats.recognise(upload)
        except DomainError:
            return upload  # to be refused by whoever the call is for
        pages = await self._pages_of(upload.sha256, source_format, source)
        return replace(upload, is_readable=pages is not None)

    async def found_in(self, version: Version) -> jobs.Found:
        """What lies in the file of a version; Unreadable where the file can't be opened or is not here."""
        key = f"{version.sha256} {version.source_format}"
        found = self._found.get(key)
        if found is None:
            encoded = await self._reader.ask(jobs.Extract(version.source_format, self._file(version)))
            found = _decode_found(encoded)
            self._found.put(key, found, len(encoded))
        return found

    async def alike(self, version: Version, others: Sequence[Version]) -> list[Version]:
        """Those of the others, PDFs like the version itself, whose pages look the same."""
        pages = await self._pages_in(version)
        if pages is None:
            return []
        close = [each for each in others if await self._pages_in(each) == pages]
        verdicts = await self._compared(version, close)
        return [each for each in close if verdicts[each.sha256]]

    async def entry_page(self, *, title: str, url: str) -> bytes:
        """A PDF that shows a document's title and leads to its address."""
        return await self._reader.ask(jobs.MakeEntryPage(title, url))

    async def _pages_in(self, version: Version) -> int | None:
        try:
            source = self.source(version)
        except KeyError:
            return None
        return await self._pages_of(version.sha256, version.source_format, source)

    async def _pages_of(self, sha256: str, source_format: str, source: Source) -> int | None:
        key = (sha256, source_format)
        if key not in self._pages:
            self._pages[key] = await self._counted(source_format, source)
        return self._pages[key]

    async def _counted(self, source_format: str, source: Source) -> int | None:
        if source_format == "pdf" and isinstance(source, bytes) and b"obj" not in source:
            return None  # a PDF is made of objects; many a test's is not, and need not wait for the reader
        try:
            return _decode_pages(await self._reader.ask(jobs.Check(source_format, jobs.File.of(source))))
        except Unreadable:
            return None

    async def _compared(self, version: Version, others: Sequence[Version]) -> dict[str, bool]:
        """Whether the version looks like each of the others, by their digests."""
        verdicts: dict[str, bool] = {}
        waiting: dict[str, Version] = {}
        for each in others:
            known = self._verdicts.get(_pair(version, each))
            if known is None:
                waiting[each.sha256] = each
            else:
                verdicts[each.sha256] = known
        unknown = list(waiting.values())
        for start in range(0, len(unknown), _COMPARED_AT_ONCE):
            verdicts.update(await self._judged(version, unknown[start : start + _COMPARED_AT_ONCE]))
        if len(self._verdicts) > _MOST_VERDICTS:
            self._verdicts.clear()
        for each in unknown:
            self._verdicts[_pair(version, each)] = verdicts[each.sha256]
        return verdicts

    async def _judged(self, version: Version, batch: Sequence[Version]) -> dict[str, bool]:
        verdicts = dict.fromkeys((each.sha256 for each in batch), False)
        mine = await self._look(version)
        looks = {each.sha256: await self._look(each) for each in batch} if mine is not None else {}
        seen = {digest: look for digest, look in looks.items() if look is not None}
        if mine is not None and seen:
            with suppress(Unreadable):  # the reader was ended over it: nothing is known to look alike
                told = await self._reader.ask(jobs.Compare(mine, list(seen.values())))
                verdicts.update(zip(seen, _decode_verdicts(told), strict=True))
        return verdicts

    async def _look(self, version: Version) -> jobs.Seen | None:
        """How the file of a version looks; None where that can't be told."""
        seen = self._seen.get(version.sha256)
        if seen is None:
            try:
                encoded = await self._reader.ask(jobs.Look(self._file(version)))
            except Unreadable:
                return None
            seen = _decode_seen(encoded)
            self._seen.put(version.sha256, seen, len(encoded))
        return seen

    def _file(self, version: Version) -> jobs.File:
        try:
            return jobs.File.of(self.source(version))
        except KeyError:
            raise Unreadable("the file was never uploaded to this server") from None


def _pair(one: Version, other: Version) -> tuple[str, str]:
    return min(one.sha256, other.sha256), max(one.sha256, other.sha256)


class Kept(Generic[T]):
    """Values by key: those used last, as many as fit into `most` bytes."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._values: OrderedDict[str, tuple[T, int]] = OrderedDict()

    def get(self, key: str) -> T | None:
        """The value, if it is still there; it is the one used last."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def put(self, key: str, value: T, size: int) -> None:
        """The value is there; others made room for it."""
        self._left += self._values.pop(key, (value, 0))[1] - size
        self._values[key] = (value, size)
        while self._left < 0:
            _, (_, freed) = self._values.popitem(last=False)
            self._left += freed
