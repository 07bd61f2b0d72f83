"""Ed25519 keys in PEM files: made, and read for signing and for checking."""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey

from factify_contract.errors import UsageError


def public_path(private: Path) -> Path:
    """Where the public half of a key goes."""
    return private.with_name(private.name + ".pub")


def make_keys(path: Path) -> SSlibKey:
    """Writes a new private key to `path`, for its owner's eyes only, and the public one beside it.

    UsageError when one of the files is there already, or cannot be written; nothing is written then.
    """
    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _create(public_path(path), public, 0o644)
    try:
        _create(path, secret, 0o600)
    except UsageError:
        public_path(path).unlink()
        raise
    return SSlibKey.from_crypto(private.public_key())


def _create(path: Path, content: bytes, mode: int) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except FileExistsError:
        raise UsageError(
            f"{str(path)!r} is there already and keys are never overwritten; take another name"
        ) from None
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written: {error.strerror}") from error


def load_signer(path: Path) -> CryptoSigner:
    """What signs with the private key in the PEM file; UsageError when there is none."""
    content = _content(path)
    try:
        key = load_pem_private_key(content, None)
    except TypeError as error:
        raise UsageError(
            f"the key {str(path)!r} is encrypted; give one without a passphrase, for example from"
            " factify-contract keygen"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        hint = "it looks like a public key" if b"PUBLIC KEY" in content else "make one with keygen"
        raise UsageError(f"there is no private key in PEM form in {str(path)!r}; {hint}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"the key {str(path)!r} is no Ed25519 key; make one with factify-contract keygen")
    return CryptoSigner(key)


def load_public_key(path: Path) -> SSlibKey:
    """The public key in the PEM file; UsageError when there is none."""
    content = _content(path)
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        hint = (
            f"it looks like a private key: keep that to yourself and give {public_path(path).name!r}"
            if b"PRIVATE KEY" in content
            else "ask whoever signed the certificate for it"
        )
        raise UsageError(f"there is no public key in PEM form in {str(path)!r}; {hint}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"the key {str(path)!r} is no Ed25519 key, and certificates are signed with those")
    return SSlibKey.from_crypto(key)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"the key {str(path)!r} cannot be read: {error.strerror}") from error
