"""The published Python SDK 1.0.1 where it calls an older generation: at home in a legacy world only."""

from pathlib import Path

import pytest
from factify import Factify as Sdk
from factify import errors

LETTER = Path(__file__).parent / "letter.pdf"


@pytest.fixture
def legacy_world(factify_server):
    world = factify_server.new_world(legacy=True)
    yield world
    world.close()


@pytest.fixture
def elder(legacy_world):
    """The owner in a legacy world."""
    with Sdk(bearer_auth=legacy_world.owner.token, server_url=legacy_world.url) as client:
        yield client


@pytest.fixture
def owner(factify):
    """The owner in a world of the current contract."""
    with Sdk(bearer_auth=factify.owner.token, server_url=factify.url) as client:
        yield client


def new_document(client):
    with LETTER.open("rb") as letter:
        made = client.documents.create(
            payload={"file_name": "letter.pdf", "content": letter}, title="Lease", access_level="private"
        )
    return made.result.document.id


def test_permissions_are_inspected_in_a_legacy_world(elder):
    inspected = elder.access_requests.inspect(document_id=new_document(elder)).result

    assert inspected.permission_set.trash is True


def test_elsewhere_the_sdk_takes_general_access_for_permissions_and_drops_it(owner):
    document_id = new_document(owner)

    inspected = owner.access_requests.inspect(document_id=document_id).result

    assert (inspected.document_id, inspected.permission_set) == (document_id, None)


def test_general_access_is_got_and_set_in_a_legacy_world(elder):
    document_id = new_document(elder)
    got = elder.sharing.get_general_access(document_id=document_id).result
    assert got.general_access_level == "restricted"

    changed = elder.sharing.set_general_access(
        document_id=document_id, general_access_level="anyone_with_link"
    ).result

    assert changed.general_access_level == "anyone_with_link"
    got = elder.sharing.get_general_access(document_id=document_id).result
    assert got.general_access_level == "anyone_with_link"
    assert elder.documents.get(document_id=document_id).result.document.access_level == "public"


def test_elsewhere_general_access_is_not_found(owner):
    document_id = new_document(owner)

    for call in (
        lambda: owner.sharing.get_general_access(document_id=document_id),
        lambda: owner.sharing.set_general_access(
            document_id=document_id, general_access_level="organization"
        ),
    ):
        with pytest.raises(errors.ErrorResponse) as caught:
            call()
        assert caught.value.data.code == "not_found"


def test_the_timeline_is_read_in_a_legacy_world(elder):
    document_id = new_document(elder)
    elder.documents.update(document_id=document_id, title="Lease of the mill")

    first = elder.timelines.get(document_id=document_id, page_size=1).result
    rest = elder.timelines.get(document_id=document_id, cursor=first.next_cursor).result

    assert [event.event_type for event in (*first.events, *rest.events)] == [
        "TIMELINE_EVENT_TYPE_DOCUMENT_UPDATED",
        "TIMELINE_EVENT_TYPE_DOCUMENT_CREATED",
    ]
    assert (first.has_more, rest.has_more, rest.next_cursor) == (True, False, None)


def test_elsewhere_the_sdk_knows_no_kind_of_event(owner):
    with pytest.raises(errors.ResponseValidationError, match="event_type"):
        owner.timelines.get(document_id=new_document(owner))


def test_the_rest_of_a_legacy_world_is_as_ever(elder, legacy_world):
    document_id = new_document(elder)
    granted = elder.sharing.grant(
        document_id=document_id, recipients=[{"recipient": legacy_world.member.email, "role": "viewer"}]
    ).result
    assert granted.successful == 1

    elder.documents.trash(document_id=document_id, body={})

    assert elder.documents.list().result.items == []
    assert elder.users.get_me().result.user.id == legacy_world.owner.user_id
