"""Thousands of hostile requests: each is refused in the documented words, and a refused one changes nothing.

The requests are generated, and the same in every run. Where they are made of a list of flaws and a list of
places, every flaw is tried in every place; the rest is chance.
"""

import json
from collections.abc import Iterator
from dataclasses import fields as variant_fields
from dataclasses import replace
from itertools import chain, islice, product
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
import yaml

from factify_contract.spec.references import resolve
from factify_mock.model.errors import precondition
from factify_mock.model.variants import Variants

HERE = Path(__file__).parent
FLAWS = {
    kind: [each if isinstance(each, str) else each[0] * each[1] for each in flaws]
    for kind, flaws in yaml.safe_load((HERE / "flaws.yaml").read_text()).items()
}
TEXTS = FLAWS["texts"]
# Everything else that JSON can say; lone surrogates have no place in YAML.
VALUES = [None, True, False, 0, -1, 1, 101, 1.0, 1.5, -0.0, 1e308, 5e-324, "\ud800", "\udfff\ud800"]
VALUES += [2**31 - 1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30]
VALUES += [[], [[]], [None], ["a"] * 51, ["a"] * 5000, {}, {"": ""}, {"a": {"a": {}}}]
HEADERS = [tuple(part.encode("latin-1") for part in each.partition(":")[::2]) for each in FLAWS["headers"]]
DEEP = [b"[" * 5000 + b"]" * 5000, b'{"a":' * 2000 + b"1" + b"}" * 2000]


def as_bytes(kind):
    """The flaws of a kind that consists of bytes."""
    return [each.encode("latin-1") for each in FLAWS[kind]]


def shuffled(rng, items):
    """All items in an order of chance, again and again."""
    deck = list(items)
    while True:
        rng.shuffle(deck)
        yield from deck


def places(document, schema, path=()) -> Iterator[tuple]:
    """The ways from a value to everything that the schema lets it hold."""
    plain = resolve(document.raw, schema)
    for name, inner in plain.get("properties", {}).items():
        yield (*path, name)
        yield from places(document, inner, (*path, name))
    if "items" in plain:
        yield (*path, 0)
        yield from places(document, plain["items"], (*path, 0))


def with_bodies(document, media_type):
    return [each for each in document.operations.values() if each.body and media_type in each.body.media]


def put(value, path, item):
    """A copy of the value where `item` stands at the end of the path; what is missing on the way is made."""
    if not path:
        return item
    if isinstance(path[0], int):
        return [put((value or [{}])[0], path[1:], item)]
    value = dict(value) if isinstance(value, dict) else {}
    return value | {path[0]: put(value.get(path[0]), path[1:], item)}


def fields(stage, rng, document=None):
    """Every value that no field expects, in every field of every JSON body."""
    document = document or stage.document
    spots = [
        (operation, path)
        for operation in with_bodies(document, "application/json")
        for path in places(document, operation.body.media["application/json"].schema)
    ]
    for (operation, path), item in shuffled(rng, product(spots, TEXTS + VALUES)):
        body = json.dumps(put(stage.value(operation), path, item)).encode()
        yield stage.good(operation, body=body)


def shapes(stage, rng):
    """Bodies with too few fields, with too many, and with the same one twice."""
    for operation in shuffled(rng, with_bodies(stage.document, "application/json")):
        value = stage.value(operation)
        for name in value:
            yield stage.good(operation, body=json.dumps({**value, name: None}).encode())
            less = {key: item for key, item in value.items() if key != name}
            yield stage.good(operation, body=json.dumps(less).encode())
            twice = json.dumps(value)[:-1] + f', "{name}": []}}'
            yield stage.good(operation, body=twice.encode())
        for extra in ("", "id", "__class__", "constructor", "a" * 5000, "\u0430", "a.b", "a[0]"):
            yield stage.good(operation, body=json.dumps({**value, extra: 1}).encode())


def broken_json(stage, rng):
    """What is no JSON, or no object, in the place of every JSON body."""
    spots = with_bodies(stage.document, "application/json") + with_bodies(stage.control, "application/json")
    for operation, body in shuffled(rng, product(spots, [*as_bytes("json"), *DEEP])):
        yield stage.good(operation, body=body)


def types(stage, rng):
    """Good bodies under bad names, and with no name at all."""
    spots = [each for each in stage.document.operations.values() if each.body]
    for operation, content_type in shuffled(rng, product(spots, as_bytes("types"))):
        request = stage.good(operation)
        yield replace(request, headers=(request.headers[0], (b"content-type", content_type)))
        yield replace(request, headers=request.headers[:1])


def forms(stage, rng):
    """Forms with unusual text, with bytes missing, doubled or changed, cut into chunks, or broken off."""
    spots = with_bodies(stage.document, "multipart/form-data")
    names = ["title", "description", "access_level", "document_id", "payload", "payload_key", "other", ""]
    for operation, name, text in shuffled(rng, product(spots, names, TEXTS)):
        request = stage.good(operation)
        part = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        body = request.body if rng.random() < 0.5 else request.body.partition(b"--x\r\n")[2]
        yield replace(request, body=part + body)
        yield replace(request, body=corrupted(rng, request.body), chunk=rng.randint(1, 400))
        yield replace(request, body=request.body[: rng.randrange(3000)], disconnects=rng.random() < 0.5)


