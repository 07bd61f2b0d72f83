"""A target that limits the rate gets the verdict that it deserves, and is asked no faster than allowed."""

import threading
from collections import defaultdict

import pytest

from factify_contract.events import Warned
from factify_contract.findings import Status
from factify_contract.pacing import Pacer
from factify_contract.summary import Outcome
from factify_mock.model.rates import RateLimits
from factify_mock.model.variants import Variants
from factify_mock.model.world import Settings

TINY = RateLimits(per_minute=40, posts_per_minute=7)
LIMITED = {
    "with retry-after": Settings(rate_limits=TINY),
    "without retry-after": Settings(rate_limits=TINY, variants=Variants(rate_hides_when=True)),
}


@pytest.fixture
def settings(request) -> Settings:
    return getattr(request, "param", Settings())


@pytest.mark.parametrize(
    "settings", [Settings(), *LIMITED.values()], indirect=True, ids=["no limits", *LIMITED]
)
def test_limits_do_not_change_the_verdict(judged, time, settings):
    summary, _ = judged()
    untold = {story.id: story.reason for story in summary.stories if story.status is not Status.PASS}

    assert (summary.outcome, summary.findings) == (Outcome.PASS, ())
    excused = ("the profile ", "the organization has no logo", "the owner has only one organization")
    assert {name: why for name, why in untold.items() if not why.startswith(excused)} == {}
    assert bool(time.slept) == (settings.rate_limits is not None)


@pytest.mark.parametrize("settings", [LIMITED["with retry-after"]], indirect=True)
def test_who_keeps_the_pace_is_not_refused_for_speed(judged, mock, time):
    judged(requests_per_minute=40, creations_per_minute=7, request={"suites": ("trash-restore",)})

    assert time.slept
    assert [status for _, _, status in mock.received if status == 429] == []


def test_gateway_that_fails_now_and_then_does_not_change_the_verdict(judged, mock, time):
    mock.hiccups_every = 5
    summary, events = judged(request={"suites": ("trash-restore", "sharing")})

    assert (summary.outcome, summary.findings) == (Outcome.PASS, ())
    assert {story.status for story in summary.stories} <= {Status.PASS, Status.NOT_EXERCISED}
    count = sum(status == 503 for _, _, status in mock.received)
    assert set(time.slept) == {2.0}
    assert Warned(f"{count} reads were sent again after 503") in events


LATE = Settings(mutants=frozenset({"documents.list-lags-behind"}))


@pytest.mark.parametrize("settings", [LATE], indirect=True, ids=["lists lag behind for a minute"])
@pytest.mark.parametrize(("seconds", "outcome"), [(0, Outcome.FAIL), (61, Outcome.PASS)])
def test_writes_that_are_seen_later_are_waited_for_where_the_profile_says_so(judged, seconds, outcome):
    summary, _ = judged(settle_seconds=seconds, request={"suites": ("documents",)})
    said = [warning for warning in summary.warnings if "settle_seconds" in warning]

    assert summary.outcome is outcome
    assert len(said) == bool(seconds)


class Watch:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_no_minute_has_more_requests_than_allowed():
    watch = Watch()
    pacer = Pacer(10, 3, watch.sleep, watch)
    sent: defaultdict[bool, list[float]] = defaultdict(list)
    for number in range(60):
        is_creation = number % 2 == 0
        pacer.wait("owner", is_creation=is_creation)
        sent[is_creation].append(watch.now)
    everything = sorted(sent[True] + sent[False])

    assert all(later - earlier >= 60 for earlier, later in zip(everything, everything[10:], strict=False))
    assert all(later - earlier >= 60 for earlier, later in zip(sent[True], sent[True][3:], strict=False))


def test_callers_do_not_wait_for_each_other():
    watch = Watch()
    pacer = Pacer(1, 0, watch.sleep, watch)
    for caller in ("owner", "admin", "member"):
        pacer.wait(caller, is_creation=True)

    assert watch.now == 0.0


def test_less_than_one_a_minute_is_one_in_several_minutes():
    watch = Watch()
    pacer = Pacer(0.5, 0, watch.sleep, watch)
    for _ in range(3):
        pacer.wait("owner", is_creation=False)

    assert watch.now == 240.0


def test_nobody_asks_until_a_write_has_settled():
    watch = Watch()
    pacer = Pacer(0, 0, watch.sleep, watch, settle=2.0)
    sent = []
    for method, status in (
        ("GET", 200), ("POST", 200), ("GET", 200), ("GET", 200), ("PUT", 500), ("POST", 404), ("GET", 200),
    ):  # fmt: skip
        pacer.wait("owner", is_creation=method == "POST")
        sent.append(watch.now)
        watch.now += 0.5
        pacer.answered(method, status)

    assert sent == [0.0, 0.5, 3.0, 3.5, 4.0, 6.5, 7.0]


def test_threads_share_the_rate():
    watch, pauses = Watch(), []
    pacer = Pacer(2, 0, pauses.append, watch)
    threads = [threading.Thread(target=lambda: pacer.wait("owner", is_creation=False)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(pauses) == [60.0, 60.0, 120.0, 120.0]
