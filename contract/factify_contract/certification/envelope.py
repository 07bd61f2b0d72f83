"""The DSSE envelope around a certificate, signed with Ed25519 and written in exactly one way."""

import json
from typing import Any

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from factify_contract.canonical import canonical_json
from factify_contract.certification.certificate import PAYLOAD_TYPE, Certificate, NoCertificate


def sealed(certificate: Certificate, signer: CryptoSigner) -> bytes:
    """The bytes of the certificate's file: one line of JSON."""
    envelope = Envelope(certificate.statement(), PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return _written(envelope)


def opened(content: bytes, key: SSlibKey | None) -> Certificate:
    """The certificate in a file's bytes; NoCertificate when they are none, or not signed with the key.

    Without a key the signature is not looked at, so that nothing is proved. JSON and base64 can write
    one envelope in many ways, of which only the one that `sealed` writes is accepted.
    """
    envelope = _read(content)
    if _written(envelope) != content:
        raise NoCertificate("it is not written in the one form that certificates have")
    if key is not None:
        try:
            envelope.verify([key], 1)
        except VerificationError as error:
            raise NoCertificate(
                f"it is not signed with this key ({key.keyid[:16]}…), or was altered"
            ) from error
    if envelope.payload_type != PAYLOAD_TYPE:
        raise NoCertificate(f"it holds {envelope.payload_type!r} instead of {PAYLOAD_TYPE!r}")
    return Certificate.read(envelope.payload)


def signing_key_id(content: bytes) -> str:
    """The id of the key that the file says it is signed with."""
    return next(iter(_read(content).signatures))


def _written(envelope: Envelope) -> bytes:
    return canonical_json(envelope.to_dict()) + b"\n"


def _read(content: bytes) -> Envelope:
    try:
        raw = json.loads(content)
        _check_shape(raw)
        return Envelope.from_dict(raw)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoCertificate(f"it is no DSSE envelope: {error}") from error


def _check_shape(raw: Any) -> None:
    """Raises ValueError for anything beside one signed payload: unsigned fields could say anything."""
    if not isinstance(raw, dict) or set(raw) != {"payload", "payloadType", "signatures"}:
        raise ValueError("an object with payload, payloadType and signatures is expected")
    signatures = raw["signatures"]
    if not isinstance(signatures, list) or len(signatures) != 1:
        raise ValueError("exactly one signature is expected")
    texts = [raw["payload"], raw["payloadType"]]
    if not isinstance(signatures[0], dict) or set(signatures[0]) != {"keyid", "sig"}:
        raise ValueError("a signature with keyid and sig is expected")
    texts += signatures[0].values()
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("payload, payloadType, keyid and sig are texts")
