"""Who is let in, as whom, and what the others are told."""

from datetime import timedelta

import pytest

HOME = "/v1beta/me"
LIST = "/v1beta/documents"


def test_without_credentials_an_api_key_is_missing(client, refusal):
    answer = client.get(HOME)

    assert refusal(answer) == (401, "unauthenticated", "missing_api_key", None)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        pytest.param("", "authentication_required", id="empty"),
        pytest.param("Bearer", "authentication_required", id="scheme-alone"),
        pytest.param("Bearer   ", "authentication_required", id="blank-token"),
        pytest.param("Basic dXNlcjpwYXNz", "authentication_required", id="another-scheme"),
        pytest.param("Bearer nonsense", "invalid_token", id="no-token-at-all"),
        pytest.param("Bearer a.b.c", "invalid_token", id="three-parts"),
        pytest.param("Bearer " + "x" * 5000, "invalid_token", id="five-thousand-characters"),
        pytest.param("Bearer ffy_test_" + "x" * 5000, "invalid_api_key", id="long-key"),
        pytest.param("Bearer ffy_", "invalid_api_key", id="key-prefix-alone"),
        pytest.param("Bearer ffy_prod_01jd4h5unknown", "invalid_api_key", id="unknown-key"),
        pytest.param("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "invalid_token", id="unsigned"),
    ],
)
def test_bad_credentials_are_told_apart(client, refusal, header, reason):
    answer = client.get(HOME, headers={"Authorization": header})

    assert refusal(answer) == (401, "unauthenticated", reason, None)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"Bearer \xff\xfe", id="not-ascii"),
        pytest.param(b"Bearer a\x00b", id="nul"),
        pytest.param(b"Bearer " + b"\xe4" * 5000, id="long-and-not-ascii"),
        pytest.param("Bearer ü.é.è".encode(), id="utf-8"),
    ],
)
def test_a_token_of_any_bytes_is_refused(raw, value):
    answer = raw("GET", HOME, headers=[(b"authorization", value)])

    assert answer.status == 401
    assert answer.body["details"][0]["reason"] == "invalid_token"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "BeArEr"])
def test_the_scheme_may_be_written_in_any_case(client, world, scheme):
    answer = client.get(HOME, headers={"Authorization": f"{scheme} {world['member']['token']}"})

    assert answer.json()["user"]["id"] == world["member"]["user_id"]


def test_a_changed_token_is_not_genuine(client, world, refusal):
    head, claims, signature = world["owner"]["token"].split(".")
    forged = f"{head}.{claims[:-2]}AA.{signature}"

    assert refusal(client.get(HOME, headers={"Authorization": f"Bearer {forged}"}))[2] == "invalid_token"


def test_a_user_token_expires_on_the_clock_of_its_world(app, owner, refusal):
    app.world.clock.advance(timedelta(days=364))
    assert owner.get(HOME).status_code == 200

    app.world.clock.advance(timedelta(days=1))

    assert refusal(owner.get(HOME)) == (401, "unauthenticated", "expired_token", None)


def test_a_key_acts_for_its_organization(signed_in, world):
    answer = signed_in("api_key").get("/v1beta/organizations")

    assert [each["id"] for each in answer.json()["items"]] == [world["organization_id"]]


def test_a_key_made_by_a_call_lets_in_at_once_and_a_revoked_one_no_more(app, owner, world, connect, refusal):
    made = owner.post(
        "/v1beta/api-keys", json={"organization_id": world["organization_id"], "name": "ci"}
    ).json()
    key = connect(app, made["secret"])
    assert key.get(LIST).status_code == 200

    owner.post(f"/v1beta/api-keys/{made['api_key']['id']}/revoke", json={})

    assert refusal(key.get(LIST)) == (401, "unauthenticated", "invalid_api_key", None)


def test_a_key_stops_at_the_instant_it_expires(app, owner, world, connect, refusal):
    body = {"organization_id": world["organization_id"], "name": "ci", "expires_at": "2026-05-02T12:00:00Z"}
    key = connect(app, owner.post("/v1beta/api-keys", json=body).json()["secret"])
    assert key.get(LIST).status_code == 200

    app.world.clock.advance(timedelta(days=1))

    assert refusal(key.get(LIST)) == (401, "unauthenticated", "expired_api_key", None)


@pytest.mark.parametrize("path", [HOME, "/v1beta/user-preferences"])
def test_a_key_is_refused_where_only_people_may_call(signed_in, refusal, path):
    assert refusal(signed_in("api_key").get(path)) == (
        403,
        "permission_denied",
        "insufficient_permissions",
        None,
    )


def test_a_membership_counts_from_the_call_after_it_was_made(owner, signed_in, world):
    invitee = signed_in("invitee")
    assert invitee.get("/v1beta/organizations").json()["items"] == []

    members = f"/v1beta/organizations/{world['organization_id']}/members"
    owner.post(members, json={"user_id": world["invitee"]["user_id"], "role": "member"}).raise_for_status()

    assert len(invitee.get("/v1beta/organizations").json()["items"]) == 1


def test_a_public_profile_needs_no_credentials(client, world):
    answer = client.get(f"/v1beta/organizations/{world['organization_id']}/public-profile")

    assert answer.json() == {"display_name": "Northwind Archive"}


def test_a_public_profile_is_found_in_whichever_world_has_the_organization(client):
    other = client.post("/__mock__/worlds").json()["world"]

    answer = client.get(f"/v1beta/organizations/{other['organization_id']}/public-profile")

    assert answer.status_code == 200


def test_a_public_profile_does_not_mind_a_bad_token(client, world):
    path = f"/v1beta/organizations/{world['organization_id']}/public-profile"

    assert client.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 200


def test_a_public_profile_of_no_world_is_not_found(client, refusal):
    answer = client.get("/v1beta/organizations/org_00000000000000000000000000/public-profile")

    assert refusal(answer) == (404, "not_found", "resource_not_found", None)


def test_credentials_are_checked_before_parameters_and_body(client, raw, refusal):
    assert refusal(client.get("/v1beta/documents/nonsense"))[0] == 401
    assert raw("POST", "/v1beta/documents", chunks=[b"{"]).status == 401
