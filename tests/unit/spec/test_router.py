"""Which operation a method and a path mean."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factify_contract.spec import Document, MethodNotAllowed, NoSuchPath, Router

RESPONSES = {"responses": {"200": {"description": "ok"}}}


def routes(*templates: str, prefix: str = "") -> Router:
    """A router of `METHOD /template` lines, each the id of its operation."""
    paths: dict[str, Any] = {}
    for line in templates:
        method, template = line.split(" ")
        paths.setdefault(template, {})[method.lower()] = {"operationId": line, **RESPONSES}
    document = Document.from_dict({"openapi": "3.1.0", "paths": paths})
    return Router(document.operations.values(), prefix=prefix)


def found(router: Router, method: str, path: str) -> tuple[str, dict[str, str]]:
    match = router.match(method, path)
    return match.operation.id, dict(match.values)


THINGS = routes(
    "GET /things",
    "POST /things",
    "GET /things/quota",
    "GET /things/{id}",
    "PATCH /things/{id}",
    "GET /things/{id}/parts/{part}",
    "GET /things/quota/keys",
    "POST /things/{id}:accept",
    "GET /files/{name}.json",
    "GET /files/{name}",
    "GET /{a}/b/c",
    "GET /a/{b}/d",
)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/things", ("GET /things", {})),
        ("GET", "/things/quota", ("GET /things/quota", {})),
        ("GET", "/things/other", ("GET /things/{id}", {"id": "other"})),
        ("GET", "/things/quota/keys", ("GET /things/quota/keys", {})),
        ("GET", "/things/quota/parts/1", ("GET /things/{id}/parts/{part}", {"id": "quota", "part": "1"})),
        ("GET", "/a/b/c", ("GET /{a}/b/c", {"a": "a"})),
        ("GET", "/a/b/d", ("GET /a/{b}/d", {"b": "b"})),
        ("GET", "/files/a.json", ("GET /files/{name}.json", {"name": "a"})),
        ("GET", "/files/a.json.json", ("GET /files/{name}.json", {"name": "a.json"})),
        ("GET", "/files/a.txt", ("GET /files/{name}", {"name": "a.txt"})),
        ("GET", "/files/.json", ("GET /files/{name}", {"name": ".json"})),
        ("POST", "/things/5:accept", ("POST /things/{id}:accept", {"id": "5"})),
        ("GET", "/things/5%3Aaccept", ("GET /things/{id}", {"id": "5:accept"})),
        ("GET", "/things/a%2Fb", ("GET /things/{id}", {"id": "a/b"})),
        ("GET", "/things/%C3%A9%20", ("GET /things/{id}", {"id": "é "})),
        ("GET", "/things/%FF", ("GET /things/{id}", {"id": "\ufffd"})),
        ("GET", "/%74hings", ("GET /things", {})),
    ],
)
def test_a_path_leads_to_its_operation(method: str, path: str, expected: tuple[str, dict[str, str]]) -> None:
    assert found(THINGS, method, path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/things/",
        "/thing",
        "/things//parts/1",
        "/things/5/",
        "/Things",
        "/things/1/parts",
        "//things",
    ],
)
def test_another_path_does_not_exist(path: str) -> None:
    with pytest.raises(NoSuchPath, match="The document has no path"):
        THINGS.match("GET", path)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/things", ("GET", "POST")),
        ("PUT", "/things/5", ("GET", "PATCH")),
        ("get", "/things", ("GET", "POST")),
        # The literal path wins before the method is looked at.
        ("PATCH", "/things/quota", ("GET",)),
        ("GET", "/things/5:accept", ("POST",)),
    ],
)
def test_a_method_that_the_path_does_not_have_is_told_which_it_has(
    method: str, path: str, allowed: tuple[str, ...]
) -> None:
    with pytest.raises(MethodNotAllowed, match="is not allowed on") as caught:
        THINGS.match(method, path)

    assert caught.value.allowed == allowed


def test_templates_of_one_shape_share_their_methods() -> None:
    router = routes("GET /a/{x}", "PUT /a/{y}")

    assert found(router, "GET", "/a/1") == ("GET /a/{x}", {"x": "1"})
    assert found(router, "PUT", "/a/1") == ("PUT /a/{y}", {"y": "1"})


def test_two_parameters_may_share_a_segment() -> None:
    router = routes("GET /rates/{from}-{to}")

    assert found(router, "GET", "/rates/eur-usd") == ("GET /rates/{from}-{to}", {"from": "eur", "to": "usd"})


def test_a_prefix_stands_before_every_path() -> None:
    router = routes("GET /a/{x}", prefix="/api/v3/")

    assert found(router, "GET", "/api/v3/a/1") == ("GET /a/{x}", {"x": "1"})
    with pytest.raises(NoSuchPath):
        router.match("GET", "/a/1")


def test_the_root_path_is_a_path() -> None:
    router = routes("GET /")

    assert found(router, "GET", "/") == ("GET /", {})
    with pytest.raises(NoSuchPath):
        router.match("GET", "//")


def test_a_path_of_a_million_segments_is_just_not_there() -> None:
    with pytest.raises(NoSuchPath) as caught:
        THINGS.match("GET", "/a" * 1_000_000)

    assert len(str(caught.value)) < 300


# "." and ".." are names that clients resolve before they send; nothing can be done about it here.
TEXT = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text not in (".", ".."))


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(data=st.data())
def test_a_path_that_was_written_is_read_again(shipped: Document, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(list(shipped.operations.values())))
    literals = {segment for path in shipped.raw["paths"] for segment in path.split("/")}
    values = {
        parameter.name: data.draw(TEXT.filter(lambda text: text not in literals))
        for parameter in operation.path_parameters
    }

    match = shipped.router.match(operation.method, operation.format_path(values))

    assert match.operation is operation
    assert match.values == values


def test_every_operation_is_routed(shipped: Document) -> None:
    reached = [
        shipped.router.match(one.method, one.path.replace("{", "x").replace("}", "")).operation
        for one in shipped.operations.values()
    ]

    assert reached == list(shipped.operations.values())


def test_a_path_cannot_be_written_without_its_values(shipped: Document) -> None:
    with pytest.raises(KeyError, match="document_id"):
        shipped.operations["getDocument"].format_path({})
