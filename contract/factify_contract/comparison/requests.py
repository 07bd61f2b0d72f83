"""A recorded request in the words of the target, or the reason why it cannot be asked there."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from factify_contract.comparison.correspondence import Correspondence, is_named
from factify_contract.comparison.files import stand_in
from factify_contract.comparison.recording import Recorded
from factify_contract.scenarios.png import png
from factify_contract.target import Identity, Target
from factify_contract.transport import Upload

# A thing that is not there is refused like this, whether it is somebody else's or made up.
_AS_IF_ABSENT = frozenset({400, 401, 404})
_ACCEPT = "acceptOrganizationInvite"
_MALFORMED = "malformed"
_TOO_LARGE = 413


class Unplayable(Exception):
    """The request cannot be asked of the target; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What `Transport.send` takes, apart from the operation."""

    actor: str
    token: str | None
    arguments: Mapping[str, Any]


class Translator:
    """Says recorded requests in the target's words."""

    def __init__(self, target: Target, known: Correspondence, callers: Mapping[str, str]) -> None:
        """`callers` are names of identities of the target by the callers of the recording."""
        self._target = target
        self._known = known
        self._callers = callers

    def asking(self, recorded: Recorded) -> Asking:
        """The request; Unplayable says why there is none."""
        actor, token = self._caller(recorded)
        words = _Words(self, recorded)
        query: dict[str, Any] = {}
        for name, value in recorded.query:
            query.setdefault(name, []).append(words.text(value))
        arguments: dict[str, Any] = {
            "path": {name: words.text(value) for name, value in recorded.path.items()},
            "query": query,
        }
        body = recorded.body or {}
        if "json" in body:
            arguments["json"] = words.value(body["json"])
            # `null` is a body too, which the transport takes for none.
            if arguments["json"] is None:
                arguments |= {"content": b"null", "headers": {"content-type": "application/json"}}
        elif "form" in body:
            arguments |= self._form(recorded, words)
        elif "bytes" in body:
            # Nobody's bytes: whatever could be read was recorded as JSON or as a form.
            arguments |= {"content": b"x" * body["bytes"], "headers": {"content-type": "application/json"}}
        return Asking(actor, token, arguments)

    def _caller(self, recorded: Recorded) -> tuple[str, str | None]:
        caller = recorded.caller
        if caller is None:
            return "anonymous", None
        if caller == _MALFORMED:
            raise Unplayable("its Authorization header was none of the API's")
        if (identity := self.identity(caller)) is not None:
            return identity.name, identity.token
        if (token := self._known.get(caller)) is not None:
            return caller, token
        raise Unplayable(f"nobody stands for the caller {caller}; name one with --caller {caller}=owner")

    def identity(self, caller: str | None) -> Identity | None:
        """Who of the target stands for a caller; None where nobody does."""
        return self._target.identities.get(self._callers.get(caller or "", caller or ""))

    def _form(self, recorded: Recorded, words: "_Words") -> dict[str, Any]:
        parts: list[list[Any]] = (recorded.body or {})["form"]
        data: dict[str, str] = {}
        files: dict[str, Upload] = {}
        for name, part in parts:
            if isinstance(part, str):
                data[name] = words.text(part)
                continue
            made = stand_in(part["format"], part["content"])
            if made is None:
                raise Unplayable(f"no file can be made that stands for a {part['format'] or 'nameless'} file")
            _require_good_file(recorded, name in _blamed(recorded) or recorded.status == _TOO_LARGE)
            content, media_type = made if part["size"] else (b"", made[1])
            files[name] = (f"{part['content']}.{part['format']}", content, media_type)
        return {"data": data, "files": files}

    def stand_in(self, text: str, recorded: Recorded) -> str:
        """What stands in the target for a name of the recording; Unplayable where nothing does."""
        if (known := self._known.get(text)) is not None:
            return known
        if text.startswith("person-"):
            return text  # nobody of whom anything is known; the address is as good as another
        if text.startswith("secret-"):
            return self._mailed(text, recorded)
        if text.startswith("image-"):
            _require_good_file(recorded, recorded.is_refused)
            return base64.b64encode(png()).decode()
        if (own := self._own(text)) is not None:
            self._known.learn(text, own)
            return own
        if recorded.status in _AS_IF_ABSENT and not text.startswith("page-"):
            return text
        raise Unplayable(f"no earlier answer tells what {text} is")

    def _own(self, text: str) -> str | None:
        """The target's own organization or one of its policies, which no call need have introduced."""
        candidates: tuple[str, ...] = ()
        if text.startswith("org_"):
            candidates = (self._target.organization_id,)
        elif text.startswith("pol_"):
            candidates = self._target.policy_ids
        return next((each for each in candidates if each and not self._known.stands(each)), None)

    def _mailed(self, text: str, recorded: Recorded) -> str:
        mailbox, identity = self._target.mailbox, self.identity(recorded.caller)
        if recorded.operation != _ACCEPT or recorded.is_refused:
            raise Unplayable(f"no earlier answer tells what {text} is")
        if mailbox is None or identity is None or not identity.email:
            raise Unplayable("the token came by mail, and the target has no mailbox that is known")
        token = mailbox.latest_token(identity.email)
        if token is None:
            raise Unplayable("the token came by mail, and the target sent none")
        self._known.learn(text, token)
        return token


def _require_good_file(recorded: Recorded, is_blamed: bool) -> None:
    if is_blamed:
        raise Unplayable("a file was refused, and files are not in the recording")


def _blamed(recorded: Recorded) -> set[str]:
    """The parts of the request that a refusal names."""
    body = (recorded.answer or {}).get("json")
    details = body.get("details") if isinstance(body, Mapping) else None
    return {
        str(each.get("param"))
        for each in (details if isinstance(details, list) else ())
        if recorded.is_refused and isinstance(each, Mapping)
    }


@dataclass(frozen=True, slots=True)
class _Words:
    """Translates the values of one request."""

    translator: Translator
    recorded: Recorded

    def text(self, text: str) -> str:
        return self.translator.stand_in(text, self.recorded) if is_named(text) else text

    def value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self.value(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return self.text(value) if isinstance(value, str) else value
