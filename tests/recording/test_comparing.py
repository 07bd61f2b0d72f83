"""A recording played elsewhere: no difference where there is none, and every one where there are."""

import json

import pytest

from factify_contract.cli import main


@pytest.fixture
def compared(capsys):
    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(["compare", *map(str, words)])
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


def test_our_mock_differs_in_nothing_from_itself(compared, our_day):
    code, said, _ = compared(our_day.path)

    lines = len(our_day.path.read_text().splitlines()) - 1
    assert said == f"{lines} exchanges compared, 0 skipped, 0 differences in 0 operations\n"
    assert code == 0


def test_another_implementation_differs_in_nothing_from_itself(compared, their_day, their_profile):
    code, said, _ = compared(their_day.path, "--profile", their_profile, "--allow-writes")

    # It hides what is not there by 403, so that an id which nothing explains may be anybody's.
    assert "  skipped  1 times: no earlier answer tells what doc_" in said
    assert (code, said.endswith(" 1 skipped, 0 differences in 0 operations\n")) == (0, True), said


# What the second implementation does otherwise where nothing is written.
CHOSEN_OTHERWISE = {
    ("listDocuments", "body.items.*.description", "null", "absent"),
    ("acceptOrganizationInvite", "body.organization.logo_image_url", "null", "absent"),
    ("getMe", "body.details.*.help", "url", "absent"),
    ("getDocument", "refusal", "invalid_argument/invalid_field_value", "invalid_argument/invalid_id_format"),
}


def test_where_another_implementation_chose_otherwise_is_listed(compared, their_day):
    code, said, _ = compared(their_day.path, "--format", "json")

    found = json.loads(said)
    assert code == 1
    assert found["agrees"] is False
    assert found["compared"] >= 35
    assert found["skipped"] == 1
    places = {
        (name, each["place"], each["recorded"], each["actual"])
        for name, seen in found["operations"].items()
        for each in seen["differences"]
    }
    assert places >= CHOSEN_OTHERWISE
    assert [each for each in places if each[1] in ("status", "media type")] == []


def test_a_defect_of_the_mock_is_a_difference(compared, our_day):
    code, said, _ = compared(our_day.path, "--mock-option", "--mutant responses.created-201")

    assert code == 1
    assert "createDocument: 2 compared, 0 skipped\n  differs  status: recorded 200, here 201" in said


def test_markdown_and_a_file(compared, our_day, tmp_path):
    page = tmp_path / "drift.md"
    words = ["--mock-option", "--mutant responses.created-201", "--format", "markdown", "--output", page]

    code, said, _ = compared(our_day.path, *words)

    assert (code, said) == (1, "")
    text = page.read_text()
    assert text.startswith("# Comparison with a recording\n\n")
    assert "| createDocument | status | 200 | 201 | 2 times: lines " in text


def test_a_target_that_offers_no_sandbox_is_not_written_to_unless_allowed(compared, our_day, tmp_path):
    from factify_contract.launch import running_mock

    with running_mock() as ready:
        profile = tmp_path / "ready.json"
        profile.write_text(json.dumps({**ready, "control_url": None}))
        said = compared(our_day.path, "--profile", profile, "--format", "json")[1]
        allowed = json.loads(
            compared(our_day.path, "--profile", profile, "--allow-writes", "--format", "json")[1]
        )

    skipped = json.loads(said)["operations"]["createDocument"]["skipped"]
    assert list(skipped.values()) == [2]
    assert allowed["operations"]["createDocument"] == {"compared": 2, "skipped": {}, "differences": []}


ALONE = ("getMe", "createDocument", "getDocument", "listDocuments", "createOrganizationInvite")


@pytest.fixture
def stranger(our_day, tmp_path):
    """The calls of the owner alone, recorded of somebody whom nobody named."""
    lines = our_day.path.read_text().splitlines()
    head = {**json.loads(lines[0]), "callers": []}
    own = [
        line for line in lines[1:] if '"caller":"owner"' in line and json.loads(line)["operation"] in ALONE
    ]
    path = tmp_path / "stranger.jsonl"
    path.write_text("\n".join([json.dumps(head), *own]).replace('"caller":"owner"', '"caller":"secret-99"'))
    return path


def test_the_owner_stands_for_a_single_caller_without_a_name(compared, stranger):
    said = compared(stranger)[1]

    assert " 0 differences " in said
    assert "nobody stands for" not in said


def test_somebody_else_can_stand_for_a_caller(compared, stranger):
    code, said, _ = compared(stranger, "--caller", "secret-99=member")

    assert code == 1
    assert (
        "createOrganizationInvite: 1 compared, 0 skipped\n  differs  status: recorded 200, here 403" in said
    )


@pytest.mark.parametrize(
    ("caller", "said"),
    [
        ("nobody=owner", "nobody of that name calls in the recording"),
        ("owner=chief", "the target has no 'chief', only owner"),
        ("owner", "is not of the form CALLER=NAME"),
    ],
)
def test_a_caller_that_makes_no_sense_is_named(compared, our_day, caller, said):
    code, _, errors = compared(our_day.path, "--caller", caller)

    assert code == 2
    assert said in errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no recording of format 1"),
        ('{"recording": 2}', "no recording of format 1"),
        ('{"recording": 1}\n{"operation": "getMe"}', "line 2 of"),
        ('{"recording": 1}\nnonsense', "line 2 of"),
        ("[]", "line 1 of"),
    ],
)
def test_what_is_no_recording_is_one_sentence(compared, tmp_path, text, said):
    path = tmp_path / "broken.jsonl"
    path.write_text(text)

    code, _, errors = compared(path)

    assert code == 2
    assert said in errors
    assert len(errors.splitlines()) == 1


def test_a_recording_of_nothing_agrees_with_nothing(compared, tmp_path):
    path = tmp_path / "empty.jsonl"
    path.write_text('{"recording": 1, "callers": []}\n')

    code, said, _ = compared(path)

    assert (code, said) == (
        1,
        "0 exchanges compared, 0 skipped, 0 differences in 0 operations: nothing could be compared\n",
    )
