"""Takes what is secret out of events, before anybody receives them."""

from dataclasses import replace

from factify_contract.events import ClauseJudged, Event, FindingMade, StoryFinished, Warned
from factify_contract.findings import Finding
from factify_contract.redaction import Redactor


def redacted(event: Event, redactor: Redactor) -> Event:
    """The event without any token, secret or e-mail address that the run has met."""
    clean = redactor.clean
    match event:
        case FindingMade(finding=finding):
            return replace(event, finding=_clean_finding(finding, redactor))
        case Warned(message=message):
            return replace(event, message=clean(message))
        case ClauseJudged(reason=reason) | StoryFinished(reason=reason) if reason:
            return replace(event, reason=clean(reason))
        case _:
            return event


def _clean_finding(finding: Finding, redactor: Redactor) -> Finding:
    clean = redactor.clean
    return replace(
        finding,
        message=clean(finding.message),
        expected=clean(finding.expected),
        actual=clean(finding.actual),
        steps=tuple(map(clean, finding.steps)),
        curl=tuple(map(clean, finding.curl)),
    )
