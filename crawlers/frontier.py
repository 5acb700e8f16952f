"""The rhythm of a source: when it is polled next, and what its answer says about its health.  Pure.

A source that brings new pieces is polled often, a quiet one seldom, inside its own bounds.  Failures back off; a
refusal (403, 412) pauses for longer each time.  Only an answer that could be read makes a source well again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crawlers.failures import STOP_SIGNS, FetchFailure
from crawlers.health import silent
from model.outlet import Source
from model.source_state import Health, SourceState

_FASTER, _SLOWER = 0.5, 1.5
_PAUSE_FIRST = timedelta(hours=1)
_PAUSE_LONGEST = timedelta(days=7)


def next_interval(state: SourceState, source: Source, now: datetime, moved: bool | None) -> int:
    """Seconds to the next poll.

    `moved`: True when the links differ from those of the poll before, False when they are the same (or 304), None when
    that is unknown (first poll of this process); then the store's last new piece decides.
    """
    low, high = source.min_interval_s, max(source.min_interval_s, source.max_interval_s)
    if state.last_poll is None:
        return low
    if moved is None:
        moved = state.last_new is not None and state.last_new >= state.last_poll
    interval = max(state.interval_s, 1)
    if moved:
        target = interval * _FASTER
        if state.usual_gap_s > 0:
            target = min(target, state.usual_gap_s / 2)
    else:
        target = interval * _SLOWER
    return round(min(max(target, low), high))


def polled(state: SourceState, source: Source, now: datetime, moved: bool | None, etag: str, last_modified: str) -> SourceState:
    """After a 200 that parsed."""
    interval = next_interval(state, source, now, moved)
    health = Health.SILENT if not moved and silent(state, now) else Health.OK
    return replace(state, health=health, interval_s=interval, next_due=now + timedelta(seconds=interval), etag=etag,
                   last_modified=last_modified, last_poll=now, last_ok=now, failures=0, fail_kind="", fail_detail="",
                   paused_until=None)


def not_modified(state: SourceState, source: Source, now: datetime) -> SourceState:
    """After a 304.  It says that nothing changed, not that the source is well: a failing source stays failing and its
    validators are dropped, so that the next poll must bring a whole page."""
    interval = next_interval(state, source, now, False)
    state = replace(state, interval_s=interval, next_due=now + timedelta(seconds=interval), last_poll=now)
    if state.failures or state.health in (Health.FAILING, Health.PAUSED):
        return replace(state, etag="", last_modified="")
    return replace(state, last_ok=now, health=Health.SILENT if silent(state, now) else Health.OK)


def not_yet(state: SourceState, source: Source, now: datetime) -> SourceState:
    """The address of the day does not exist yet (an e-paper before it comes out): neither a failure nor a success."""
    return not_modified(state, source, now)


def failed(state: SourceState, source: Source, now: datetime, failure: FetchFailure) -> SourceState:
    """After a failure: its kind is kept, the wait doubles each time; 403 and 412 pause the source."""
    failures = state.failures + 1
    state = replace(state, failures=failures, fail_kind=failure.kind, fail_detail=failure.detail, last_poll=now,
                    etag="", last_modified="")
    if failure.kind in STOP_SIGNS:
        until = now + pause(failures)
        return replace(state, health=Health.PAUSED, paused_until=until, next_due=until)
    wait = min(source.min_interval_s * 2.0 ** min(failures - 1, 16), max(source.min_interval_s, source.max_interval_s))
    if failure.retry_after:
        wait = max(wait, failure.retry_after)
    return replace(state, health=Health.FAILING, next_due=now + timedelta(seconds=wait), paused_until=None)


def paused(state: SourceState, now: datetime, until: datetime, kind: str, detail: str) -> SourceState:
    """The outlet refused article pages of the source's host: its lists rest as well."""
    return replace(state, health=Health.PAUSED, paused_until=until, next_due=until, failures=state.failures + 1,
                   fail_kind=kind, fail_detail=detail[:300], etag="", last_modified="")


def pause(times: int) -> timedelta:
    """1 h, 4 h, 16 h, 64 h, then a week."""
    return min(_PAUSE_FIRST * 4 ** min(times - 1, 6), _PAUSE_LONGEST)


def conditions(state: SourceState) -> dict[str, str]:
    """Headers of a conditional request; none after a failure, when only a whole page can prove the source well."""
    if state.failures:
        return {}
    headers = {}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return headers
