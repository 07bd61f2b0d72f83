"""A legacy world speaks the older generation of the API where it differed; every other world does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from factify_contract.spec import Document
from factify_mock.api.app import App, AppOptions, create_app
from factify_mock.legacy import event_type, legacy_document
from factify_mock.model.world import Settings
from factify_mock.worlds import WorldOptions

PDF = ("letter.pdf", b"%PDF-1.7 x", "application/pdf")
DOCUMENT = "/v1beta/documents/{document_id}"


def new_document(person: httpx.Client) -> str:
    fields = {"title": "Lease", "access_level": "private"}
    made = person.post("/v1beta/documents", data=fields, files={"payload": PDF})
    return f"/v1beta/documents/{made.json()['document']['id']}"


@pytest.fixture
def legacy_world(client: httpx.Client) -> dict[str, Any]:
    world: dict[str, Any] = client.post("/__mock__/worlds", json={"legacy": True}).json()["world"]
    return world


@pytest.fixture
def elder(app: App, legacy_world: dict[str, Any], connect: Callable[..., httpx.Client]) -> httpx.Client:
    """The owner in a legacy world, on the server whose first world is none."""
    return connect(app, legacy_world["owner"]["token"])


def test_general_access_has_its_older_path(elder):
    document = new_document(elder)

    assert elder.get(f"{document}/general-access").json()["general_access_level"] == "restricted"
    changed = elder.put(f"{document}/general-access", json={"general_access_level": "organization"})
    assert changed.json()["general_access_level"] == "organization"
    assert elder.get(document).json()["document"]["access_level"] == "organization"


def test_access_tells_what_the_caller_may_do(elder):
    inspected = elder.get(f"{new_document(elder)}/access").json()

    assert set(inspected) == {"document_id", "permission_set"}
    assert inspected["permission_set"]["trash"] is True


def test_events_are_spelled_in_upper_case(elder):
    document = new_document(elder)
    elder.patch(document, json={"title": "New"})

    first = elder.get(f"{document}/timeline?page_size=1").json()
    second = elder.get(f"{document}/timeline", params={"cursor": first["next_cursor"]}).json()

    kinds = [each["event_type"] for each in (*first["events"], *second["events"])]
    assert kinds == ["TIMELINE_EVENT_TYPE_DOCUMENT_UPDATED", "TIMELINE_EVENT_TYPE_DOCUMENT_CREATED"]


def test_what_is_new_is_not_there(elder, refusal):
    document = new_document(elder)

    assert refusal(elder.get(f"{document}/capabilities"))[0] == 404
    unknown = elder.put(f"{document}/access", json={"general_access_level": "restricted"})
    assert unknown.status_code == 405


def test_the_same_server_speaks_the_current_generation_to_other_worlds(elder, owner, refusal):
    assert elder.get("/v1beta/me").status_code == 200
    document = new_document(owner)

    assert set(owner.get(f"{document}/access").json()) == {"document_id", "general_access_level"}
    assert set(owner.get(f"{document}/capabilities").json()) == {"document_id", "permission_set"}
    assert refusal(owner.get(f"{document}/general-access"))[:2] == (404, "not_found")
    events = owner.get(f"{document}/timeline").json()["events"]
    assert [each["event_type"] for each in events] == ["document_created"]


def test_keys_lead_to_the_generation_of_their_world(app, connect, elder, legacy_world):
    key = connect(app, legacy_world["api_key"]["secret"])

    assert key.get(f"{new_document(key)}/general-access").status_code == 200


def test_without_credentials_nobody_learns_of_the_older_paths(elder, client, connect, app, refusal):
    path = f"{new_document(elder)}/general-access"

    for token in (None, "not.a.token", "ffy_test_unknown"):
        assert refusal(connect(app, token).get(path))[0] == 404


def test_credentials_that_expired_are_refused_on_the_older_paths(
    app, client, connect, elder, legacy_world, refusal
):
    path = f"{new_document(elder)}/general-access"
    world = f"/__mock__/worlds/{legacy_world['id']}"
    body = {"user_id": legacy_world["owner"]["user_id"], "seconds": 1}
    token = client.post(f"{world}/tokens", json=body).json()["token"]
    client.post(f"{world}/clock/advance", json={"seconds": 2})

    assert refusal(connect(app, token).get(path))[2] == "expired_token"


def test_a_server_without_legacy_worlds_forgets_the_older_paths(app, client, elder, legacy_world):
    assert app.worlds.has_legacy
    client.delete(f"/__mock__/worlds/{legacy_world['id']}")

    assert not app.worlds.has_legacy


def test_every_world_is_legacy_where_the_server_is_told(document, connect):
    start = WorldOptions(settings=Settings(is_legacy=True))
    made = create_app(document, start=start, options=AppOptions(is_strict=True, raises_bugs=True))
    anybody = connect(made)
    current = anybody.post("/__mock__/worlds", json={"legacy": False}).json()["world"]

    person = connect(made, made.ready["owner"]["token"])
    assert person.get(f"{new_document(person)}/general-access").status_code == 200
    other = connect(made, current["owner"]["token"])
    assert other.get(f"{new_document(other)}/general-access").status_code == 404


@pytest.mark.parametrize(
    ("operation_id", "path"),
    [
        pytest.param("inspectDocumentAccess", "access", id="path"),
        pytest.param("getDocumentTimeline", "timeline", id="spelling"),
    ],
)
def test_strict_mode_holds_legacy_answers_to_the_legacy_shapes(document, connect, operation_id, path):
    start = WorldOptions(settings=Settings(is_legacy=True))
    made = create_app(document, start=start, options=AppOptions(is_strict=True))
    person = connect(made, made.ready["owner"]["token"])
    url = f"{new_document(person)}/{path}"
    assert person.get(url).status_code == 200
    route = made.legacy.routes.of(made.legacy.document.operations[operation_id])
    current = {
        "inspectDocumentAccess": {"document_id": "d", "general_access_level": "restricted"},
        "getDocumentTimeline": {"events": [{"event_type": "document_created"}]},
    }[operation_id]
    made.legacy.routes.put(replace(route, handler=lambda call: current))

    broken = person.get(url)

    assert broken.status_code == 500
    assert operation_id in broken.headers["x-factify-mock-violation"]


def test_the_older_document_differs_only_where_the_generations_do(document):
    older = legacy_document(document)

    def places(of: Document) -> set[tuple[str, str, str]]:
        return {(each.id, each.method, each.path) for each in of.operations.values()}

    assert places(older) - places(document) == {
        ("getGeneralAccess", "GET", f"{DOCUMENT}/general-access"),
        ("setGeneralAccess", "PUT", f"{DOCUMENT}/general-access"),
        ("inspectDocumentAccess", "GET", f"{DOCUMENT}/access"),
    }
    assert len(places(older)) == len(places(document))
    kinds = older.raw["components"]["schemas"]["TimelineEventType"]["enum"]
    current = document.raw["components"]["schemas"]["TimelineEventType"]["enum"]
    assert kinds == [event_type(kind) for kind in current]


def test_a_document_that_knows_none_of_this_has_no_older_form():
    foreign = Document.from_dict({"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {}})

    assert legacy_document(foreign) is foreign
