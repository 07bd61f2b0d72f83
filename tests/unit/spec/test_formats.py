"""Instants, base64 and identifiers."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factify_contract.spec import Document, is_timestamp, is_type_id, parse_timestamp
from factify_contract.spec.formats import is_base64


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-05T09:00:00Z", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05t09:00:00z", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05T09:00:00+02:30", datetime(2026, 1, 5, 6, 30, tzinfo=UTC)),
        ("2026-01-05T09:00:00-00:00", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05T09:00:00.1Z", datetime(2026, 1, 5, 9, 0, 0, 100_000, tzinfo=UTC)),
        ("2026-01-05T09:00:00.123456789Z", datetime(2026, 1, 5, 9, 0, 0, 123_456, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2016-12-31T15:59:60-08:00", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0000-02-29T00:00:00Z", datetime.min.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:59", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59-23:59", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_an_instant(text: str, instant: datetime) -> None:
    assert parse_timestamp(text) == instant
    assert parse_timestamp(text).utcoffset() == timedelta(0)


NO_TIMESTAMPS = [
    "2026-01-05T09:00:00",
    "2026-01-05 09:00:00Z",
    "2026-01-05T09:00Z",
    "2026-01-05",
    "2026-02-30T09:00:00Z",
    "2023-02-29T09:00:00Z",
    "2026-01-05T24:00:00Z",
    "2026-01-05T09:60:00Z",
    "2026-01-05T09:00:60Z",
    "2026-01-05T23:59:61Z",
    "2026-01-05T23:59:60+01:00",
    "2026-01-05T09:00:00+24:00",
    "2026-01-05T09:00:00+01:60",
    "2026-01-05T09:00:00+0100",
    "2026-01-05T09:00:00.Z",
    "2026-01-05T09:00:00Z\n",
    " 2026-01-05T09:00:00Z",
    "٢026-01-05T09:00:00Z",
    "12026-01-05T09:00:00Z",
    "",
]


@pytest.mark.parametrize("text", NO_TIMESTAMPS)
def test_anything_else_is_none(text: str) -> None:
    assert not is_timestamp(text)
    with pytest.raises(ValueError):
        parse_timestamp(text)


def test_a_number_is_no_timestamp() -> None:
    assert not is_timestamp(1767603600)


def number(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda value: f"{value:02}")


TIMESTAMPS = st.builds(
    "{:04}-{}-{}{}{}:{}:{}{}{}".format,
    st.sampled_from([0, 1, 4, 1900, 1972, 2000, 2023, 2024, 9999]),
    number(0, 13),
    number(0, 32),
    st.sampled_from(["T", "t", " "]),
    st.sampled_from(["00", "09", "23", "24"]),
    st.sampled_from(["00", "29", "59", "60"]),
    st.sampled_from(["00", "59", "60", "61"]),
    st.sampled_from(["", ".0", ".123456789", "."]),
    st.sampled_from(["Z", "z", "", "+00:00", "-00:01", "+23:59", "-08:00", "+24:00", "+1:00"]),
)


@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(text=TIMESTAMPS)
def test_reading_and_validation_agree_on_what_a_timestamp_is(shipped: Document, text: str) -> None:
    validator = shipped.validator({"format": "date-time"})

    assert is_timestamp(text) == validator.is_valid(text)


@settings(max_examples=100, derandomize=True, deadline=None, database=None)
@given(raw=st.binary(max_size=40))
def test_what_was_encoded_is_base64(raw: bytes) -> None:
    assert is_base64(base64.b64encode(raw).decode())


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("doc_01kjpx8nh0f8evexv91se3gdjq", True),
        ("doc_01kjpx8nh0f8evexv91se3gdj", False),
        ("doc_01kjpx8nh0f8evexv91se3gdjqq", False),
        ("doc_01KJPX8NH0F8EVEXV91SE3GDJQ", False),
        ("doc_01kjpx8nh0f8evexv91se3gdji", False),
        ("ver_01kjpx8nh0f8evexv91se3gdjq", False),
        ("doc_01kjpx8nh0f8evexv91se3gdjq\n", False),
        (5, False),
    ],
)
def test_an_identifier_has_a_prefix_and_26_characters(text: object, valid: bool) -> None:
    assert is_type_id(text, "doc") is valid
