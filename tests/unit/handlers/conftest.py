"""Calls handlers as the dispatcher does: input valid against the document, and so must be the answer."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from factify_contract.spec import Document
from factify_mock.api import handlers
from factify_mock.api.call import Call
from factify_mock.model import api_keys, users
from factify_mock.model.clock import Clock
from factify_mock.model.ids import Ids
from factify_mock.model.records import Actor, Upload
from factify_mock.model.seeding import Seeded, seed_world
from factify_mock.model.world import World


@dataclass(frozen=True, slots=True)
class Api:
    """The handlers over one seeded world, called by the people of that world or by its `key`."""

    document: Document
    world: World
    seeded: Seeded = field(repr=False)

    def actor(self, name: str) -> Actor:
        if name == "key":
            return api_keys.actor_of(self.world.tables.api_keys[self.seeded.api_key_id])
        return users.actor_of(self.world, getattr(self.seeded, name).id)

    def call(
        self,
        who: str | None,
        operation_id: str,
        *,
        query: list[tuple[str, str]] | None = None,
        body: dict[str, Any] | None = None,
        upload: Upload | None = None,
        **path: str,
    ) -> dict[str, Any]:
        operation = self.document.operations[operation_id]
        values, problems = operation.parse_query(query or [])
        path_values, path_problems = operation.parse_path(path)
        assert (problems, path_problems) == ([], [])
        if operation.body is not None and upload is None:
            media = operation.body.media["application/json"]
            assert media.validator.is_valid(body), media.validator.problems(body)
        answer = handlers.HANDLERS[operation_id](
            Call(
                operation,
                self.world,
                self.world.clock.now(),
                self.actor(who) if who else None,
                path_values,
                values,
                body or {},
                upload,
            )
        )
        validator = operation.success.media["application/json"].validator
        assert validator.is_valid(answer), validator.problems(answer)
        return answer


@pytest.fixture(scope="session")
def document() -> Document:
    return Document.load()


@pytest.fixture
def api(document: Document) -> Api:
    clock = Clock(lambda: datetime(2026, 3, 10, 12, 30, tzinfo=UTC))
    clock.freeze()
    world = World("wld_1", 1, clock, Ids("1"))
    return Api(document, world, seed_world(world, clock.now()))
