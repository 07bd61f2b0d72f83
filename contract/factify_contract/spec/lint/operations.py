"""Rules about operations: their names, paths, parameters, bodies and answers."""

import re
from collections import defaultdict

from factify_contract.spec.lint.defects import Found, Severity, rule
from factify_contract.spec.lint.survey import Call, Survey

_TEMPLATE = re.compile(r"\{([^}]*)\}")
_TOKENS = frozenset({"page_token", "cursor", "after", "offset", "page"})
_NEXT = frozenset({"next_page_token", "next_cursor"})


@rule(
    "operation-without-id",
    Severity.WARNING,
    "An operation has no operationId.",
    why="Clients, links and reports have no stable name for it.",
    advice="Give it one that is unique in the document.",
)
def operation_without_id(survey: Survey) -> Found:
    for call in survey.calls:
        if not isinstance(call.node.get("operationId"), str):
            yield call.pointer, call.id


@rule(
    "operation-id-twice",
    Severity.ERROR,
    "Two operations have the same operationId.",
    why="Generated clients lose one of them.",
    advice="Rename one.",
)
def operation_id_twice(survey: Survey) -> Found:
    seen: dict[str, str] = {}
    for call in survey.calls:
        first = seen.setdefault(call.id, call.pointer)
        if first != call.pointer:
            yield call.pointer, f"{call.id!r} is also the operation at {first}"


@rule(
    "path-parameter-undeclared",
    Severity.ERROR,
    "A name in a path's braces and the path parameters do not match.",
    why="No client can fill in the path.",
    advice="Declare each name of the path as a parameter with in: path, and nothing else.",
)
def path_parameter_undeclared(survey: Survey) -> Found:
    for call in survey.calls:
        named = set(_TEMPLATE.findall(call.path))
        declared = {str(each.get("name")) for _, each in call.parameters if each.get("in") == "path"}
        if odd := sorted(named ^ declared):
            yield call.pointer, f"{', '.join(odd)} in {call.path}"


@rule(
    "paths-collide",
    Severity.ERROR,
    "Two paths differ only in the names of their parameters.",
    why="Which of them answers is a matter of luck.",
    advice="Make one path of them.",
)
def paths_collide(survey: Survey) -> Found:
    shapes: dict[tuple[str, str], Call] = {}
    for call in survey.calls:
        first = shapes.setdefault((_TEMPLATE.sub("{}", call.path), call.method), call)
        if first is not call:
            yield call.pointer, f"{call.path} is the same as {first.path}"


@rule(
    "answer-undeclared",
    Severity.WARNING,
    "An operation lists no successful answer, or no error.",
    why="Clients cannot tell what comes back.",
    advice="List at least one 2xx answer and the errors that the service gives.",
)
def answer_undeclared(survey: Survey) -> Found:
    for call in survey.calls:
        responses = call.node.get("responses")
        statuses = [str(status) for status in responses] if isinstance(responses, dict) else []
        for first, what in (("2", "successful answer"), ("4", "answer of status 4xx")):
            if not any(status.startswith(first) or status == "default" for status in statuses):
                yield call.pointer, f"{call.id} has no {what}"


@rule(
    "tag-undeclared",
    Severity.NOTE,
    "An operation has a tag that the document does not declare.",
    why="Documentation sorts the operation under a heading without words, or not at all.",
    advice="Declare the tag with a sentence about it.",
)
def tag_undeclared(survey: Survey) -> Found:
    given = survey.document.get("tags")
    declared = (
        {tag.get("name") for tag in given if isinstance(tag, dict)} if isinstance(given, list) else set()
    )
    told: set[str] = set()
    for call in survey.calls:
        tags = call.node.get("tags")
        for tag in tags if isinstance(tags, list) else ():
            if tag not in declared and tag not in told:
                told.add(tag)
                yield f"{call.pointer}/tags", f"{tag!r}"


@rule(
    "body-asks-for-nothing",
    Severity.WARNING,
    "A body is required whose schema requires none of its properties, in an operation that sets something.",
    why="An empty object is valid by the document. What the service does with it, generators and tests"
    " cannot know.",
    advice="Require what the operation makes no sense without.",
)
def body_asks_for_nothing(survey: Survey) -> Found:
    for call in survey.calls:
        if call.method not in ("post", "put"):
            continue
        for _, pointer, schema in survey.body_schemas(call):
            names = sorted(survey.properties(schema))
            if names and not _asks(survey, schema):
                yield pointer, f"{call.id} takes {', '.join(names)}, all of them optional"


