"""The report of an exam for people: as text, and as Markdown."""

from collections.abc import Mapping
from typing import Any

Words = Mapping[str, Any]


def as_text(report: Words) -> str:
    """The report in lines, without a line break at the end."""
    lines = [_heading(report)]
    for remark in report["remarks"]:
        lines.append(f"  {remark['severity']}: {remark['rule']}: {remark['sentence']}")
        lines += [
            f"    request {each['number']}: {each['call']}: {each['detail']}" for each in remark["evidence"]
        ]
        lines += [f"    {rest}" for rest in _rest(remark)]
        lines.append(f"    -> {remark['advice']}")
    lines.append(f"  held: {', '.join(report['held']) or 'nothing'}")
    lines.append(f"  not exercised: {', '.join(report['not_exercised']) or 'nothing'}")
    return "\n".join(lines)


def as_markdown(report: Words) -> str:
    """The report as a page, without a line break at the end."""
    lines = ["# Client exam", "", f"{_heading(report)}.", "", report["rule_of_grade"]]
    for remark in report["remarks"]:
        lines += [
            "",
            f"## {remark['rule']} ({remark['severity']})",
            "",
            f"{remark['sentence']} {remark['advice']}",
        ]
        lines += ["", "| request | call | what |", "|---|---|---|"]
        lines += [
            f"| {each['number']} | `{_cell(each['call'])}` | {_cell(each['detail'])} |"
            for each in remark["evidence"]
        ]
        lines += ["", *_rest(remark)] if _rest(remark) else []
    lines += ["", f"Held: {', '.join(report['held']) or 'nothing'}."]
    lines += ["", f"Not exercised: {', '.join(report['not_exercised']) or 'nothing'}."]
    return "\n".join(lines)


def _heading(report: Words) -> str:
    examined, forgotten = report["requests"]["examined"], report["requests"]["forgotten"]
    if not examined:
        return "no grade: there is no request on record to examine"
    earlier = f"; {forgotten} earlier ones are no longer on record" if forgotten else ""
    return f"grade {report['grade']} for {examined} request{'s' if examined > 1 else ''}{earlier}"


def _rest(remark: Words) -> list[str]:
    more = remark["count"] - len(remark["evidence"])
    return [f"and {more} more"] if more else []


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'").replace("\n", " ")
