"""The rhythm of a source and what its answers say about its health."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawlers import frontier
from crawlers.failures import FetchFailure, retry_at, wait_asked
from crawlers.health import quiet_s, reason, silent
from crawlers.rests import Rests
from model.outlet import Source, SourceKind
from model.source_state import Health, SourceState

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)     # a Wednesday noon in China
SOURCE = Source("s", "o", SourceKind.LISTING, "http://a.example/", min_interval_s=300, max_interval_s=21600)
NEW = SourceState("s", "o", "listing", "http://a.example/", interval_s=600, next_due=NOW)
FAILURE = FetchFailure("timeout", "a.example 超时未答")


def polled(state, now, moved):
    return frontier.polled(state, SOURCE, now, moved, '"tag"', "Wed, 18 Nov 2026 00:00:00 GMT")


def test_polled_often_while_new_pieces_come_and_seldom_when_none_do():
    state, now = polled(NEW, NOW, None), NOW
    assert state.interval_s == 300 and state.health is Health.OK
    quiet = []
    for _ in range(15):
        now = state.next_due
        state = polled(state, now, False)
        quiet.append(state.interval_s)
    assert quiet == sorted(quiet) and quiet[0] == 450 and quiet[-1] == 21600
    busy = []
    for _ in range(8):
        now = state.next_due
        state = replace(polled(state, now, True), last_new=now)
        busy.append(state.interval_s)
    assert busy == sorted(busy, reverse=True) and busy[0] == 10800 and busy[-1] == 300


def test_a_source_with_a_known_gap_is_polled_at_half_of_it_once_it_moves():
    state = replace(polled(NEW, NOW, None), interval_s=20000, usual_gap_s=1800.0, last_new=NOW)
    assert polled(state, NOW + timedelta(hours=5), True).interval_s == 900


def test_after_a_new_start_the_last_new_piece_decides():
    state = replace(polled(NEW, NOW, None), interval_s=2000)
    assert frontier.next_interval(replace(state, last_new=NOW), SOURCE, NOW + timedelta(hours=1), None) == 1000
    assert frontier.next_interval(replace(state, last_new=NOW - timedelta(days=1)), SOURCE, NOW + timedelta(hours=1), None) == 3000


def test_failures_back_off_and_keep_their_kind():
    state, waits = polled(NEW, NOW, None), []
    for _ in range(9):
        state = frontier.failed(state, SOURCE, NOW, FAILURE)
        waits.append((state.next_due - NOW).total_seconds())
    assert waits[:4] == [300, 600, 1200, 2400] and waits[-1] == 21600
    assert (state.health, state.failures, state.fail_kind) == (Health.FAILING, 9, "timeout")
    assert "超时" in reason(state, NOW) and "9 次" in reason(state, NOW)


def test_a_304_after_a_failure_does_not_make_a_source_healthy():
    well = polled(NEW, NOW, None)
    assert frontier.conditions(well) == {"If-None-Match": '"tag"', "If-Modified-Since": "Wed, 18 Nov 2026 00:00:00 GMT"}
    failing = frontier.failed(well, SOURCE, NOW, FAILURE)
    assert frontier.conditions(failing) == {}
    after = frontier.not_modified(failing, SOURCE, NOW + timedelta(minutes=10))
    assert (after.health, after.failures, after.fail_kind, after.last_ok) == (Health.FAILING, 1, "timeout", NOW)
    healed = polled(after, NOW + timedelta(minutes=20), True)
    assert (healed.health, healed.failures, healed.fail_kind) == (Health.OK, 0, "")


def test_a_304_of_a_healthy_source_is_a_success():
    after = frontier.not_modified(polled(NEW, NOW, None), SOURCE, NOW + timedelta(minutes=10))
    assert after.health is Health.OK and after.last_ok == NOW + timedelta(minutes=10) and after.etag == '"tag"'


@pytest.mark.parametrize("kind", ["http_403", "http_412"])
def test_a_refusal_pauses_longer_each_time(kind):
    state, pauses = NEW, []
    for _ in range(6):
        state = frontier.failed(state, SOURCE, NOW, FetchFailure(kind, "服务器拒绝"))
        assert state.health is Health.PAUSED and state.next_due == state.paused_until
        pauses.append((state.paused_until - NOW) / timedelta(hours=1))
    assert pauses == [1, 4, 16, 64, 168, 168]
    assert polled(state, NOW + timedelta(days=8), True).paused_until is None


def test_retry_after_is_honoured():
    state = frontier.failed(NEW, SOURCE, NOW, FetchFailure("http_429", "忙", retry_after=7200))
    assert state.next_due == NOW + timedelta(hours=2)


def test_silence_longer_than_usual_is_a_state_of_its_own():
    state = replace(polled(NEW, NOW, None), last_new=NOW, usual_gap_s=3600.0)
    assert not silent(state, NOW + timedelta(hours=20))
    later = NOW + timedelta(hours=30)
    assert silent(state, later)
    quiet = polled(state, later, False)
    assert quiet.health is Health.SILENT and "没有新稿件" in reason(quiet, later)
    assert frontier.not_modified(state, SOURCE, later).health is Health.SILENT
    assert polled(quiet, later, True).health is Health.OK
    assert not silent(replace(state, usual_gap_s=0.0), later), "unknown until a usual gap has been seen"


def test_a_weekend_makes_nobody_look_dead():
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    monday = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert quiet_s(friday, monday) == (7 + 9) * 3600
    assert not silent(replace(NEW, last_new=friday, usual_gap_s=1200.0), monday)
    assert quiet_s(NOW, NOW + timedelta(days=14)) == 10 * 86400


@pytest.mark.parametrize("header, seconds", [
    ("120", 120), ("0", 1), ("99999999", 21600), ("Wed, 18 Nov 2026 04:10:00 GMT", 600), ("Mon, 16 Nov 2026 04:10:00 GMT", 1),
    ("soon", None), ("", None), ("-5", None)])
def test_reading_retry_after(header, seconds):
    assert wait_asked(header, NOW) == seconds


def test_links_are_tried_four_times_with_growing_waits():
    waits = [retry_at(FAILURE, tries, NOW) for tries in range(4)]
    assert waits == [NOW + timedelta(minutes=5), NOW + timedelta(minutes=20), NOW + timedelta(minutes=80), None]
    for kind in ("http_404", "http_410", "robots", "too_large", "address", "http_418"):
        assert retry_at(FetchFailure(kind, ""), 0, NOW) is None
    assert retry_at(FetchFailure("http_429", "", retry_after=30), 0, NOW) == NOW + timedelta(seconds=30)


def test_hosts_rest():
    rests = Rests()
    rests.busy("a", NOW, 90)
    assert rests.resting(NOW) == ["a"] and rests.until("a", NOW) == NOW + timedelta(seconds=90)
    assert rests.until("a", NOW + timedelta(seconds=91)) is None
    for _ in range(2):
        rests.dead("b", NOW)
    assert rests.until("b", NOW) is None
    rests.dead("b", NOW)
    assert rests.until("b", NOW) == NOW + timedelta(seconds=30)
    assert [rests.refused("c", NOW) for _ in range(3)] == [1, 2, 3]
    assert rests.until("c", NOW) == NOW + timedelta(minutes=32)
    rests.good("c")
    assert rests.until("c", NOW) is None
