"""A world as one JSON document, and the state that such a document describes."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from factify_contract.spec import parse_timestamp
from factify_mock.api.links import LOGOS, PREFIX
from factify_mock.api.render.values import timestamp
from factify_mock.behaviour import settings_of, words_of
from factify_mock.model import logos
from factify_mock.model.errors import DomainError, invalid
from factify_mock.model.rates import Window
from factify_mock.model.world import Settings, Tables
from factify_mock.snapshots import tables
from factify_mock.snapshots.checking import require_consistent
from factify_mock.snapshots.moving import moved
from factify_mock.snapshots.rows import Row, record_of, row_of
from factify_mock.states import Identities, Present, State
from factify_mock.store.blobs import Blobs
from factify_mock.worlds import Sandbox, WorldOptions, within_years

FORMAT = "factify-mock world"
VERSION = 1


def snapshot_of(sandbox: Sandbox, blobs: Blobs, *, with_content: bool = False) -> dict[str, Any]:
    """The world as it is, for reading, for keeping, and for going back to it.

    Its files are named by their SHA-256; with their content the snapshot can be used on other servers.
    """
    state = sandbox.state
    rows = tables.written(state.tables, lambda logo: _keep(blobs, logo.content))
    digests = sorted({row["sha256"] for name in ("versions", "logos") for row in rows[name]})
    return {
        "format": FORMAT,
        "version": VERSION,
        "world_id": sandbox.id,
        "clock": _clock(Present.of(sandbox.world.clock)),
        "settings": words_of(sandbox.world.settings),
        "ids": {"origin": sandbox.origin, "made": state.made},
        "received": state.received,
        "identities": {**asdict(state.identities), "policy_ids": list(state.identities.policy_ids)},
        "rate_windows": [{"caller_id": caller, **row_of(each)} for caller, each in state.windows.items()],
        "tables": rows,
        "files": {each: _file(blobs.read(each), with_content) for each in digests if each in blobs},
    }


def _clock(present: Present) -> Row:
    return {"now": timestamp(present.now), "frozen": present.is_frozen}


def _file(content: bytes, with_content: bool) -> Row:
    row: Row = {"size": len(content)}
    if with_content:
        row["content"] = b64encode(content).decode()
    return row


def _keep(blobs: Blobs, content: bytes) -> str:
    """The digest under which the store has the content now."""
    draft = blobs.draft()
    draft.write(content)
    found = draft.finish()
    draft.commit()
    return found.sha256


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that was read and found to fit together; worlds can begin with it."""

    words: Mapping[str, Any]
    blobs: Blobs

    @classmethod
    def read(cls, words: Mapping[str, Any], blobs: Blobs) -> "Snapshot":
        """A snapshot that is valid against its schema; its files are in the store now.

        A DomainError names the place of what does not fit, and then nothing was stored.
        """
        contents = dict(_contents(words.get("files", {})))
        words = {"received": 0, "rate_windows": [], **words, "tables": tables.completed(words["tables"])}
        require_consistent(words, lambda digest: digest in contents or digest in blobs)
        read = cls({**words, "files": {}}, blobs)
        _ = read.present, read.settings(Settings())
        for content in contents.values():
            _keep(blobs, content)
        return read

    @property
    def present(self) -> Present | None:
        """Where the clock stood; None where that is left open."""
        if "clock" not in self.words:
            return None
        clock = self.words["clock"]
        return Present(within_years("clock.now", parse_timestamp(clock["now"])), clock["frozen"])

    def settings(self, base: Settings) -> Settings:
        """How the world behaved; as `base` where that is left open."""
        try:
            return settings_of(self.words.get("settings", {}), base)
        except DomainError as error:
            raise invalid(f"settings.{error.param}", error.message) from error

    def begin(self, options: WorldOptions) -> WorldOptions:
        """How a world begins with this snapshot; what it leaves open is as in `options`."""
        options = replace(options, beginning=self, settings=self.settings(options.settings))
        if self.present is None:
            return options
        return replace(options, now=self.present.now, is_frozen=self.present.is_frozen)

    def state(self, world_id: str, origin: str) -> State:
        """The state in which a world of this id and origin takes the snapshot on."""
        words, is_at_home = self.words, self.words["ids"]["origin"] == origin
        if not is_at_home:
            words = moved(words, origin)
        found = tables.read(words["tables"], self.blobs.read)
        if not is_at_home:
            _move_logos(found, words["world_id"], world_id)
        identities = words["identities"]
        return State(
            identities=Identities(**{**identities, "policy_ids": tuple(identities["policy_ids"])}),
            present=self.present,
            settings=self.settings(Settings()) if "settings" in words else None,
            made=words["ids"]["made"],
            received=words["received"],
            tables=found,
            windows={row["caller_id"]: _window(row) for row in words["rate_windows"]},
        )


def _contents(files: Mapping[str, Row]) -> Iterator[tuple[str, bytes]]:
    """The files that came along, by their digests; a DomainError where a digest is another file's."""
    for digest, row in files.items():
        if "content" not in row:
            continue
        place = f"files.{digest}.content"
        try:
            content = b64decode(row["content"], validate=True)
        except ValueError:
            raise invalid(place, f"{place} is not base64") from None
        if sha256(content).hexdigest() != digest:
            raise invalid(place, f"{place} has another SHA-256 than {digest}")
        yield digest, content


def _window(row: Row) -> Window:
    return record_of(Window, {name: value for name, value in row.items() if name != "caller_id"})


def _move_logos(found: Tables, former_world_id: str, world_id: str) -> None:
    """Logos, whose ids follow from their organizations', are found at their new addresses."""
    former_logos, found.logos = found.logos, {}
    for logo in former_logos.values():
        here = replace(logo, id=logos.identity(logo.organization_id, logo.content))
        found.logos[here.id] = here
        former_path = f"{PREFIX}{former_world_id}/{LOGOS}/{logo.id}"
        path = f"{PREFIX}{world_id}/{LOGOS}/{here.id}"
        for each in list(found.organizations.values()):
            if former_path in (each.logo_image_url or ""):
                url = (each.logo_image_url or "").replace(former_path, path)
                found.organizations[each.id] = replace(each, logo_image_url=url)
