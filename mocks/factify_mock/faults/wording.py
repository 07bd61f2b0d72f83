"""Fault plans in the words of the control plane, refused where the document makes them impossible."""

from collections.abc import Iterable, Mapping
from typing import Any

from factify_contract.errors import advice_on
from factify_contract.spec import Operation
from factify_mock.api.routes import Routes
from factify_mock.faults.documented import MESSAGES, REASONS_OF_CODE, codes_of_status, statuses
from factify_mock.faults.plan import FILES, Fault, Plan, Refusal
from factify_mock.model.errors import invalid, missing
from factify_mock.worlds import Sandbox

Words = Mapping[str, Any]

_GATEWAY_STATUS = 403
_RETRY_AFTER = 1
# The statuses whose answers may say when to come back (RFC 6585 4, RFC 9110 10.2.3).
_MAY_SAY_WHEN = (429, 503)
_OUTCOMES = ("status", "gateway", "drop", "truncate_after", "malformed_json")
_OF_A_REFUSAL = ("code", "reason", "message", "param", "retry_after")
_PEOPLE = ("owner", "admin", "member", "outsider", "invitee")


def plan_of(words: Words, *, operations: Mapping[str, Operation], routes: Routes, sandbox: Sandbox) -> Plan:
    """The plan that the words ask for; a DomainError names what the document, or sense, forbids."""
    chosen = _operations(words.get("operations", []), operations)
    _require_one_outcome(words)
    outcome = _outcome(words, chosen, operations, routes)
    after, times = _when(words)
    return Plan(
        operations=frozenset(chosen),
        subject=_subject(words["actor"], sandbox) if "actor" in words else None,
        after=after,
        times=times,
        takes_effect=_takes_effect(words),
        delay_seconds=words.get("delay_seconds", 0.0),
        bytes_per_second=words.get("bytes_per_second"),
        **outcome,
    )


def words_of(fault: Fault) -> dict[str, Any]:
    """A plan as it was asked for, and how often it was asked and fired."""
    times = fault.plan.times
    return {
        "id": fault.id,
        "plan": fault.words,
        "matched": fault.matched,
        "fired": fault.fired,
        "left": None if times is None else times - fault.fired,
    }


def _operations(names: list[str], known: Mapping[str, Operation]) -> list[str]:
    for name in names:
        if name != FILES and name not in known:
            advice = advice_on(name[:100], known, otherwise="its operationIds are in the document")
            raise invalid("operations", f"The document has no operation {name[:100]!r}; {advice}")
    return names


def _subject(actor: str, sandbox: Sandbox) -> str:
    """The id that an actor's calls are known by."""
    ready, tables = sandbox.ready, sandbox.world.tables
    if actor in _PEOPLE:
        return str(ready[actor]["user_id"])
    if actor == "api_key":
        return str(ready["api_key"]["id"])
    if actor in tables.users or actor in tables.api_keys or actor in tables.key_by_bot:
        return actor
    names = ", ".join((*_PEOPLE, "api_key"))
    raise invalid("actor", f"Nobody here is {actor[:100]!r}; give {names}, or the id of a user or a key")


def _require_one_outcome(words: Words) -> None:
    given = [name for name in _OUTCOMES if words.get(name) not in (None, False)]
    if "status" in given and "gateway" in given:
        given.remove("status")
    if len(given) > 1:
        raise invalid(given[1], f"{' and '.join(given)} exclude each other: a call fails in one way")
    if not given and "delay_seconds" not in words and "bytes_per_second" not in words:
        names = ", ".join((*_OUTCOMES, "delay_seconds", "bytes_per_second"))
        raise missing("status", f"The plan does not say what goes wrong; give one of {names}")
    if "drop" in given and "bytes_per_second" in words:
        raise invalid("bytes_per_second", "A dropped connection has no body that could be slow")
    if "status" not in given:
        for name in _OF_A_REFUSAL:
            if name in words and not (name == "retry_after" and "gateway" in given):
                raise invalid(name, f"{name} belongs to a refusal of the API: it needs a status, no gateway")


