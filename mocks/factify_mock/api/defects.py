"""Deliberate defects of the API's shell: what a mutant does to an answer, or to the question who calls."""

from dataclasses import replace
from typing import Any

import msgspec

from factify_mock.api.response import Response


def defective(response: Response, mutants: frozenset[str]) -> Response:
    """The answer as a mock with these defects gives it."""
    if response.status == 200:
        return _defective_success(response, mutants)
    if response.status >= 400:
        return _defective_refusal(response, mutants)
    return response


def _defective_success(response: Response, mutants: frozenset[str]) -> Response:
    if "responses.created-201" in mutants and b'"processing_status":"processing"' in response.body:
        return replace(response, status=201)
    if "responses.text-for-json" in mutants:
        return replace(response, content_type=b"text/plain")
    if "responses.document-without-title" in mutants:
        body = msgspec.json.decode(response.body)
        if isinstance(body.get("document"), dict):
            body["document"].pop("title", None)
            return replace(response, body=msgspec.json.encode(body))
    return response


def _defective_refusal(response: Response, mutants: frozenset[str]) -> Response:
    body: dict[str, Any] = msgspec.json.decode(response.body)
    if "errors.status-of-another-code" in mutants and body["code"] == "permission_denied":
        return replace(response, status=404)
    if "errors.unknown-code" in mutants:
        body["code"] = "bad_request"
    if "errors.unknown-reason" in mutants:
        body["details"][0]["reason"] = "because"
    if "errors.older-envelope" in mutants:
        body = {"error": {"type": body["code"], "message": body["message"]}}
    return replace(response, body=msgspec.json.encode(body))
