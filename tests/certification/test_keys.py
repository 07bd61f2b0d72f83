"""Keys are made once, kept from others, and told apart."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from factify_contract.certification.keys import load_public_key, load_signer, make_keys, public_path
from factify_contract.errors import UsageError


def test_private_key_is_for_its_owner_alone(tmp_path, command):
    code, text = command("keygen", "--output", tmp_path / "key")

    assert code == 0
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert (tmp_path / "key").read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert (tmp_path / "key.pub").read_text().startswith("-----BEGIN PUBLIC KEY-----")
    assert load_public_key(tmp_path / "key.pub").keyid in text


@pytest.mark.parametrize("taken", ["key", "key.pub"])
def test_nothing_is_overwritten(tmp_path, command, taken):
    (tmp_path / taken).write_text("precious")
    code, text = command("keygen", "--output", tmp_path / "key")

    assert (code, "never overwritten" in text) == (2, True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(taken, "precious")]


def test_halves_belong_together(tmp_path):
    made = make_keys(tmp_path / "key")

    assert load_signer(tmp_path / "key").public_key == load_public_key(public_path(tmp_path / "key")) == made


def test_halves_are_not_mistaken_for_each_other(tmp_path):
    make_keys(tmp_path / "key")
    with pytest.raises(UsageError, match="looks like a public key"):
        load_signer(tmp_path / "key.pub")
    with pytest.raises(
        UsageError, match=r"looks like a private key: keep that to yourself and give 'key\.pub'"
    ):
        load_public_key(tmp_path / "key")


def test_other_keys_are_refused(tmp_path):
    key = generate_private_key(SECP256R1())
    path = tmp_path / "key"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "pub").write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (tmp_path / "locked").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    )
    (tmp_path / "garbage").write_bytes(b"\x00\xff")

    with pytest.raises(UsageError, match="is no Ed25519 key"):
        load_signer(path)
    with pytest.raises(UsageError, match="is no Ed25519 key"):
        load_public_key(tmp_path / "pub")
    with pytest.raises(UsageError, match="is encrypted"):
        load_signer(tmp_path / "locked")
    with pytest.raises(UsageError, match="no private key in PEM form"):
        load_signer(tmp_path / "garbage")
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_public_key(tmp_path / "none")
