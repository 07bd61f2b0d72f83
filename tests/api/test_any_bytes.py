"""Whatever bytes arrive, the answer is a documented one: never a failure, always one shape of error."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factify_mock.api.app import AppOptions, create_app
from factify_mock.model.world import FREE_TIER_REQUESTS

EXAMPLES = settings(max_examples=200, derandomize=True, deadline=None, database=None)

METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY", ""])

# Pieces that reach deep into the parsers, between bytes that nobody meant.
JSON_PIECES = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b",",
    b"1e9",
    b"null",
    b'"title"',
    b'"\\u0000"',
    b"-0",
    b"\\ud800",
]
FORM_PIECES = [
    b"--x",
    b"\r\n",
    b"--x--",
    b"--x\r\n",
    b"\r\n\r\n",
    b'Content-Disposition: form-data; name="title"',
    b'Content-Disposition: form-data; name="payload"; filename="a"',
    b"Content-Type: text/plain",
    b"%PDF-1.7",
]
CONTENT_TYPES = [
    b"application/json",
    b"multipart/form-data; boundary=x",
    b"multipart/form-data",
    b"text/plain",
]


def bodies(pieces):
    return st.lists(st.one_of(st.sampled_from(pieces), st.binary(max_size=8)), max_size=25).map(b"".join)


@pytest.fixture(scope="module")
def target():
    return create_app(options=AppOptions(is_strict=True, raises_bugs=True))


@pytest.fixture(scope="module")
def ask(target, raw_to):
    """Sends bytes as the owner, whose quota never ends, and checks the shape of every refusal."""
    token = f"Bearer {target.ready['owner']['token']}".encode()
    valid = target.document.schema("ErrorResponse").is_valid

    def send(method, path, *, authorization=token, **parts):
        target.world.tables.request_limits[target.ready["organization_id"]] = FREE_TIER_REQUESTS * 1000
        headers = [(b"authorization", authorization), *parts.pop("headers", [])]
        answer = raw_to(target)(method, path, headers=headers, **parts)
        assert answer.status < 500
        if answer.status >= 400:
            assert valid(answer.body)
        return answer

    return send


@EXAMPLES
@given(method=METHODS, path=st.binary(max_size=60), query=st.binary(max_size=60))
def test_any_path(ask, method, path, query):
    ask(method, "/" + path.decode("latin-1"), query=query)


@EXAMPLES
@given(tail=st.text(st.characters(max_codepoint=255), max_size=40), query=st.binary(max_size=40))
def test_any_path_below_a_document(ask, tail, query):
    ask("GET", f"/v1beta/documents/{tail}", query=query)


@EXAMPLES
@given(
    query=st.lists(
        st.tuples(
            st.sampled_from(
                [b"page_size", b"page_token", b"created.after", b"sort", b"query", b"%ff", b"", b"\0"]
            ),
            st.binary(max_size=12),
        ),
        max_size=4,
    )
)
def test_any_query(ask, query):
    ask("GET", "/v1beta/documents", query=b"&".join(b"=".join(pair) for pair in query))


@EXAMPLES
@given(
    token=st.binary(max_size=60),
    scheme=st.sampled_from([b"Bearer ", b"bearer ffy_", b"Basic ", b"", b"Bearer a.b."]),
)
def test_any_token(ask, token, scheme):
    assert ask("GET", "/v1beta/me", authorization=scheme + token).status == 401


@EXAMPLES
@given(
    name=st.sampled_from(
        [b"content-type", b"content-length", b"prefer", b"expect", b"transfer-encoding", b"host"]
    ),
    value=st.binary(max_size=40),
)
def test_any_header(ask, name, value):
    ask("POST", "/v1beta/api-keys", headers=[(name, value)], chunks=[b"{}"])


@EXAMPLES
@given(wish=st.text(max_size=30), key=st.sampled_from(["code=", "example=", "code=4", ""]))
def test_any_preference(ask, wish, key):
    ask("GET", "/v1beta/me", headers=[(b"prefer", (key + wish).encode())])


@EXAMPLES
@given(body=bodies(JSON_PIECES), content_type=st.sampled_from(CONTENT_TYPES))
def test_any_json(ask, target, body, content_type):
    path = f"/v1beta/organizations/{target.ready['organization_id']}/invites"
    ask("POST", path, headers=[(b"content-type", content_type)], chunks=[body])


@EXAMPLES
@given(
    body=bodies(FORM_PIECES),
    content_type=st.one_of(
        st.sampled_from(CONTENT_TYPES), st.binary(max_size=30).map(b"multipart/form-data;".__add__)
    ),
    size=st.integers(1, 50),
)
def test_any_form(ask, target, body, content_type, size):
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    ask("POST", "/v1beta/documents", headers=[(b"content-type", content_type)], chunks=chunks)


@EXAMPLES
@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    )
)
def test_any_value_as_a_control_call(ask, target, value):
    body = msgspec.json.encode(value)
    for method, path in (
        ("POST", "/clock/advance"),
        ("PUT", "/quotas"),
        ("PUT", "/clock"),
        ("POST", "/tokens"),
    ):
        headers = [(b"content-type", b"application/json")]
        ask(method, f"/__mock__/worlds/{target.ready['id']}{path}", headers=headers, chunks=[body])
