"""What a generated request deserves, by what the document says against it; pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from factify_contract.checks.status import error_code
from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict, describe
from factify_contract.properties.drafts import Draft
from factify_contract.properties.plain import is_ordinary, is_surely_acceptable, may_be_minded
from factify_contract.spec import Operation, Problem

ACCEPTED = "requests.valid-accepted"
NAMED = "errors.names-parameter"

# Sentences of the documentation about single values, by operation, field and broken rule.
_SENTENCES = {
    ("createDocument", "title", "minLength"): "documents.create-needs-title",
    ("createDocument", "title", "required"): "documents.create-needs-title",
    ("createDocument", "payload", "required"): "documents.create-needs-payload",
    ("createDocument", "title", "maxLength"): "documents.title-limit",
    ("createDocument", "description", "maxLength"): "documents.description-limit",
    ("updateDocument", "title", "minLength"): "requests.empty-title-refused",
    ("updateDocument", "title", "maxLength"): "documents.title-limit",
    ("updateDocument", "description", "maxLength"): "documents.description-limit",
    ("createDocumentVersion", "payload", "required"): "versions.create-needs-payload",
    ("createDocumentVersion", "title", "maxLength"): "versions.title-limit",
    ("updateVersion", "title", "maxLength"): "versions.title-limit",
    ("createApiKey", "name", "minLength"): "api-keys.name-limit",
    ("createApiKey", "name", "maxLength"): "api-keys.name-limit",
    ("revokeApiKey", "reason", "minLength"): "api-keys.revoke-reason-limit",
    ("revokeApiKey", "reason", "maxLength"): "api-keys.revoke-reason-limit",
    ("createAccessRequest", "message", "maxLength"): "access-requests.message-limit",
    ("createOrganizationInvite", "message", "maxLength"): "invites.message-limit",
    ("createOrganization", "name", "minLength"): "organizations.create-name-limit",
    ("createOrganization", "name", "maxLength"): "organizations.create-name-limit",
    ("updateOrganization", "name", "minLength"): "requests.empty-organization-name-refused",
    ("setAPIKeyQuota", "limit", "exclusiveMinimum"): "request-quota.key-limit-positive",
    ("setAPIKeyQuota", "limit", "minimum"): "request-quota.key-limit-positive",
    ("grantDocumentAccess", "recipients", "minItems"): "requests.recipient-count",
    ("grantDocumentAccess", "recipients", "maxItems"): "requests.recipient-count",
}

# What only a schema says, by broken rule.
_RULES = {
    "syntax": "transport.malformed-json-refused",
    "required": "transport.missing-required-refused",
    "type": "transport.wrong-type-refused",
    "unknown": "transport.unknown-field-refused",
    "enum": "requests.unlisted-value-refused",
    "format": "requests.malformed-value-refused",
    "pattern": "requests.malformed-value-refused",
}
_LIMITS = frozenset(
    {
        "minLength", "maxLength", "minItems", "maxItems",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    }
)  # fmt: skip

# Nothing is promised about these: keys of the query that nobody declared, a key given twice or without
# a value, no body at all, and what stands inside a list of recipients, who are answered one by one.
_UNJUDGED_RULES = frozenset({"absent", "duplicate"})
_ANSWERED_ONE_BY_ONE = ("grantDocumentAccess", "recipients[")


def clause_of(draft: Draft, problem: Problem) -> str | None:
    """The clause by which the problem has to be refused; None when nothing says that it has to."""
    operation = draft.operation.id
    if problem.rule in _UNJUDGED_RULES or (problem.rule == "unknown" and problem.location != "body"):
        return None
    if problem.location == "query" and problem.value == "":
        return None
    if operation == _ANSWERED_ONE_BY_ONE[0] and problem.param.startswith(_ANSWERED_ONE_BY_ONE[1]):
        return None
    if problem.rule == "syntax" and not has_fields(draft.operation):
        return None
    sentence = _SENTENCES.get((operation, problem.param, problem.rule))
    if sentence is not None and _counts_alike(problem):
        return sentence
    if problem.param == "page_size" and problem.location == "query":
        return "pagination.size-range"
    if problem.rule == "pattern" and _is_id(problem):
        return "identifiers.malformed-is-invalid-argument"
    if problem.rule == "required" and ("." in problem.param or "[" in problem.param):
        return "requests.schema-refused"
    if problem.rule in _LIMITS:
        return "requests.limit-refused"
    return _RULES.get(problem.rule, "requests.schema-refused")


def has_fields(operation: Operation) -> bool:
    """Whether the body can say anything; where it can't, a server has no reason to read it."""
    schemas = [media.schema for media in operation.body.media.values()] if operation.body else []
    return any(schema.get("properties") or "$ref" in schema for schema in schemas)


