"""Rules about components and references: what is used nowhere, and what leads nowhere."""

from factify_contract.errors import DocumentError
from factify_contract.spec.lint.defects import Found, Severity, rule
from factify_contract.spec.lint.survey import Call, Survey
from factify_contract.spec.references import lookup

_SUBJECTS = ("schemas", "parameters", "requestBodies", "headers")
# Fewer common names do not show that a schema describes an operation's input.
_ALIKE = 2


@rule(
    "reference-leads-nowhere",
    Severity.ERROR,
    "A reference names something that is not in the document.",
    why="No tool can read the place.",
    advice="Correct the reference, or add what it names.",
)
def reference_leads_nowhere(survey: Survey) -> Found:
    for place in survey.places:
        ref = place.node.get("$ref")
        if isinstance(ref, str):
            try:
                lookup(survey.document, ref)
            except DocumentError as error:
                yield place.pointer, str(error)


@rule(
    "component-unused",
    Severity.NOTE,
    "A component is reached from no operation.",
    why="Readers take it for part of the API, and generators make types that nothing uses.",
    advice="Remove it, or refer to it where it belongs.",
)
def component_unused(survey: Survey) -> Found:
    for kind in _SUBJECTS:
        for _, pointer, _ in survey.components(kind):
            if pointer not in survey.used:
                yield pointer, f"{pointer.rsplit('/', 1)[1]} is used nowhere"


@rule(
    "answer-shared-but-unlisted",
    Severity.WARNING,
    "An answer is described for all to share, and no operation lists it.",
    why="The service may well give it, but no client knows where to expect it.",
    advice="List it in the operations that give it, or remove it.",
)
def answer_shared_but_unlisted(survey: Survey) -> Found:
    for name, pointer, _ in survey.components("responses"):
        if pointer not in survey.used:
            yield pointer, f"{name} is listed by no operation"


@rule(
    "input-not-exposed",
    Severity.WARNING,
    "A schema that describes an operation's input has a property that the operation does not take.",
    why="It is described and cannot be used.",
    advice="Expose it as a parameter, or remove it from the schema.",
)
def input_not_exposed(survey: Survey) -> Found:
    for name, pointer, schema in survey.components("schemas"):
        if pointer in survey.used or not name.endswith("Request"):
            continue
        described = set(survey.properties(schema))
        call = max(survey.calls, key=lambda each: _alike(described, each, survey), default=None)
        if call is None or _alike(described, call, survey)[0] < _ALIKE:
            continue
        for lacking in sorted(described - _inputs(call, survey)):
            yield f"{pointer}/properties/{lacking}", f"{call.id} does not take {lacking!r}"


def _alike(described: set[str], call: Call, survey: Survey) -> tuple[int, int]:
    inputs = _inputs(call, survey)
    return len(described & inputs), -len(inputs - described)


def _inputs(call: Call, survey: Survey) -> set[str]:
    """The names of what an operation takes; of dotted names what stands before the dot."""
    names = {str(each.get("name")).partition(".")[0] for _, each in call.parameters}
    for _, _, schema in survey.body_schemas(call):
        names |= set(survey.properties(schema))
    return names
