"""Documents that others wrote: nothing here is made to measure for one API."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factify_contract.errors import DocumentError
from factify_contract.spec import (
    Document,
    MethodNotAllowed,
    Operation,
    Router,
    invalid_samples,
    parameter_sample,
    request_sample,
    sample,
)

FOREIGN = Path(__file__).parent / "foreign"
NAMES = ["galaxy.yaml", "petstore.yaml", "request-examples.json", "star-trek.json"]


@pytest.fixture(scope="module", params=NAMES)
def foreign(request: pytest.FixtureRequest) -> Document:
    return Document.load(FOREIGN / request.param)


def path_values(operation: Operation) -> dict[str, Any]:
    return {parameter.name: parameter_sample(parameter) for parameter in operation.path_parameters}


def statuses(operation: Operation) -> list[int]:
    """A status for each response of the operation."""
    return [int(one.replace("XX", "00")) if one != "default" else 599 for one in operation.responses]


@pytest.mark.parametrize(
    ("name", "title", "base_path", "count"),
    [
        ("galaxy.yaml", "Scalar Galaxy", "", 9),
        ("petstore.yaml", "Swagger Petstore", "/v2", 20),
        ("request-examples.json", "Support for request body and parameter examples", "/anything", 11),
        ("star-trek.json", "STAPI", "/api/v1/rest", 120),
    ],
)
def test_it_loads(name: str, title: str, base_path: str, count: int) -> None:
    document = Document.load(FOREIGN / name)

    assert (document.title, document.base_path, len(document.operations)) == (title, base_path, count)


def test_every_operation_is_routed(foreign: Document) -> None:
    router = Router(foreign.operations.values(), prefix=foreign.base_path)

    for operation in foreign.operations.values():
        values = path_values(operation)
        path = operation.format_path(values)
        assert foreign.router.match(operation.method, path).operation is operation
        match = router.match(operation.method, foreign.base_path + path)
        assert match.operation is operation
        assert operation.parse_path(match.values) == (values, [])


def test_a_method_that_is_not_there_is_not_allowed(foreign: Document) -> None:
    for operation in foreign.operations.values():
        with pytest.raises(MethodNotAllowed) as caught:
            foreign.router.match("TRACE", operation.format_path(path_values(operation)))
        assert operation.method in caught.value.allowed


def test_every_answer_has_a_sample_that_is_valid(foreign: Document) -> None:
    for operation in foreign.operations.values():
        for status in statuses(operation):
            made = sample(operation, status)
            media = operation.response_for(status).media
            assert (made.media_type is None) == (not media)
            if media:
                assert media[made.media_type].validator.problems(made.value) == []


def test_every_request_has_a_sample_that_is_valid(foreign: Document) -> None:
    for operation in foreign.operations.values():
        if operation.body:
            made = request_sample(operation)
            assert operation.body.media[made.media_type].validator.problems(made.value) == []


def test_every_query_parameter_takes_its_own_sample(foreign: Document) -> None:
    for operation in foreign.operations.values():
        for parameter in operation.query_parameters:
            value = parameter_sample(parameter)
            texts = value if isinstance(value, list) and parameter.explode else [value]
            written = [(parameter.name, parameter.write(text)) for text in texts]
            values, problems = operation.parse_query(written)
            assert values == {parameter.name: value}
            assert [one for one in problems if one.rule != "required"] == []


def test_samples_that_break_their_own_schema_are_known_and_never_used() -> None:
    document = Document.load(FOREIGN / "request-examples.json")

    broken = {(one.operation_id, one.place, one.name) for one in invalid_samples(document)}

    # Objects written as text where the schema asks for an object.
    assert broken == {
        (f"{method} /requestBody-primitive-example", place, name)
        for method in ("PATCH", "PUT")
        for place in ("request", "200")
        for name in ("cat", "dog")
    }
    answer = sample(document.operations["PATCH /requestBody-primitive-example"])
    assert answer.name == "generated"
    assert isinstance(answer.value, dict)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "request-examples.json"])
def test_the_other_documents_keep_their_word(name: str) -> None:
    assert list(invalid_samples(Document.load(FOREIGN / name))) == []


def test_examples_of_properties_make_the_sample() -> None:
    document = Document.load(FOREIGN / "galaxy.yaml")

    planet = sample(document.operations["getPlanet"]).value

    assert planet["name"] == "Mars"


def test_keys_and_headers_of_the_petstore_are_read() -> None:
    document = Document.load(FOREIGN / "petstore.yaml")
    find, delete = document.operations["findPetsByStatus"], document.operations["deletePet"]

    assert find.parse_query([("status", "sold"), ("status", "pending")])[0] == {"status": ["sold", "pending"]}
    assert [one.param for one in find.parse_query([("status", "eaten")])[1]] == ["status"]
    assert delete.parse_headers([("API_KEY", "special-key")]) == ({"api_key": "special-key"}, [])
    assert delete.requires_auth
    assert not document.operations["logoutUser"].requires_auth


PETSTORE = Document.load(FOREIGN / "petstore.yaml").raw
JUNK = st.sampled_from([None, True, 0, -1.5, "", "text", [], ["x"], {}, {"$ref": "#/nowhere"}, {"x": 1}])


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(data=st.data())
def test_a_damaged_petstore_is_served_or_refused_in_a_sentence(data: st.DataObject) -> None:
    raw = copy.deepcopy(PETSTORE)
    node: Any = raw
    while True:
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(JUNK)

    sentence = ""
    try:
        for operation in Document.from_dict(raw).operations.values():
            operation.parse_query([("a", "b")])
            for status in statuses(operation):
                sample(operation, status)
    except DocumentError as error:
        sentence = str(error)

    assert "\n" not in sentence
