"""Collects what the page tells while the run goes on, and writes it when the run is over."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from factify_contract.clauses import Catalogue
from factify_contract.events import Event, ExchangeDone, FindingMade, RunFinished, RunStarted, StoryStarted
from factify_contract.report.html.observed import Observed
from factify_contract.report.html.page import page
from factify_contract.report.html.record import Record
from factify_contract.report.replay_files import Replaying
from factify_contract.spec import Document


class HtmlReport:
    """Writes one self-contained page. Mutable: it counts during the run.

    `target` are the words that named the target to the command.
    """

    def __init__(
        self,
        path: Path,
        catalogue: Catalogue,
        document: Document,
        *,
        now: Callable[[], datetime],
        target: Sequence[str] = (),
    ) -> None:
        self._path = path
        self._catalogue = catalogue
        self._document = document
        self._now = now
        self._began = now()
        self._start: RunStarted | None = None
        self._observed = Observed()
        self._titles: dict[str, str] = {}
        self._stories: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._replaying = Replaying(path.parent, target)
        self._replays: dict[str, str] = {}

    def receive(self, event: Event) -> None:
        """Takes note of the event; writes the file at the last one."""
        match event:
            case RunStarted():
                self._start, self._began = event, self._now()
            case StoryStarted(id=story, title=title):
                self._titles[story] = title
            case ExchangeDone(exchange=exchange):
                self._observed.note(exchange)
            case FindingMade(finding=finding, story=story, replay=replay):
                self._stories[finding.fingerprint][self._titles.get(story, story)] = None
                if replay is not None:
                    self._replays[finding.fingerprint] = self._replaying.command(finding)
            case RunFinished(summary=summary):
                record = Record(
                    summary=summary,
                    start=self._start,
                    began=self._began,
                    observed=self._observed,
                    catalogue=self._catalogue,
                    document=self._document,
                    stories={fingerprint: tuple(titles) for fingerprint, titles in self._stories.items()},
                    replays=self._replays,
                )
                # One form of line ends, since the page names its own style and script by their hashes.
                self._path.write_text(page(record), encoding="utf-8", errors="replace", newline="\n")
            case _:
                pass
