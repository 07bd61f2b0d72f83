"""Puts the page together: the template, the style and the script in one file that asks for nothing else."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from factify_contract.report.html.cards import cards, suites
from factify_contract.report.html.clause_groups import clause_groups
from factify_contract.report.html.coverage import coverage
from factify_contract.report.html.overview import overview
from factify_contract.report.html.record import Record
from factify_contract.report.html.roles import roles
from factify_contract.report.html.standing import shares
from factify_contract.report.html.timing import timing
from factify_contract.report.wording import one_line

_PACKAGE = "factify_contract.report.html"
# What would show text in another order than it has, or not at all, is shown as its escape.
_HIDDEN = {
    code: f"\\u{code:04x}"
    for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
}


def page(record: Record) -> str:
    """The page as HTML; the same record gives the same text."""
    groups = clause_groups(record)
    style, script = _file("report.css"), _file("report.js")
    # Nothing runs, loads or looks that is not known by its hash: whatever a target sent stays text.
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            policy=policy,
            style=Markup(style),  # noqa: S704 - a file of this package
            script=Markup(script),  # noqa: S704 - a file of this package
            overview=overview(record),
            cards=cards(record),
            groups=groups,
            shares=shares(row.standing for group in groups for row in group.rows),
            coverage=coverage(record.observed, record.document),
            roles=roles(record.observed, record.document),
            timing=timing(record.observed, record.document),
            suites=suites(record),
            summary=record.summary,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _visible(value: Any) -> Any:
    """Any text on one line, without characters that act instead of being seen."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return one_line(value).translate(_HIDDEN)
    return value


@cache
def _file(name: str) -> str:
    return files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
