"""The kill table as one HTML page that needs nothing else: it is read from an archive, without a network."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from factify_contract.report.wording import one_line

_WORDS = {
    "killed": "killed under its name",
    "misnamed": "found under another name",
    "survived": "survived",
    "error": "not judged",
}


def page(data: Mapping[str, Any]) -> str:
    """The page of a table in its JSON form."""
    mutants, clauses = data["mutants"], data["clauses"]
    sentences = {clause["id"]: clause["sentence"] for clause in clauses}
    seconds = data["timings"]["mutants"]
    template = Template(
        files("factify_contract.selftest").joinpath("kill-table.html").read_text(encoding="utf-8")
    )
    return template.substitute(
        verdict=data["verdict"],
        tiles=_tiles(data),
        control=_control(data["control"]),
        map=_map(mutants),
        verdicts=_options(_WORDS, Counter(mutant["verdict"] for mutant in mutants)),
        subjects=_options(dict.fromkeys(_subjects(mutants), ""), Counter(map(_subject, _broken(mutants)))),
        mutants="\n".join(_mutant(mutant, sentences, seconds[mutant["name"]]) for mutant in mutants),
        clauses="\n".join(_clause(clause) for clause in clauses),
        version=_text(data["suite_version"]),
        seed=data["seed"],
    )


def _text(value: object) -> str:
    return escape(one_line(str(value)))


def _subject(clause: str) -> str:
    return clause.partition(".")[0]


def _broken(mutants: Iterable[Mapping[str, Any]]) -> list[str]:
    return [mutant["breaks"] for mutant in mutants]


def _subjects(mutants: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(
        {_subject(clause) for mutant in mutants for clause in (mutant["breaks"], *mutant["clauses"])}
    )


def _tiles(data: Mapping[str, Any]) -> str:
    counts = data["counts"]
    total, right = counts["mutants"], counts["killed"]
    documented = [each for each in data["clauses"] if each["level"] == "documented"]
    broken = sum(bool(each["broken_by"]) for each in documented)
    tiles = (
        (f"{right + counts['misnamed']} of {total}", "mutants killed"),
        (f"{right} of {total}", "under the right clause"),
        (str(counts["survived"]), "survived"),
        (f"{broken} of {len(documented)}", "documented clauses broken"),
        (f"{data['timings']['seconds']:.0f} s", "on the clock"),
    )
    return "\n".join(f"<div class=tile><b>{value}</b><span>{label}</span></div>" for value, label in tiles)


def _control(control: Mapping[str, Any]) -> str:
    if control["reason"]:
        return f"<p class=bad>The control broke: {_text(control['reason'])}</p>"
    if control["findings"]:
        alarms = "".join(f"<li>{_text(finding)}</li>" for finding in control["findings"])
        return f"<p class=bad>Found without any mutant, so these are false alarms:</p><ul>{alarms}</ul>"
    return (
        f"<p>The control, the same judge on the same implementation without mutants, found nothing"
        f" in {control['stories']} stories and {control['requests']} requests.</p>"
    )


def _map(mutants: Sequence[Mapping[str, Any]]) -> str:
    """Mutants by the subject that they break against the subjects in which something was found."""
    rows = sorted({_subject(mutant["breaks"]) for mutant in mutants})
    columns = _subjects(mutants)
    totals = Counter(map(_subject, _broken(mutants)))
    cells = Counter(
        (_subject(mutant["breaks"]), subject)
        for mutant in mutants
        for subject in {_subject(clause) for clause in mutant["clauses"]}
    )
    head = "".join(f"<th scope=col><span>{_text(column)}</span></th>" for column in columns)
    lines = []
    for row in rows:
        found = "".join(_cell(row, column, cells[row, column], totals[row]) for column in columns)
        name = _text(row)
        lines.append(f'<tr><th scope=row><button data-subject="{name}">{name}</button></th>{found}</tr>')
    return f"<table class=map><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _cell(row: str, column: str, count: int, total: int) -> str:
    if not count:
        return "<td></td>"
    own = " class=own" if row == column else ""
    title = f"{count} of {total} mutants of {row} showed in {column}"
    return f'<td{own} style="--share:{count / total:.2f}" title="{_text(title)}">{count}</td>'


def _options(labels: Mapping[str, str], counts: Counter[str]) -> str:
    return "".join(
        f'<option value="{_text(value)}">{_text(label or value)} ({counts[value]})</option>'
        for value, label in labels.items()
        if counts[value]
    )


def _mutant(mutant: Mapping[str, Any], sentences: Mapping[str, str], seconds: float) -> str:
    breaks, verdict = mutant["breaks"], mutant["verdict"]
    others = [clause for clause in mutant["clauses"] if clause != breaks]
    where = mutant["clauses"].get(breaks, [])
    return (
        f'<tr data-verdict={verdict} data-subject="{_text(_subject(breaks))}">'
        f"<td><span class=mark>{_text(verdict)}</span></td>"
        f"<td><code>{_text(mutant['name'])}</code><p>{_text(mutant['sentence'])}</p></td>"
        f'<td><a href="#{_text(breaks)}"><code>{_text(breaks)}</code></a>'
        f"<p>{_text(sentences.get(breaks, ''))}</p>{_evidence(mutant)}</td>"
        f"<td>{_chips(where)}</td><td>{_chips(others, linked=True)}</td>"
        f"<td class=number>{seconds:.1f}</td></tr>"
    )


def _evidence(mutant: Mapping[str, Any]) -> str:
    if mutant["reason"]:
        return f"<p class=bad>{_text(mutant['reason'])}</p>"
    return (
        f"<details><summary>what was seen</summary><dl><dt>expected</dt><dd>{_text(mutant['expected'])}</dd>"
        f"<dt>actual</dt><dd>{_text(mutant['actual'])}</dd></dl></details>"
    )


def _chips(names: Sequence[str], *, linked: bool = False) -> str:
    shown = [f'<a class=chip href="#{_text(it)}">{_text(it)}</a>' if linked else _text(it) for it in names]
    if len(shown) <= 3:
        return "<br>".join(shown)
    rest = "<br>".join(shown[2:])
    return f"{'<br>'.join(shown[:2])}<details><summary>{len(shown) - 2} more</summary>{rest}</details>"


def _clause(clause: Mapping[str, Any]) -> str:
    broken_by = _chips(clause["broken_by"])
    why = clause["reason"] or ("" if clause["broken_by"] else f"exercised: {clause['exercised']}")
    note = "" if broken_by or not why else f"<p class=muted>{_text(why)}</p>"
    return (
        f'<tr id="{_text(clause["id"])}" data-verdict={"broken" if clause["broken_by"] else "whole"}'
        f' data-subject="{_text(_subject(clause["id"]))}">'
        f"<td><code>{_text(clause['id'])}</code><p>{_text(clause['sentence'])}</p></td>"
        f"<td>{_text(clause['level'])}</td><td>{broken_by}{note}</td>"
        f"<td class=number>{len(clause['triggered_by'])}</td></tr>"
    )