def corrupted(rng, content, most=4):
    """The content with a few pieces missing, doubled, changed or inserted."""
    content = bytearray(content)
    for _ in range(rng.randint(1, most)):
        at = rng.randrange(len(content) + 1)
        end = min(len(content), at + rng.choice([1, 1, 2, 8, 40]))
        content[at:end] = rng.choice(
            [b"", content[at:end] * 2, rng.randbytes(end - at), b"\0", b"\r\n", b'"', b"--x", b"%", b"\xff"]
        )
    return bytes(content)


def identifiers(stage, rng, document=None):
    """Every value that is no id, in every place of every path that an id belongs to."""
    document = document or stage.document
    spots = [(each, name.name) for each in document.operations.values() for name in each.path_parameters]
    for (operation, name), text in shuffled(rng, product(spots, TEXTS)):
        good = stage.good(operation, **{name: "\x00"})
        for encoded in {quote(text, safe=""), quote(text, safe="/;,=@")}:
            yield replace(good, path=good.path.replace("%00", encoded))


def parameters(stage, rng, document=None):
    """Every value that no parameter expects, in every parameter of every query."""
    document = document or stage.document
    spots = [(each, name.name) for each in document.operations.values() for name in each.query_parameters]
    for (operation, name), text in shuffled(rng, product(spots, TEXTS)):
        good = stage.good(operation)
        kept = b"" if name == "organization_id" else good.query + b"&"
        yield replace(good, query=kept + f"{name}={quote(text)}".encode())


def queries(stage, rng):
    """Queries that are none, for operations that know parameters and for those that don't."""
    for operation, query in shuffled(rng, product(stage.document.operations.values(), as_bytes("queries"))):
        good = stage.good(operation)
        yield replace(good, query=b"&".join(filter(None, [good.query, query])))


def addresses(stage, rng):
    """Paths that lead nowhere or round about, and methods that nobody knows."""
    known = [stage.good(each).path for each in stage.document.operations.values()]
    for path, method in shuffled(rng, product(chain(FLAWS["paths"], known), FLAWS["methods"])):
        good = stage.good(stage.document.operations["getMe"])
        yield replace(
            good, method=method, path=path, headers=(*good.headers, (b"content-type", b"application/json"))
        )


def credentials(stage, rng):
    """Every operation under tokens that were good once, or never."""
    good, key = stage.tokens["owner"], stage.tokens["api_key"]
    head, claims, signature = good.split(".")
    other_kind = key.replace("test", "prod")
    words = {"good": good, "head": head, "claims": claims, "signature": signature, "key": key}
    values = [each.format_map(words) for each in FLAWS["authorizations"]]
    values += [f"Bearer {token}" for token in (*stage.stale.values(), good[:-1], key[:-1], other_kind)]
    for operation, value in shuffled(rng, product(stage.document.operations.values(), [None, *values])):
        request = stage.good(operation)
        authorization = () if value is None else ((b"authorization", value.encode("latin-1")),)
        yield replace(request, headers=(*authorization, *request.headers[1:]))


def other_people(stage, rng):
    """Every operation called by everybody, about things of theirs, of others, and of another world."""
    callers = [*stage.tokens, "elsewhere"]
    for operation, who in shuffled(rng, product(stage.document.operations.values(), callers)):
        theirs = {name: rng.choice([stage.ids[name], *found]) for name, found in stage.foreign.items()}
        request = stage.good(operation, **theirs)
        token = stage.elsewhere.ready["owner"]["token"] if who == "elsewhere" else stage.tokens[who]
        yield replace(request, headers=((b"authorization", f"Bearer {token}".encode()), *request.headers[1:]))


def headers(stage, rng):
    """Good requests with one more header that no client should send."""
    spots = [*stage.document.operations.values(), *stage.control.operations.values()]
    for operation, header in shuffled(rng, product(spots, HEADERS)):
        request = stage.good(operation)
        before = rng.random() < 0.5
        yield replace(request, headers=(header, *request.headers) if before else (*request.headers, header))


def control(stage, rng):
    """The same flaws in calls of the control plane."""
    kinds = [each(stage, rng, stage.control) for each in (fields, fields, fields, identifiers, parameters)]
    for kind in shuffled(rng, kinds):
        yield next(kind)


def files(stage, rng):
    """Addresses of files that nobody was given."""
    export = stage.done("exportDocument")
    page = stage.done("generateDocumentEntryPage")["download_url"]
    header = tuple((name.lower().encode(), value.encode()) for name, value in export["headers"].items())
    bearer = stage.bearer("owner")
    while True:
        for url in (export["url"], page):
            path, _, query = url.partition("//")[2].partition("/")[2].partition("?")
            path, query = f"/{path}".encode(), query.encode()
            if rng.random() < 0.5:
                path = corrupted(rng, path, 2)
            else:
                query = corrupted(rng, query, 2)
            extra = [(), header, (bearer,), ((b"range", corrupted(rng, b"bytes=0-9", 2)), *header)]
            request = stage.good(stage.document.operations["getMe"])
            method = "GET" if rng.random() < 0.8 else rng.choice(FLAWS["methods"])
            address = replace(request, method=method, path=path.decode("latin-1"), query=query)
            yield replace(address, headers=rng.choice(extra))


