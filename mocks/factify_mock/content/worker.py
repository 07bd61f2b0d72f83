"""The reading process: opens files that strangers sent, so that none of them can take the server along.

It ends when its standard input does. A file that keeps it busy for ever, or that it breaks down on, costs
this process alone; the server ends or replaces it.
"""

import os
import signal
import sys
from typing import BinaryIO

import msgspec

from factify_mock.content import jobs
from factify_mock.content.checks import check
from factify_mock.content.source import Source, Unreadable

# Address space, far above what any file of 100 MB needs; a bomb meets it before the machine's own end.
_MOST_MEMORY = 2 * 1024**3

_decode_job = msgspec.msgpack.Decoder(jobs.Job).decode


def main() -> None:
    """Do one job after the other until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends this process
    _limit_memory()
    requests, answers = sys.stdin.buffer, _private_output()
    jobs.write(answers, jobs.READY)
    while (message := jobs.read(requests)) is not None:
        jobs.write(answers, msgspec.msgpack.encode(perform(_decode_job(message))))


def perform(job: jobs.Job) -> jobs.Answer:
    """The answer to a job; a file that can't be read is an answer as well."""
    try:
        return jobs.Answer(_result(job))
    except Unreadable as error:
        return jobs.Answer(unreadable=str(error))


def _result(job: jobs.Job) -> bytes:
    match job:
        case jobs.Check(source_format, file):
            return msgspec.json.encode(check(source_format, file.source))
        case jobs.Extract(source_format, file):
            return _extracted(source_format, file.source)
        case jobs.Look(file):
            return _seen(file.source)
        case jobs.Compare(one, others):
            return _compared(one, others)
        case jobs.MakeEntryPage(title, url):
            return _entry_page(title, url)


# The libraries behind these take tenths of a second to load; a server that needs none of them pays for none.


def _extracted(source_format: str, source: Source) -> bytes:
    from factify_mock.content.records import extract  # noqa: PLC0415  # see above

    return msgspec.json.encode(extract(source_format, source))


def _seen(source: Source) -> bytes:
    from factify_mock.content.looks import looks_of  # noqa: PLC0415  # see above

    try:
        looks = looks_of(source)
    except Exception as error:
        raise Unreadable(f"not a PDF whose pages can be drawn: {error}") from error
    pages = [(page.box, page.greys) for page in looks.first]
    return msgspec.msgpack.encode(jobs.Seen(looks.pages, pages, looks.text))


def _compared(one: jobs.Seen, others: list[jobs.Seen]) -> bytes:
    from factify_mock.content.looks import Looks, PageLook, look_alike  # noqa: PLC0415  # see above

    def looks(seen: jobs.Seen) -> Looks:
        return Looks(seen.pages, tuple(PageLook(*page) for page in seen.first), seen.text)

    mine = looks(one)
    return msgspec.json.encode([look_alike(mine, looks(other)) for other in others])


def _entry_page(title: str, url: str) -> bytes:
    from factify_mock.content.entry_page import entry_page  # noqa: PLC0415  # see above

    return entry_page(title=title, url=url)


def _private_output() -> BinaryIO:
    """The pipe to the server; what a library prints goes to standard error instead of into it."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = _MOST_MEMORY if hard == resource.RLIM_INFINITY else min(_MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main()