def _outcome(
    words: Words, chosen: list[str], operations: Mapping[str, Operation], routes: Routes
) -> dict[str, Any]:
    if words.get("gateway"):
        return _gateway(words)
    if "status" in words:
        return {"refusal": _refusal(words, chosen, operations, routes)}
    if words.get("malformed_json") and FILES in chosen:
        raise invalid("malformed_json", "Files are no JSON; truncate_after cuts them")
    return {
        "drop": words.get("drop"),
        "truncate_after": words.get("truncate_after"),
        "is_malformed": words.get("malformed_json", False),
    }


def _gateway(words: Words) -> dict[str, Any]:
    status = words.get("status", _GATEWAY_STATUS)
    if status < 400:
        raise invalid("status", f"{status} is no failure; a gateway refuses with 4xx or 5xx")
    return {"gateway_status": status, "gateway_retry_after": _retry_after(words, status, None)}


def _refusal(words: Words, chosen: list[str], operations: Mapping[str, Operation], routes: Routes) -> Refusal:
    status: int = words["status"]
    if status < 400:
        raise invalid("status", f"{status} is no failure; for a sample ask with `Prefer: code={status}`")
    if FILES in chosen:
        raise invalid("status", "The document says nothing of files' addresses; say gateway: true")
    concerned = [operations[name] for name in chosen] or list(operations.values())
    if routes.is_foreign:
        _require_declared(status, concerned, also=())
        for name in ("code", "reason", "message", "param"):
            if name in words:
                raise invalid(
                    name, f"{name} is a word of Factify's errors, which this document does not have"
                )
        return Refusal(status, retry_after=_retry_after(words, status, None))
    _require_declared(status, concerned, also=statuses())
    codes = codes_of_status(status)
    code = words.get("code", next(iter(codes), None))
    if code not in codes:
        raise invalid("code", f"An error of status {status} has the code {_or(codes)}, not {code!r}")
    reasons = REASONS_OF_CODE[code]
    reason = words.get("reason", next(iter(reasons), None))
    if reason is not None and reason not in reasons:
        raise invalid("reason", f"With {code} goes {_or(reasons) or 'no reason'}, not {reason!r}")
    if "param" in words and code != "invalid_argument":
        raise invalid("param", f"Only an invalid_argument names a param, not {code}")
    return Refusal(
        status=status,
        code=code,
        reason=reason,
        message=words.get("message", MESSAGES[code]),
        param=words.get("param"),
        retry_after=_retry_after(words, status, reason),
    )


def _require_declared(status: int, concerned: Iterable[Operation], *, also: tuple[int, ...]) -> None:
    """Return where each operation may answer so: it says it itself, or the error table says it for all."""
    for operation in concerned:
        if status not in also and operation.response_for(status) is None:
            possible = sorted({*(int(each) for each in operation.responses if each.isdigit()), *also})
            shown = _or(tuple(str(each) for each in possible if each >= 400)) or "no failure"
            message = f"{operation.id} can't answer {status}: the document knows {shown} for it"
            raise invalid("status", f"{message}. Say gateway: true where it comes from in front of the API")


def _retry_after(words: Words, status: int, reason: str | None) -> int | None:
    if words.get("retry_after") is not None and status not in _MAY_SAY_WHEN:
        raise invalid("retry_after", f"Retry-After goes with {_or(('429', '503'))}, not with {status}")
    if "retry_after" in words:
        given: int | None = words["retry_after"]
        return given
    return _RETRY_AFTER if reason == "rate_limit_exceeded" else None


def _when(words: Words) -> tuple[int, int | None]:
    if "nth" not in words:
        return words.get("after", 0), words.get("times", 1)
    for name in ("after", "times"):
        if name in words:
            raise invalid(name, f"nth says it all: the plan strikes once, so that {name} has no place")
    return words["nth"] - 1, 1


def _takes_effect(words: Words) -> bool:
    """Whether the call is carried out; an answer that is only late or broken comes from a call that was."""
    can_choose = any(words.get(name) for name in ("status", "gateway", "drop"))
    if not can_choose and words.get("takes_effect") is False:
        raise invalid(
            "takes_effect", "What is late, cut or malformed is the answer to a call that took effect"
        )
    return bool(words.get("takes_effect", not can_choose))


def _or(names: tuple[str, ...]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
