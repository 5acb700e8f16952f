"""Is a source well?  Silence longer than usual is a state of its own: a source that answers may still have died."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from model.source_state import Health, SourceState, failure_words

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
_DAY_S = 86400.0
_TIMES_USUAL = 6.0


def quiet_s(since: datetime, now: datetime) -> float:
    """Seconds from `since` to `now` that fall on Monday to Friday (China time): weekends make nobody look dead."""
    start, end = since.astimezone(CHINA), now.astimezone(CHINA)
    if end <= start:
        return 0.0
    total = (end - start).total_seconds()
    weeks = int(total // (7 * _DAY_S))
    counted, cursor = weeks * 5 * _DAY_S, start + timedelta(weeks=weeks)
    while cursor < end:
        midnight = (cursor + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        upto = min(midnight, end)
        if cursor.weekday() < 5:
            counted += (upto - cursor).total_seconds()
        cursor = upto
    return counted


def silent(state: SourceState, now: datetime) -> bool:
    """True when nothing new came for more than six usual gaps, and at least one working day.

    Unknown (False) until the source has shown a usual gap.
    """
    if state.last_new is None or state.usual_gap_s <= 0:
        return False
    return quiet_s(state.last_new, now) > max(_TIMES_USUAL * state.usual_gap_s, _DAY_S)


def reason(state: SourceState, now: datetime) -> str:
    """One sentence for the screen: why the source has its state of health."""
    if state.health is Health.FAILING or (state.health is Health.PAUSED and state.fail_kind):
        text = f"{failure_words(state.fail_kind)}（连续 {state.failures} 次）" + (f"：{state.fail_detail}" if state.fail_detail else "")
        if state.health is Health.PAUSED and state.paused_until:
            text += f"；暂停到 {state.paused_until.astimezone(CHINA):%m-%d %H:%M}"
        return text
    if state.health is Health.SILENT and state.last_new:
        return f"{_span((now - state.last_new).total_seconds())}没有新稿件，平时约每{_span(state.usual_gap_s)}一篇"
    if state.health is Health.NEW:
        return "还没有采集过"
    return "正常"


def _span(seconds: float) -> str:
    if seconds >= 2 * _DAY_S:
        return f" {seconds / _DAY_S:.0f} 天"
    if seconds >= 5400:
        return f" {seconds / 3600:.0f} 小时"
    return f" {max(1, round(seconds / 60))} 分钟"
