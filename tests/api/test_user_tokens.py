"""User tokens against a JWT library, in both directions."""

from datetime import UTC, datetime

import jwt
import pytest

from factify_mock.tokens import Signer

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def signer(app):
    return app.worlds.signer


def test_a_library_reads_and_verifies_an_issued_token(app, signer, world):
    token = signer.issue(app.world, world["owner"]["user_id"], NOW)

    claims = jwt.decode(
        token, signer.secret, algorithms=["HS256"], issuer="factify-mock", options={"verify_exp": False}
    )

    assert claims["sub"] == world["owner"]["user_id"]
    assert claims["email"] == "owner@northwind.example"
    assert claims["wld"] == world["id"]
    assert claims["exp"] - claims["iat"] == 365 * 24 * 3600


def test_a_token_that_a_library_made_of_the_same_claims_is_genuine(app, signer, world):
    token = signer.issue(app.world, world["owner"]["user_id"], NOW)
    claims = jwt.decode(token, options={"verify_signature": False})

    again = jwt.encode(claims, signer.secret, algorithm="HS256")

    assert signer.verify(again) == signer.verify(token)


def test_signers_of_another_seed_are_strangers(app, signer, world):
    token = signer.issue(app.world, world["owner"]["user_id"], NOW)

    assert Signer(1).verify(token) is None
    assert Signer(0).verify(token) is not None


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"sub": "user_x"}, id="incomplete"),
        pytest.param({"sub": 1, "email": "", "wld": "", "iat": 0, "exp": 0}, id="of-other-types"),
        pytest.param({"sub": "u", "email": "", "wld": "", "iat": 0, "exp": "soon"}, id="without-a-number"),
    ],
)
def test_signed_claims_of_another_shape_are_not_genuine(signer, claims):
    assert signer.verify(jwt.encode(claims, signer.secret, algorithm="HS256")) is None
