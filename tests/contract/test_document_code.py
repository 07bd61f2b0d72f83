"""The code samples of the shipped document run, and each one calls its own operation with a valid request."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from jsonschema import Draft202012Validator

FILE = Path(__file__).resolve().parents[2] / "openapi-with-samples.json"
DOCUMENT = json.loads(FILE.read_text())
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
UPLOADS = ("agreement.pdf", "agreement-v2.pdf", "logo.png")
NODE = shutil.which("node")
ORIGIN = "https://api.factify.com"
HARNESS = """
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const calls = {};
for (const item of Object.values(JSON.parse(readFileSync(process.argv[2])).paths)) {
  for (const { operationId, responses, "x-codeSamples": samples } of Object.values(item)) {
    const made = (calls[operationId] = []);
    const answer = Object.values(responses["200"].content["application/json"].examples)[0].value;
    globalThis.fetch = async (target, options = {}) => {
      const request = new Request(target, options);
      const type = request.headers.get("content-type") ?? "";
      made.push({
        method: request.method,
        url: request.url,
        authorization: request.headers.get("authorization"),
        body: type.startsWith("multipart/") ? [...(await request.formData()).keys()] : await request.text(),
      });
      return Response.json(answer);
    };
    writeFileSync(`${operationId}.mjs`, samples.find(({ lang }) => lang === "TypeScript").source);
    try {
      await import(pathToFileURL(`${operationId}.mjs`));
    } catch (error) {
      made.push({ error: String(error) });
    }
  }
}
writeFileSync("calls.json", JSON.stringify(calls));
"""
Validate = Callable[..., Draft202012Validator]

each_operation = pytest.mark.parametrize("operation_id", OPERATIONS)


def source(operation_id: str, language: str) -> str:
    (sample,) = [s for s in OPERATIONS[operation_id][2]["x-codeSamples"] if s["lang"] == language]
    return sample["source"]


def pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


def is_public(operation: dict[str, Any]) -> bool:
    return {} in operation.get("security", [])


def check_request(operation_id: str, method: str, url: str, authorization: str | None) -> None:
    """The request names the operation, only its parameters, and carries a token unless none is needed."""
    path, expected, operation = OPERATIONS[operation_id]
    target = httpx.URL(url)
    assert method == expected.upper()
    assert f"{target.scheme}://{target.host}" == ORIGIN
    assert pattern(path).fullmatch(target.path)
    declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
    required = {
        p["name"] for p in operation.get("parameters", []) if p["in"] == "query" and p.get("required")
    }
    sent = {name for name, _ in parse_qsl(target.query.decode())}
    assert required <= sent <= declared
    assert is_public(operation) == (authorization is None)


def check_body(operation_id: str, body: str, validator: Validate) -> None:
    path, method, operation = OPERATIONS[operation_id]
    if "requestBody" not in operation:
        assert not body
        return
    keys = ("paths", path, method, "requestBody", "content", "application/json", "schema")
    validator(*keys).validate(json.loads(body))


def form_fields(operation_id: str) -> set[str]:
    content = OPERATIONS[operation_id][2].get("requestBody", {}).get("content", {})
    if "multipart/form-data" not in content:
        return set()
    name = content["multipart/form-data"]["schema"]["$ref"].rsplit("/", 1)[1]
    return set(DOCUMENT["components"]["schemas"][name]["properties"])


@each_operation
def test_there_is_one_sample_for_each_language(operation_id: str) -> None:
    samples = OPERATIONS[operation_id][2]["x-codeSamples"]
    assert [(sample["lang"], sample["label"]) for sample in samples] == [
        ("Shell", "curl"),
        ("Python", "Python"),
        ("TypeScript", "TypeScript"),
    ]


@each_operation
def test_the_curl_sample_makes_a_valid_call(operation_id: str, validator: Validate) -> None:
    command, *words = shlex.split(source(operation_id, "Shell").replace("\\\n", " "))
    options: dict[str, list[str]] = {}
    positional = []
    while words:
        word = words.pop(0)
        if word == "--get":
            options[word] = []
        elif word.startswith("--"):
            options.setdefault(word, []).append(words.pop(0))
        else:
            positional.append(word)
    assert command == "curl"
    assert options.keys() <= {"--get", "--request", "--header", "--data", "--data-urlencode", "--form"}
    (url,) = positional
    query = httpx.QueryParams([tuple(pair.split("=", 1)) for pair in options.get("--data-urlencode", [])])
    headers = dict(header.split(": ", 1) for header in options.get("--header", []))
    method = options.get("--request", ["GET"])[0]
    check_request(operation_id, method, f"{url}?{query}", headers.get("Authorization"))
    assert headers.get("Authorization", "Bearer $FACTIFY_TOKEN") == "Bearer $FACTIFY_TOKEN"
    fields = {field.split("=", 1)[0] for field in options.get("--form", [])}
    assert fields <= form_fields(operation_id)
    if fields:
        assert "payload" in fields
        return
    body = "".join(options.get("--data", []))
    check_body(operation_id, body, validator)
    assert (headers.get("Content-Type") == "application/json") == bool(body)


@each_operation
def test_the_python_sample_runs(
    operation_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, validator: Validate
) -> None:
    requests: list[httpx.Request] = []
    media = OPERATIONS[operation_id][2]["responses"]["200"]["content"]["application/json"]
    answer = next(iter(media["examples"].values()))["value"]
    if "pagination" in answer:
        answer = {**answer, "pagination": {"has_more": False, "next_page_token": ""}}

    def respond(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        request.read()
        requests.append(request)
        return httpx.Response(200, json=answer)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", respond)
    monkeypatch.setenv("FACTIFY_TOKEN", "token")
    monkeypatch.chdir(tmp_path)
    for name in UPLOADS:
        Path(name).write_bytes(b"%PDF-1.7")
    exec(compile(source(operation_id, "Python"), f"{operation_id}.py", "exec"), {})
    (request,) = requests
    check_request(operation_id, request.method, str(request.url), request.headers.get("authorization"))
    if form_fields(operation_id):
        assert b'name="payload"; filename=' in request.content
    else:
        check_body(operation_id, request.content.decode(), validator)


@pytest.fixture(scope="module")
def typescript_calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    if NODE is None:
        pytest.skip("node is not installed")
    version = subprocess.run([NODE, "--version"], check=True, capture_output=True, text=True).stdout
    if int(version.removeprefix("v").split(".")[0]) < 20:
        pytest.skip(f"the samples need node 20 or newer, not {version.strip()}")
    folder = tmp_path_factory.mktemp("typescript")
    for name in UPLOADS:
        (folder / name).write_bytes(b"%PDF-1.7")
    (folder / "harness.mjs").write_text(HARNESS)
    subprocess.run(
        [NODE, "harness.mjs", str(FILE)],
        cwd=folder,
        env={**os.environ, "FACTIFY_TOKEN": "token"},
        check=True,
        capture_output=True,
        timeout=60,
    )
    return json.loads((folder / "calls.json").read_text())


@each_operation
def test_the_typescript_sample_runs(
    operation_id: str, typescript_calls: dict[str, list[dict[str, Any]]], validator: Validate
) -> None:
    call, *others = typescript_calls[operation_id]
    assert "error" not in call
    check_request(operation_id, call["method"], call["url"], call["authorization"])
    if form_fields(operation_id):
        assert "payload" in call["body"]
        assert set(call["body"]) <= form_fields(operation_id)
    else:
        check_body(operation_id, call["body"], validator)
    assert [other for other in others if "error" in other or other["url"].startswith(ORIGIN)] == []
