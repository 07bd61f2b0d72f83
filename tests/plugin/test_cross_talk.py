"""A thousand worlds under eight workers at once: each stays as if it were alone."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

WORKERS = 8
WORLDS = 1000
CALLS_A_WORLD = 3
START = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Book:
    """One world, and what must be in it by what its worker did."""

    world: object
    titles: list[str] = field(default_factory=list)
    invited: list[str] = field(default_factory=list)
    name: str | None = None
    now: datetime = START
    sent: int = 0


def upload(book, number, random):
    title = f"{book.world.world_id} {number}"
    files = {"payload": ("a.md", f"# {random.random()}", "text/markdown")}
    yield book.world.member.client().post("/v1beta/documents", data={"title": title}, files=files)
    book.titles.append(title)


def invite(book, number, random):
    email = f"guest{number}@{book.world.world_id[4:]}.example"
    path = f"/v1beta/organizations/{book.world.organization_id}/invites"
    yield book.world.admin.client().post(path, json={"email": email})
    book.invited.append(email)


def rename(book, number, random):
    name = f"Name {number} of {book.world.world_id}"
    yield book.world.owner.client().patch(
        f"/v1beta/organizations/{book.world.organization_id}", json={"name": name}
    )
    book.name = name


def look(book, number, random):
    answer = book.world.api_key.client().get("/v1beta/documents", params={"page_size": 100})
    assert sorted(each["title"] for each in answer.json()["items"]) == sorted(book.titles)
    yield answer


def advance(book, number, random):
    hours = random.randrange(1, 100)
    book.now += timedelta(hours=hours)
    assert book.world.clock.advance(hours=hours) == book.now
    return iter(())


def work(server, number):
    """Plays with many open worlds in random order."""
    luck = random.Random(number)
    start = START.isoformat()
    books = [Book(server.new_world(now=start, frozen=True)) for _ in range(WORLDS // WORKERS)]
    turns = [book for book in books for _ in range(CALLS_A_WORLD)]
    luck.shuffle(turns)
    for turn, book in enumerate(turns):
        for answer in luck.choice([upload, upload, invite, rename, look, advance])(book, turn, luck):
            assert answer.status_code == 200, answer.text
            book.sent += 1
    return books


def test_a_thousand_worlds_of_eight_workers_never_meet(factify_server):
    with ThreadPoolExecutor(WORKERS) as pool:
        done = pool.map(lambda number: work(factify_server, number), range(WORKERS))
        books = [book for each in done for book in each]

        assert len({book.world.world_id for book in books}) == WORLDS
        assert len({book.world.owner.token for book in books}) == WORLDS
        assert sum(book.sent for book in books) > WORLDS * CALLS_A_WORLD / 2
        snapshots = list(pool.map(lambda book: book.world.snapshot(), books))

    for book, snapshot in zip(books, snapshots, strict=True):
        tables = snapshot["tables"]
        assert sorted(each["title"] for each in tables["documents"]) == sorted(book.titles)
        assert sorted(each["to"] for each in tables["outbox"]) == sorted(book.invited)
        names = {each["id"]: each["name"] for each in tables["organizations"]}
        assert book.name is None or names[book.world.organization_id] == book.name
        assert sum(book.world.world_id in name for name in names.values()) == (book.name is not None)
        assert datetime.fromisoformat(snapshot["clock"]["now"]) == book.now
        assert snapshot["received"] == book.sent
        book.world.close()


def test_the_people_of_one_world_are_strangers_in_another(factify_server, upload):
    worlds = [factify_server.new_world() for _ in range(8)]
    documents = [upload(world.owner.client(), "Private")["id"] for world in worlds]

    for world, its_own in zip(worlds, documents, strict=True):
        client = world.owner.client()
        statuses = {each: client.get(f"/v1beta/documents/{each}").status_code for each in documents}
        assert statuses == {each: 200 if each == its_own else 404 for each in documents}
