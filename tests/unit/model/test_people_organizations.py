"""Organizations are made with an owner, shown to members, changed by managers, and known to all by name."""

import base64

import pytest

from factify_mock.model import logos, members, organizations, roles, users

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def update(cast, actor, **changes):
    return organizations.update(cast.world, actor, organization_id=cast.organization_id, **changes)


def upload(cast, actor, content):
    return logos.upload(cast.world, actor, organization_id=cast.organization_id, content=content)


def test_who_creates_an_organization_owns_it(cast):
    made = organizations.create(cast.world, cast.invitee, cast.now, name="Inlet")

    assert roles.role_of(cast.world, cast.invitee, made.id) == "owner"
    assert [each.role for each in members.all_of(cast.world, cast.invitee, made.id)] == ["owner"]
    assert (made.name, made.created_at) == ("Inlet", cast.now)


def test_nobody_makes_an_organization_for_somebody_else(cast, refusal):
    def create(actor, owner):
        return organizations.create(cast.world, actor, cast.now, name="X", owner_user_id=owner)

    assert roles.role_of(cast.world, cast.owner, create(cast.owner, cast.seeded.owner.id).id) == "owner"
    assert refusal(lambda: create(cast.owner, cast.seeded.admin.id)) == FORBIDDEN


def test_key_has_to_name_a_member_of_its_organization_as_owner(cast, refusal):
    def create(owner):
        return organizations.create(cast.world, cast.key, cast.now, name="X", owner_user_id=owner)

    assert refusal(lambda: create(None)) == (
        "invalid_argument",
        "missing_required_field",
        "owner_user_id",
    )
    assert refusal(lambda: create(cast.seeded.outsider.id)) == FORBIDDEN
    assert roles.role_of(cast.world, cast.member, create(cast.seeded.member.id).id) == "owner"


def test_organization_is_hidden_from_those_outside(cast, refusal):
    def get(actor):
        return roles.require_member(cast.world, actor, cast.organization_id)

    assert get(cast.member).id == get(cast.key).id == cast.organization_id
    assert refusal(lambda: get(cast.outsider)) == NOT_FOUND


def test_viewable_are_ones_own_oldest_first_and_by_ones_own_role(cast):
    cast.passes(days=1)
    second = organizations.create(cast.world, cast.member, cast.now, name="Second")

    def names(actor, *wanted):
        found = organizations.viewable(cast.world, actor, roles_wanted=wanted)
        return [each.name for each in found]

    assert names(cast.member) == ["Northwind Archive", "Second"]
    assert names(cast.member, "owner") == [second.name]
    assert names(cast.member, "owner", "member") == ["Northwind Archive", "Second"]
    assert names(cast.member, "admin") == []
    assert names(cast.invitee) == []
    assert names(cast.key) == names(cast.key, "admin") == ["Northwind Archive"]


def test_managers_change_name_and_logo_and_none_changes_nothing(cast, refusal):
    renamed = update(cast, cast.admin, name="Northwind")
    assert (renamed.name, renamed.logo_image_url) == ("Northwind", None)

    with_logo = update(cast, cast.owner, logo_image_url="https://example.com/logo.png")
    assert (with_logo.name, with_logo.logo_image_url) == ("Northwind", "https://example.com/logo.png")

    assert update(cast, cast.key) == with_logo
    assert organizations.public_profile(cast.world, cast.organization_id) == with_logo
    assert refusal(lambda: update(cast, cast.member, name="Mine")) == FORBIDDEN
    assert refusal(lambda: update(cast, cast.outsider, name="Mine")) == NOT_FOUND


def test_name_longer_than_an_organization_may_have_is_refused(cast, refusal):
    assert len(update(cast, cast.owner, name="x" * 255).name) == 255
    assert refusal(lambda: update(cast, cast.owner, name="x" * 256)) == (
        "invalid_argument",
        "invalid_field_value",
        "name",
    )


def test_public_profile_of_an_unknown_organization_is_not_found(cast, refusal):
    unknown = "org_00000000000000000000000000"

    assert refusal(lambda: organizations.public_profile(cast.world, unknown)) == NOT_FOUND


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(PIXEL, "image/png", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", id="jpeg"),
        pytest.param(b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp", id="webp"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", id="svg"),
        pytest.param(
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a -->\n<svg>", "image/svg+xml", id="svg in xml"
        ),
        pytest.param(b"RIFF\x24\x00\x00\x00WAVEfmt ", None, id="wave"),
        pytest.param(b"GIF89a", None, id="gif"),
        pytest.param(b"<?xml version='1.0'?><html/>", None, id="other xml"),
        pytest.param(b"<svgx>", None, id="other element"),
        pytest.param(b"%PDF-1.7", None, id="pdf"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_images_are_recognised_by_their_first_bytes(content, kind):
    assert logos.media_type(content) == kind


def test_uploaded_logo_is_kept_once_and_changes_nothing_else(cast):
    before = cast.world.tables.organizations[cast.organization_id]

    first = upload(cast, cast.admin, PIXEL)
    second = upload(cast, cast.owner, PIXEL)

    assert first == second == cast.world.tables.logos[first.id]
    assert (first.media_type, first.content) == ("image/png", PIXEL)
    assert cast.world.tables.organizations[cast.organization_id] == before


def test_logo_may_have_two_megabytes_and_no_byte_more(cast, refusal):
    largest = PIXEL + bytes(logos.LARGEST - len(PIXEL))

    assert len(upload(cast, cast.owner, largest).content) == 2_097_152
    assert refusal(lambda: upload(cast, cast.owner, largest + b"\0")) == (
        "invalid_argument",
        "invalid_field_value",
        "image_data",
    )


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "missing_required_field"), (b"GIF89a", "invalid_field_value")]
)
def test_what_is_no_logo_is_refused(cast, refusal, content, reason):
    assert refusal(lambda: upload(cast, cast.owner, content)) == (
        "invalid_argument",
        reason,
        "image_data",
    )
    assert cast.world.tables.logos == {}


def test_logo_is_uploaded_by_managers_only(cast, refusal):
    assert refusal(lambda: upload(cast, cast.member, PIXEL)) == FORBIDDEN
    assert refusal(lambda: upload(cast, cast.outsider, PIXEL)) == NOT_FOUND


def test_users_are_found_whatever_the_case_of_their_address(cast):
    found = users.by_email(cast.world, "OWNER@Northwind.Example")

    assert found == cast.seeded.owner
    assert users.for_email(cast.world, cast.now, email="owner@NORTHWIND.example") == cast.seeded.owner


def test_stranger_becomes_a_user_named_by_the_address(cast):
    made = users.for_email(cast.world, cast.now, email="New@Person.example")

    assert (made.name, made.email) == ("New@Person.example", "New@Person.example")
    assert users.by_email(cast.world, "new@person.EXAMPLE") == made


def test_address_belongs_to_one_user_only(cast):
    with pytest.raises(ValueError, match="belongs to a user"):
        users.create(cast.world, cast.now, email="Owner@northwind.example", name="Twin")


def test_account_of_ones_own_is_for_users_only(cast, refusal):
    assert users.require_user(cast.world, cast.member) == cast.seeded.member
    assert refusal(lambda: users.require_user(cast.world, cast.key)) == FORBIDDEN
    assert refusal(lambda: users.preferences(cast.world, cast.key)) == FORBIDDEN
    assert not users.preferences(cast.world, cast.member).has_completed_hub_onboarding