def _counts_alike(problem: Problem) -> bool:
    """Whether every way to count characters, and blanks at the ends, comes to the same length."""
    value = problem.value
    if problem.rule != "maxLength" or not isinstance(value, str):
        return True
    return value.isascii() and value == value.strip()


def _is_id(problem: Problem) -> bool:
    name = problem.param.rsplit(".", 1)[-1]
    return name == "id" or name.endswith("_id")


def judge(
    draft: Draft, problems: Sequence[Problem], exchange: Exchange, *, is_real: bool
) -> Iterator[Verdict]:
    """Verdicts on the answer to a generated request.

    `problems` are the document's objections; `is_real` says that the owner asked about things that
    exist and are the owner's. An answer that depends on more than the request gets no verdict.
    """
    if not problems:
        yield from _of_valid(draft, exchange, is_real=is_real)
    elif is_accepted(exchange):
        yield from _of_accepted(draft, problems, exchange)
    elif exchange.status == 400:
        yield from _of_refused(draft, problems, exchange)


def _of_valid(draft: Draft, exchange: Exchange, *, is_real: bool) -> Iterator[Verdict]:
    if not is_real or not is_surely_acceptable(draft):
        return
    if is_accepted(exchange):
        yield Verdict(ACCEPTED)
    elif error_code(exchange) == "invalid_argument":
        yield Verdict(
            ACCEPTED,
            True,
            f"{draft.operation.id} refuses a request that keeps to every documented limit",
            "any answer but invalid_argument",
            describe(exchange.content.decode("utf-8", "replace")),
        )


def _of_accepted(draft: Draft, problems: Sequence[Problem], exchange: Exchange) -> Iterator[Verdict]:
    for problem in problems:
        clause = clause_of(draft, problem)
        if clause is None:
            continue
        yield Verdict(
            clause,
            True,
            f"{draft.operation.id} accepts a request {_fault(problem)}",
            _wanted(clause, problem),
            f"{exchange.status} {describe(exchange.content.decode('utf-8', 'replace'))}",
        )


def _fault(problem: Problem) -> str:
    """What is wrong with a request that should have been refused."""
    if problem.rule == "required":
        return f"without the required {problem.param}"
    return f"in which {problem.message}"


def _wanted(clause: str, problem: Problem) -> str:
    """What should have come; the place is named where a sentence of the documentation is about it."""
    if clause in _SENTENCES.values() or problem.rule == "required":
        return f"a refusal for {problem.location} {problem.param} ({problem.rule})"
    return f"a refusal for what is wrong in the {problem.location} ({problem.rule})"


def _of_refused(draft: Draft, problems: Sequence[Problem], exchange: Exchange) -> Iterator[Verdict]:
    for clause in dict.fromkeys(clause_of(draft, problem) for problem in problems):
        if clause is not None:
            yield Verdict(clause)
    if len(problems) == 1 and error_code(exchange) == "invalid_argument" and is_ordinary(draft):
        yield from _named(draft, problems[0], exchange)


def _named(draft: Draft, problem: Problem, exchange: Exchange) -> Iterator[Verdict]:
    # Nobody has to give details; only those who do are expected to name the parameter.
    if problem.param == problem.location or not details(exchange):
        return
    given = [item["param"] for item in details(exchange) if isinstance(item.get("param"), str)]
    wanted = _names(problem.param)
    if any(_names(one) & wanted for one in given):
        yield Verdict(NAMED)
        return
    # A server that lets the problem pass may still mind something else that was sent.
    if given and all(any(may_be_minded(draft, name) for name in _names(one)) for one in given):
        return
    yield Verdict(
        NAMED,
        True,
        "The refusal does not name the parameter that is wrong",
        f"a detail whose param names {problem.param}",
        f"params {given}" if given else "no param in any detail",
    )


def _names(param: str) -> frozenset[str]:
    """The names in a dotted path, so that `body.title`, `title` and `recipients[0].role` can be compared."""
    return frozenset(part.partition("[")[0] for part in param.split(".")) | {param}


def details(exchange: Exchange) -> list[dict[str, Any]]:
    """The objects in the details of an error body; empty when there are none."""
    body = exchange.json
    found = body.get("details") if isinstance(body, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def is_accepted(exchange: Exchange) -> bool:
    """Whether the request was carried out; an answer that reports failure in its body was not.

    `success` may be left out when it is false; the text of the error tells then.
    """
    if not 200 <= exchange.status < 300:
        return False
    body = exchange.json
    if not isinstance(body, dict):
        return True
    has_failed = body.get("success") is False or ("success" not in body and bool(body.get("error")))
    return not has_failed and not (body.get("failed") and not body.get("successful"))
