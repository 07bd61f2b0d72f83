"""Asking for processing: nothing to do while it runs or when it is done, another try after a failure."""

from dataclasses import replace

import pytest

from factify_mock.model import processing, versions

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)


def process(cast, actor, document, **fields):
    version, outcome = processing.process(cast.world, actor, cast.now, document_id=document.id, **fields)
    return version.id, outcome.removeprefix("PROCESSING_OUTCOME_")


@pytest.fixture
def failing(cast, make_document, slow_processing):
    """A document whose processing takes ten seconds and fails."""
    slow_processing(10)
    document = make_document(cast.owner)
    table = cast.world.tables.versions
    table[document.current_version_id] = replace(table[document.current_version_id], failed=True)
    return document


def test_outcome_follows_the_state_of_the_current_version(cast, make_document, slow_processing):
    slow_processing(10)
    document = make_document(cast.owner)

    assert process(cast, cast.owner, document) == (document.current_version_id, "ALREADY_PROCESSING")
    cast.passes(seconds=10)
    assert process(cast, cast.owner, document) == (document.current_version_id, "ALREADY_COMPLETED")


def test_failed_version_is_started_anew_or_answered_as_failed(cast, failing):
    cast.passes(seconds=10)
    version = cast.world.tables.versions[failing.current_version_id]
    assert processing.status_of(version, cast.now) == "failed"

    assert process(cast, cast.owner, failing)[1] == "FAILED"
    assert process(cast, cast.owner, failing, wait=False)[1] == "STARTED"
    assert process(cast, cast.owner, failing)[1] == "ALREADY_PROCESSING"
    cast.passes(seconds=10)
    assert process(cast, cast.owner, failing)[1] == "FAILED"


def test_older_version_can_be_named(cast, make_document, make_upload, refusal):
    document, other = make_document(cast.owner), make_document(cast.owner)
    versions.create(cast.world, cast.owner, cast.now, document_id=document.id, upload=make_upload())
    first = document.current_version_id

    assert process(cast, cast.owner, document, version_id=first) == (first, "ALREADY_COMPLETED")
    foreign = other.current_version_id
    assert refusal(lambda: process(cast, cast.owner, document, version_id=foreign)) == NOT_FOUND


def test_processing_takes_a_collaborator(cast, make_document, refusal):
    document = make_document(cast.owner)

    assert refusal(lambda: process(cast, cast.member, document)) == FORBIDDEN
    assert refusal(lambda: process(cast, cast.outsider, document)) == NOT_FOUND
