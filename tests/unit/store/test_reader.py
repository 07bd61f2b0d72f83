"""The reading process: started late, replaced when a file breaks it, gone when it is not needed."""

import asyncio

import msgspec
import pytest

from factify_contract.scenarios.pdf import pdf
from factify_mock.content import jobs
from factify_mock.content.source import Unreadable
from factify_mock.store.reader import Reader


@pytest.fixture
def reader():
    made = Reader()
    yield made
    made.close()


def ask(reader, job):
    return asyncio.run(reader.ask(job))


def check(reader, content, source_format="pdf"):
    return msgspec.json.decode(ask(reader, jobs.Check(source_format, jobs.File.of(content))))


def test_jobs_are_done_one_after_the_other_by_one_process(reader, tmp_path):
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf("Lease"))

    assert check(reader, pdf("Lease")) == 1
    process = reader._process
    assert check(reader, path) == 1
    assert ask(reader, jobs.MakeEntryPage("Lease", "https://app.factify.com/d/1")).startswith(b"%PDF-")
    assert reader._process is process


def test_nothing_is_started_before_there_is_something_to_read(reader):
    assert reader._process is None


def test_broken_file_leaves_the_process_alone(reader):
    with pytest.raises(Unreadable, match="not a readable pdf"):
        check(reader, b"%PDF-1.7 obj")
    process = reader._process

    assert check(reader, pdf("Lease")) == 1
    assert reader._process is process


def test_process_that_ended_in_between_is_replaced(reader):
    check(reader, pdf("Lease"))
    reader._process._popen.kill()

    assert check(reader, pdf("Lease")) == 1


def test_job_that_takes_too_long_costs_the_process():
    reader = Reader(seconds=0.0)
    try:
        with pytest.raises(Unreadable, match="too long"):
            check(reader, pdf("Lease"))
        assert not reader._process.is_alive
    finally:
        reader.close()


def test_process_that_does_not_start_is_no_fault_of_the_file(reader, monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/true")

    with pytest.raises(RuntimeError, match="did not start"):
        check(reader, pdf("Lease"))


def test_many_callers_at_once_get_their_own_answers(reader):
    contents = [pdf(f"page {number}") for number in range(8)]

    async def all_at_once():
        wanted = (jobs.Extract("pdf", jobs.File.of(each)) for each in contents)
        return await asyncio.gather(*(reader.ask(job) for job in wanted))

    answers = asyncio.run(all_at_once())

    assert [f"page {number}".encode() in answer for number, answer in enumerate(answers)] == [True] * 8


def test_closed_reader_reads_nothing_more(reader):
    check(reader, pdf("Lease"))
    process = reader._process._popen
    reader.close()

    assert process.returncode is not None
    with pytest.raises(Unreadable):
        check(reader, pdf("Lease"))


def test_forgotten_reader_takes_its_process_along():
    reader = Reader()
    check(reader, pdf("Lease"))
    process = reader._process._popen
    del reader

    assert process.wait(timeout=30) is not None