def nodes(value, path=()) -> Iterator[tuple]:
    """The ways to everything that is in a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from nodes(item, (*path, key))


def altered(value, path, change):
    """A copy of the value, changed at the end of the path by `change`, which gets holder and key."""
    copied = value.copy()
    if len(path) == 1:
        change(copied, path[0])
    else:
        copied[path[0]] = altered(value[path[0]], path[1:], change)
    return copied


def snapshots(stage, rng):
    """Snapshots of the world with one thing missing, twice, in the place of another, or quite different."""
    taken = stage.ask(stage.good(stage.control.operations["getSnapshot"])).body
    spots = list(nodes(taken))
    changes = [
        lambda holder, key: holder.__delitem__(key),
        lambda holder, key: holder.__setitem__(key, rng.choice(TEXTS + VALUES)),
        lambda holder, key: holder.__setitem__(
            key, rng.choice(list(holder if type(key) is int else holder.values()))
        ),
        lambda holder, key: holder.append(holder[key]) if type(key) is int else holder.update({f"{key}s": 1}),
    ]
    while True:
        words = altered(taken, rng.choice(spots), rng.choice(changes))
        yield stage.good(stage.control.operations["restoreSnapshot"], body=json.dumps(words).encode())


def mixtures(stage, rng):
    """Requests to anything with bytes changed anywhere, under anybody's name."""
    operations = [*stage.document.operations.values(), *stage.control.operations.values()]
    for operation in shuffled(rng, operations):
        request = stage.good(operation, rng.choice(list(stage.tokens)))
        if rng.random() < 0.5:
            request = replace(request, path=corrupted(rng, request.path.encode(), 2).decode("latin-1"))
        if rng.random() < 0.5:
            request = replace(request, query=corrupted(rng, request.query or b"page_size=1", 3))
        if request.body and rng.random() < 0.7:
            request = replace(request, body=corrupted(rng, request.body), chunk=rng.randint(1, 4000))
        if rng.random() < 0.2:
            request = replace(request, headers=(*request.headers, rng.choice(HEADERS)))
        yield replace(request, disconnects=rng.random() < 0.1)


KINDS = {
    fields: 3000,
    shapes: 500,
    broken_json: 1500,
    types: 900,
    forms: 1500,
    identifiers: 3000,
    parameters: 2500,
    queries: 1300,
    addresses: 1400,
    credentials: 1900,
    other_people: 500,
    headers: 2500,
    control: 2500,
    files: 500,
    snapshots: 2000,
    mixtures: 4000,
}


def test_without_a_flaw_every_request_succeeds(stage):
    for operation in stage.document.operations.values():
        stage.restore()
        assert stage.ask(stage.good(operation)).status == 200, operation.id


@pytest.mark.parametrize(("kind", "number"), KINDS.items(), ids=[each.__name__ for each in KINDS])
def test_nothing_breaks_and_refused_requests_change_nothing(stage, kind, number):
    requests = list(islice(kind(stage, Random(kind.__name__)), number))

    faults = stage.withstood(requests)

    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:10])


def test_a_world_that_begins_with_an_odd_snapshot_breaks_nothing(stage):
    reads = [stage.good(each) for each in stage.document.operations.values() if each.method == "GET"]
    faults = []
    for odd in islice(snapshots(stage, Random("odd")), 1500):
        if stage.ask(odd).status == 200:
            faults += [
                f"{each}\n    {what}\n    after {odd}" for each in reads for what in stage.failure(each)
            ]
        stage.restore()

    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:10])


def test_a_change_behind_a_refusal_would_be_seen(stage):
    """The other tests would be worth nothing otherwise."""
    update = stage.document.operations["updateDocument"]
    honest = stage.app.routes.of(update)

    def two_faced(call):
        honest.handler(call)
        raise precondition("Nothing has happened")

    stage.app.routes.put(replace(honest, handler=two_faced))
    faults = stage.withstood([stage.good(update)])
    stage.app.routes.put(honest)

    assert [fault.rpartition("\n")[2].strip() for fault in faults] == [
        "answers 400 and changes the table documents",
        "answers 400 and changes the table events",
        "answers 400 and changes the table revision",
        "answers 400 and changes the ids to come",
    ]


@pytest.mark.parametrize("kind", [fields, shapes, parameters, queries], ids=lambda kind: kind.__name__)
def test_a_world_that_takes_everything_the_other_way_breaks_no_sooner(stage, kind):
    other = {each.name: True for each in variant_fields(Variants)} | {"reading_is_viewing": False}
    before = stage.state
    stage.state = replace(before, settings=replace(before.settings, variants=Variants(**other)))

    faults = stage.withstood(list(islice(kind(stage, Random(kind.__name__)), 1000)))
    stage.state = before

    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:10])
