"""What the page of a run says, whatever the target sent, and how much it weighs."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from factify_contract.clauses import catalogue
from factify_contract.events import ClauseJudged, ExchangeDone, FindingMade, Terms, Warned
from factify_contract.findings import Status
from factify_contract.report.html.timing import in_words, percentile
from factify_contract.spec import Document

BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
VOID = {"meta", "input", "link", "br", "hr", "img"}


class Reader(HTMLParser):
    """Reads a page into its text, its elements and its attributes, and checks that they are nested."""

    def __init__(self, page: str, *, without: str = "") -> None:
        super().__init__()
        self.open, self.texts, self.elements = [], [], []
        self.without, self.skipping = without, 0
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.elements.append((tag, known))
        if tag not in VOID:
            self.open.append(tag)
            if self.skipping or (self.without and self.without in (known.get("class") or "").split()):
                self.skipping += 1

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.skipping -= self.skipping > 0

    def handle_data(self, data):
        if not self.skipping and self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def test_page_tells_verdict_findings_and_terms(written, whole_run, tmp_path):
    terms = Terms(
        examples=20, plays=48, steps=25, most_requests=900, people=("owner", "member"), adapters=("clock",)
    )
    text = Reader(written(tmp_path / "report.html", whole_run(), terms=terms)).text

    for part in (
        "FAIL Factify API",
        "1 promise is broken",
        "1 finding against documented promises",
        "1 finding against inferred promises only warns.",
        "20 examples for each operation, 48 life cycles of 25 steps, at most 900 requests",
        "owner, member",
        "2026-01-05 09:00:00 UTC",
        catalogue()["users.me"].sentence,
        "met 2 times",
        "Expected a Actual b",
        "1 owner GET /v1beta/me?page=0 → 200",
        'curl -sS -X GET "$FACTIFY_URL"',
        "Takes from the environment: FACTIFY_URL , FACTIFY_OWNER_TOKEN .",
        f"Source {catalogue()['users.me'].source}",
        "Operation GET /v1beta/me",
        "Seen in The first story",
        f"factify-contract replay {tmp_path}/replay-",
        ".json http://api.test --profile me.toml",
        "the profile has no mailbox adapter",
        "identity 'invitee' is missing",
        "The second story",
        "outside the document",
        "Others are forger.",
    ):
        assert part in text


@pytest.mark.parametrize("count", [3, 4])
def test_many_notes_are_folded_so_that_the_findings_are_seen(written, tmp_path, count):
    page = Reader(written(tmp_path / "report.html", [Warned(f"note {n}") for n in range(count)]))
    (notes,) = [known for tag, known in page.elements if known.get("class") == "notes"]

    assert ("open" in notes) == (count == 3)


def test_the_finding_with_the_fewest_steps_is_shown_once(written, whole_run, tmp_path):
    page = written(tmp_path / "report.html", whole_run())
    cards = [
        known for tag, known in Reader(page).elements if tag == "details" and "finding" in known["class"]
    ]

    assert [known["class"].split()[-1] for known in cards] == ["fail", "warning"]
    assert page.count('<span class="number">') == 2 + 1


def test_every_clause_is_there_once_with_its_standing(written, whole_run, tmp_path):
    rows = {
        known["id"].removeprefix("clause-"): known["data-standing"]
        for tag, known in Reader(written(tmp_path / "report.html", whole_run())).elements
        if tag == "li" and "data-standing" in known
    }
    judged = [clause.id for clause in catalogue().values() if clause.level != "choice"]

    assert set(rows) == set(catalogue())
    assert (rows[judged[0]], rows[judged[1]], rows[judged[2]]) == (
        "not-exercised",
        "inconclusive",
        "not-exercised",
    )
    assert (rows["users.me"], rows["errors.message-not-empty"]) == ("fail", "warning")
    assert {rows[clause.id] for clause in catalogue().values() if clause.level == "choice"} == {"choice"}
    assert rows[judged[5]] == "pass"


def test_coverage_counts_what_was_seen_and_what_the_document_promises(written, whole_run, tmp_path):
    page = written(tmp_path / "report.html", whole_run())

    assert '<td class="h3" title="getMe 200: 20">20</td>' in page
    assert '<td class="stray" title="getDocument 418: 1, not listed for the operation">1</td>' in page
    assert 'title="getDocument 403: documented, not seen"' in page
    assert "2 of 59 operations were called" in Reader(page).text
    assert "2 were seen; 1 more were seen that it does not list" in Reader(page).text


def test_ever_new_statuses_share_a_column(written, exchange_of, tmp_path):
    events = [ExchangeDone(exchange_of("getMe", status)) for status in range(100, 999)]
    page = written(tmp_path / "report.html", events)

    assert '<th scope="col">other</th>' in page
    assert 'title="getMe 113, 114, 115, ' in page
    assert " and 859 more: 879" in page
    assert page.count('<th scope="col">') < 60


def test_roles_show_who_got_what(written, whole_run, tmp_path):
    page = written(tmp_path / "report.html", whole_run())

    assert re.search('<span class="got in">200 <small>.20</small></span>', page)
    assert re.search('<span class="got out">404 <small>.1</small></span>', page)


def test_a_known_failure_is_shown_as_such(written, finding_of, tmp_path):
    finding = finding_of()
    events = [
        ClauseJudged("users.me", Status.FAIL, "s"),
        ClauseJudged("users.preferences", Status.PASS, "s"),
        FindingMade(finding, "s"),
    ]
    excused = {finding.fingerprint: "soon mended (ann, until 2027-01-31)"}
    page = written(tmp_path / "report.html", events, excused=excused)

    assert "The contract is kept" in page
    assert "1 known failure is not counted." in page
    assert "Known, so it does not count: soon mended (ann, until 2027-01-31)" in page
    assert '<li class="item" id="clause-users.me" data-standing="known"' in page


def test_a_stale_list_of_known_failures_is_the_headline(written, tmp_path):
    events = [ClauseJudged("users.me", Status.PASS, "s")]
    page = written(tmp_path / "report.html", events, stale=("the known issue x expired",))

    assert "The list of known failures is out of date" in page
    assert "the known issue x expired" in page


def test_a_smoke_run_says_that_it_is_one(written, tmp_path):
    events = [ClauseJudged("users.me", Status.PASS, "s")]
    page = written(tmp_path / "report.html", events, terms=Terms(tier="smoke"))

    assert "This was a smoke run, which judges a little of everything." in page
    assert "<dt>Tier</dt><dd>smoke</dd>" in page


@pytest.mark.parametrize(
    ("events", "interrupted", "headline"),
    [
        ([ClauseJudged("users.me", Status.PASS, "s")], "", "The contract is kept"),
        ([], "", "Nothing was proved"),
        ([ClauseJudged("users.me", Status.PASS, "s")], "it went away", "The run ended early"),
    ],
)
def test_headline_follows_the_outcome(written, tmp_path, events, interrupted, headline):
    assert f"<h1>{headline}</h1>" in written(tmp_path / "report.html", events, interrupted=interrupted)


HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- </style> {{ 7 * 7 }} {% raw %}",
    "\u202egnp.exe\u2066\x00\x1b[2J",
    "\ud800 alone",
    "]]>&lt;b&gt;&amp;",
)


def hostile_document() -> Document:
    answers = {"responses": {"200": {"description": "ok"}}}
    operations = {"get": {"operationId": HOSTILE[1], "tags": [HOSTILE[0]], "summary": HOSTILE[3], **answers}}
    return Document.from_dict(
        {
            "openapi": "3.1.0",
            "info": {"title": HOSTILE[0], "version": HOSTILE[1]},
            "paths": {"/x": operations},
        }
    )


def test_whatever_a_target_sends_stays_text(written, whole_run, finding_of, exchange_of, tmp_path):
    plain = Reader(written(tmp_path / "plain.html", whole_run()))
    events = []
    for text in HOSTILE:
        finding = finding_of(message=text, expected=text, actual=text, operation=text, path=f"/{text}")
        events += [
            FindingMade(finding, text),
            ClauseJudged("users.me", Status.NOT_EXERCISED, text, text),
            Warned(text),
            ExchangeDone(exchange_of("getMe", 200, actor=text)),
        ]
    page = written(
        tmp_path / "report.html",
        events,
        target=HOSTILE[1],
        document=hostile_document(),
        interrupted=HOSTILE[0],
    )
    read = Reader(page)

    assert {tag for tag, _ in read.elements} <= {tag for tag, _ in plain.elements}
    assert [tag for tag, _ in read.elements].count("script") == 1
    assert not [
        name for _, known in read.elements for name in known if name.startswith("on") or name == "style"
    ]
    assert '"><img src=x onerror=alert(1)>' in read.text
    assert "{{ 7 * 7 }} {% raw %}" in read.text
    assert "\\u202egnp.exe\\u2066\\x00\\x1b[2J" in read.text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page)


def test_page_allows_only_its_own_style_and_script(written, tmp_path):
    page = written(tmp_path / "report.html", [])
    [policy] = [
        known["content"]
        for tag, known in Reader(page).elements
        if known.get("http-equiv") == "Content-Security-Policy"
    ]
    digests = [
        base64.b64encode(
            hashlib.sha256(re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1].encode()).digest()
        ).decode()
        for tag in ("style", "script")
    ]

    assert policy.startswith("default-src 'none'; ")
    assert [f"'sha256-{digest}'" in policy for digest in digests] == [True, True]
    assert "unsafe" not in policy
    assert not [
        known for _, known in Reader(page).elements if "src" in known or str(known.get("href", "#"))[0] != "#"
    ]


def test_only_what_is_marked_volatile_differs_between_equal_runs(written, whole_run, tmp_path):
    pages = [
        Reader(
            written(tmp_path / "report.html", whole_run(slow), elapsed=slow, began=began), without="volatile"
        ).text
        for slow, began in ((1.0, BEGAN), (9.0, BEGAN.replace(year=2031)))
    ]

    assert pages[0] == pages[1]
    assert "median" not in pages[0]


def test_ids_are_unique_and_links_lead_somewhere(written, whole_run, tmp_path):
    elements = Reader(written(tmp_path / "report.html", whole_run())).elements
    ids = [known["id"] for _, known in elements if "id" in known]

    assert len(ids) == len(set(ids))
    assert {known["href"].removeprefix("#") for tag, known in elements if tag in ("a", "use")} <= set(ids)
    assert {known["aria-labelledby"] for _, known in elements if "aria-labelledby" in known} <= set(ids)


def test_a_large_run_makes_a_light_page(written, whole_run, exchange_of, finding_of, shipped, tmp_path):
    names = list(shipped.operations)
    traffic = [
        ExchangeDone(
            exchange_of(
                names[n % 59], 200 + n % 7 * 50, actor=("owner", "member", "admin")[n % 3], elapsed=n / 1e6
            )
        )
        for n in range(7000)
    ]
    findings = [
        FindingMade(
            finding_of(
                expected=f"{'x' * (n % 50)} of many", actual="y" * 200, steps=12, path="/v1beta/" + "p" * 250
            ),
            "s/one",
        )
        for n in range(400)
    ]
    page = written(tmp_path / "report.html", [*whole_run(), *traffic, *findings])

    assert len(page.encode()) < 1_000_000


def test_evidence_that_found_no_room_is_said_to_be_elsewhere(written, finding_of, tmp_path):
    findings = [
        FindingMade(finding_of(expected=f"{'x' * n}", steps=200, path="/" + "p" * 250), "s")
        for n in range(1, 9)
    ]
    page = written(tmp_path / "report.html", findings)

    assert page.count("This page has no room for the steps") > 0
    assert page.count("Expected</h4>") == 8


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 5), (51, 6), (95, 10), (99, 10), (100, 10)])
def test_percentiles_are_by_nearest_rank(percent, value):
    assert percentile(range(1, 11), percent) == value


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 µs"),
        (0.00025, "250 µs"),
        (0.0009999, "1 ms"),
        (0.00123, "1.2 ms"),
        (0.01, "10 ms"),
        (0.994, "994 ms"),
        (1, "1 s"),
        (12.34, "12 s"),
    ],
)
def test_durations_are_told_in_words(seconds, words):
    assert in_words(seconds) == words


# Text, and on what it stands.
PAIRS = [
    *((text, "paper") for text in ("ink", "soft", "link")),
    *((text, "paper") for text in ("pass", "fail", "warning", "inconclusive", "choice")),
    *((text, "panel") for text in ("ink", "soft")),
    ("pass", "pass-tint"), ("ink", "pass-tint"), ("fail", "fail-tint"), ("ink", "fail-tint"),
    ("warning", "warning-tint"), ("ink", "warning-tint"),
    *(("on-heat", f"heat-{step}") for step in (1, 2, 3)),
    *(("on-deep-heat", f"heat-{step}") for step in (4, 5)),
    *(("paper", tone) for tone in ("ink", "pass", "fail")),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_declared_colours_have_the_contrast_of_wcag_aa(contrast, theme):
    style = files("factify_contract.report.html").joinpath("report.css").read_text(encoding="utf-8")
    declared = {
        name: bytes.fromhex(colors[theme == "dark"])
        for name, *colors in re.findall(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\);", style)
    }
    ratios = {pair: round(contrast(declared[pair[0]], declared[pair[1]]), 2) for pair in PAIRS}

    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}
    # The edge of a field is no text: 3 to 1.
    assert contrast(declared["edge"], declared["paper"]) >= 3
