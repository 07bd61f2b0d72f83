"""junit.xml: one test suite for each suite of stories, one test case for each story and each clause."""

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path

from factify_contract.clauses import Catalogue, Level
from factify_contract.events import Event, FindingMade, RunFinished
from factify_contract.findings import Finding, Status
from factify_contract.report.wording import finding_lines, replay_lines
from factify_contract.summary import StoryResult, Summary

# XML 1.0 has no way to write these characters.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JUnitReport:
    """Collects findings by story and writes the file when the run is over."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._catalogue = catalogue
        self._by_story: defaultdict[str, list[Finding]] = defaultdict(list)

    def receive(self, event: Event) -> None:
        """Notes findings; writes the file at the last event."""
        if isinstance(event, FindingMade):
            self._by_story[event.story].append(event.finding)
        elif isinstance(event, RunFinished):
            root = self._root(event.summary)
            ET.indent(root)
            ET.ElementTree(root).write(self._path, encoding="utf-8", xml_declaration=True)

    def _root(self, summary: Summary) -> ET.Element:
        root = ET.Element("testsuites", name="factify-contract")
        suites: defaultdict[str, list[ET.Element]] = defaultdict(list)
        for story in summary.stories:
            suites[story.suite].append(self._story_case(story, summary))
        suites["clauses"] = [self._clause_case(clause, summary) for clause in summary.clauses]
        if summary.stale:
            suites["known issues"] = [
                _case("known-issues", each, _outcome("failure", each)) for each in summary.stale
            ]
        if summary.interrupted:
            suites["run"] = [_case("run", "the run came to its end", _outcome("error", summary.interrupted))]
        for name, cases in suites.items():
            root.append(_suite(name, cases))
        _count(root, [case for cases in suites.values() for case in cases])
        root.set("time", f"{summary.elapsed:.3f}")
        return root

    def _story_case(self, story: StoryResult, summary: Summary) -> ET.Element:
        findings = self._by_story[story.id]
        text = self._text(findings)
        outcome = _output(text) if text else None
        match story.status:
            case Status.FAIL:
                broken = [finding for finding in findings if summary.is_failure(finding)]
                outcome = _excused(findings, summary)
                if broken or outcome is None:
                    message = f"{broken[0].clause}: {broken[0].message}" if broken else story.reason
                    outcome = _outcome("failure", message, text)
            case Status.ERROR:
                outcome = _outcome("error", story.reason, text)
            case Status.NOT_EXERCISED | Status.INCONCLUSIVE | Status.UNKNOWN:
                outcome = _outcome("skipped", f"{story.status.word}: {story.reason or 'not confirmed'}")
        case = _case(f"factify.{story.suite}", story.title, outcome)
        case.set("time", f"{story.elapsed:.3f}")
        return case

    def _clause_case(self, clause_id: str, summary: Summary) -> ET.Element:
        clause, status = self._catalogue[clause_id], summary.clauses[clause_id]
        findings = [finding for finding in summary.findings if finding.clause == clause_id]
        text = self._text(findings)
        outcome = _output(text) if text else None
        if status is Status.FAIL and clause.level is Level.DOCUMENTED:
            known = None if any(map(summary.is_failure, findings)) else _excused(findings, summary)
            outcome = known if known is not None else _outcome("failure", clause.sentence, text)
        elif status is Status.ERROR:
            outcome = _outcome("error", clause.sentence, text)
        elif status not in (Status.PASS, Status.FAIL):
            reason = summary.reasons.get(clause_id, "")
            outcome = _outcome("skipped", f"{status.word}{': ' if reason else ''}{reason}")
        return _case(f"factify.clauses.{clause.level.value}", clause_id, outcome)

    def _text(self, findings: list[Finding]) -> str:
        return "\n\n".join(
            "\n".join([*finding_lines(finding, self._catalogue), "  replay", *replay_lines(finding)])
            for finding in findings
        )


def _excused(findings: list[Finding], summary: Summary) -> ET.Element | None:
    """The outcome of a case whose failures are known: skipped, with the excuse."""
    excuses = (summary.excused.get(finding.fingerprint) for finding in findings)
    return next((_outcome("skipped", f"known: {excuse}") for excuse in excuses if excuse), None)


def _suite(name: str, cases: list[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    _count(suite, cases)
    suite.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")
    suite.extend(cases)
    return suite


def _count(element: ET.Element, cases: list[ET.Element]) -> None:
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))


def _case(class_name: str, name: str, outcome: ET.Element | None) -> ET.Element:
    case = ET.Element("testcase", classname=_writable(class_name), name=_writable(name))
    if outcome is not None:
        case.append(outcome)
    return case


def _outcome(tag: str, message: str, text: str = "") -> ET.Element:
    element = ET.Element(tag, message=_writable(message))
    element.text = _writable(text) or None
    return element


def _output(text: str) -> ET.Element:
    element = ET.Element("system-out")
    element.text = _writable(text)
    return element


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
