"""All that the page is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from factify_contract.clauses import Catalogue
from factify_contract.events import RunStarted
from factify_contract.report.html.observed import Observed
from factify_contract.spec import Document
from factify_contract.summary import Summary


@dataclass(frozen=True, slots=True)
class Record:
    """A run that is over.

    `stories` are the titles under which a finding was met, by its fingerprint; `replays` the commands that
    play one again, where it has a file for that.
    """

    summary: Summary
    start: RunStarted | None
    began: datetime
    observed: Observed
    catalogue: Catalogue
    document: Document
    stories: Mapping[str, tuple[str, ...]]
    replays: Mapping[str, str]