def _asks(survey: Survey, schema: dict[str, object]) -> bool:
    parts = [schema]
    for word in ("allOf", "anyOf", "oneOf"):
        given = schema.get(word)
        parts += [survey.resolved(part) for part in (given if isinstance(given, list) else [])]
    return any(part.get("required") or part.get("minProperties") for part in parts)


@rule(
    "item-names-nobody",
    Severity.WARNING,
    "The items of a required list leave out of their required properties the one that identifies them.",
    why="An entry that names nothing is valid by the document.",
    advice="Require the property that the entry is about.",
)
def item_names_nobody(survey: Survey) -> Found:
    told: set[str] = set()
    for call in survey.calls:
        for _, pointer, schema in survey.body_schemas(call):
            for name, value in survey.properties(schema).items():
                item = survey.resolved(value.get("items"))
                required = item.get("required") or ()
                subject = name.removesuffix("s")
                if required and subject in survey.properties(item) and subject not in required:
                    place = f"{pointer}/properties/{name}/items"
                    if place not in told:
                        told.add(place)
                        yield place, f"{subject!r} is optional in each of {name!r} of {call.id}"


@rule(
    "server-field-in-body",
    Severity.WARNING,
    "A body has a property that only the server sets.",
    why="Clients send it and wonder that it has no effect, or servers heed it and let a client choose ids.",
    advice="Take it out of the body; it belongs to the answer.",
)
def server_field_in_body(survey: Survey) -> Found:
    for call in survey.calls:
        for _, pointer, schema in survey.body_schemas(call):
            for name, value in survey.properties(schema).items():
                if value.get("readOnly") is True or _is_server_set(value):
                    yield f"{pointer}/properties/{name}", f"{name!r} in the body of {call.id}"


_SERVER_SET = re.compile(
    r"server[- ](?:generated|set|assigned)"
    r"|(?:set|generated|assigned) by the (?:server|service|gateway|handler)"
    r"|populated by|internal use|ignored (?:if|when) sent",
    re.IGNORECASE,
)


def _is_server_set(schema: dict[str, object]) -> bool:
    return bool(_SERVER_SET.search(str(schema.get("description", ""))))


@rule(
    "more-without-a-way",
    Severity.WARNING,
    "A list says that it has more, and there is no way to ask for it.",
    why="What is behind the first page cannot be reached.",
    advice="Add a page token to the parameters and the next one to the answer.",
)
def more_without_a_way(survey: Survey) -> Found:
    for call in survey.calls:
        asked = {str(each.get("name")) for _, each in call.parameters}
        for schema in survey.success_schemas(call):
            answered = survey.properties(schema)
            if "has_more" in answered and not (asked & _TOKENS and answered.keys() & _NEXT):
                yield call.pointer, f"{call.id} answers has_more"


@rule(
    "pages-by-another-name",
    Severity.NOTE,
    "A list pages by other names than all other lists.",
    why="Clients that read all pages by one piece of code read only the first of this one.",
    advice="Name the parameter and the token as elsewhere.",
)
def pages_by_another_name(survey: Survey) -> Found:
    by_name: dict[str, list[Call]] = defaultdict(list)
    for call in survey.calls:
        names = {str(each.get("name")) for _, each in call.parameters if each.get("in") == "query"}
        for name in names & _TOKENS & {"page_token", "cursor", "offset", "page"}:
            by_name[name].append(call)
    usual = max(by_name, key=lambda name: len(by_name[name]), default="")
    for name, calls in sorted(by_name.items()):
        if name != usual and 2 * len(calls) < len(by_name[usual]):
            yield from ((call.pointer, f"{call.id} pages by {name!r}, others by {usual!r}") for call in calls)


@rule(
    "parameter-in-two-places",
    Severity.NOTE,
    "Operations that change one thing take the same input in different places: query, header or body.",
    why="Clients put it where the other operation wants it, and it is refused or lost.",
    advice="Take it in one place.",
)
def parameter_in_two_places(survey: Survey) -> Found:
    places: dict[tuple[str, str], dict[str, Call]] = defaultdict(dict)
    for call in survey.calls:
        if call.method == "get":
            continue  # a filter of a list may well have the name of a field
        for _, each in call.parameters:
            if each.get("in") in ("query", "header"):
                places[call.path, str(each.get("name"))].setdefault(str(each["in"]), call)
        for _, _, schema in survey.body_schemas(call):
            for name in survey.properties(schema):
                places[call.path, name].setdefault("body", call)
    for (_, name), held in places.items():
        if len({call.id for call in held.values()}) > 1 and len(held) > 1:
            told = ", ".join(f"{place} of {call.id}" for place, call in held.items())
            yield next(iter(held.values())).pointer, f"{name!r} is in the {told}"
