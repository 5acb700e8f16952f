"""How values are written on the screen: times, points, labels, addresses.  Used as Jinja filters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from model.alert import EVENTS, Incident, IncidentState, Level
from model.clipping import Clipping
from model.opinion import Label
from model.outlet import SourceKind, Tier
from model.source_state import Health, SourceState, failure_words

from dashboards.weeks import local

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SOURCES = {
    SourceKind.FEED: "订阅源", SourceKind.SITEMAP: "网站地图", SourceKind.LISTING: "列表页",
    SourceKind.EPAPER: "电子报", SourceKind.WECHAT: "微信镜像",
}
_ROLES = {"mentioned": "涉及", "correspondent": "通讯员署名", "contributed": "供稿"}
_KINDS = {"piece": "稿件", "award": "奖励", "veto": "一票否决", "start": "基础分", "quota": "任务量", "rate": "采用率", "adjust": "调整"}
_HITS = {"strong": "强词", "weak": "弱词", "frame": "句式", "gap": "搭配", "watch": "关注", "rule": "本单位规则"}


def ended(text: str) -> str:
    """A sentence with its full stop."""
    return text if not text or text.endswith(("。", "！", "？", "；", "…", "”")) else f"{text}。"


def minute(moment: datetime | None) -> str:
    """`2026-11-21 09:05`, Asia/Shanghai; 未知 when missing."""
    return local(moment).strftime("%Y-%m-%d %H:%M") if moment else "未知"


def short(moment: datetime | None) -> str:
    """`11-21 09:05`."""
    return local(moment).strftime("%m-%d %H:%M") if moment else "—"


def iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def published(clipping: Clipping) -> str:
    """Time of publication with no more precision than was printed; a missing one is said to be missing."""
    moment = clipping.article.published
    if moment is None:
        return f"时间未注明（{short(clipping.first_seen)} 发现）"
    return local(moment).strftime("%Y-%m-%d") if clipping.article.precision == "day" else minute(moment)


def digest_day(moment: datetime | None, precision: str) -> str:
    """`11月20日`, with the minute when it was printed; 时间未注明 when it was not."""
    if moment is None:
        return "时间未注明"
    return month_day(moment) + (local(moment).strftime(" %H:%M") if precision == "minute" else "")


def month_day(moment: datetime) -> str:
    """`11月9日`: no leading zeros, as official papers write it."""
    day = local(moment)
    return f"{day.month}月{day.day}日"


def long_day(moment: datetime) -> str:
    """`2026年11月9日`."""
    return f"{local(moment).year}年{month_day(moment)}"


def points(cents: int) -> str:
    """Hundredths as points: `6.00`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def web_address(url: str) -> str:
    """The address when it may stand in a link (http or https with a host), else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def tier(value: str) -> str:
    try:
        return Tier(value).label
    except ValueError:
        return value or Tier.UNKNOWN.label


def label(value: str) -> str:
    try:
        return Label(value).label
    except ValueError:
        return value


def health(value: str) -> str:
    return Health(value).label


def state(value: str) -> str:
    return IncidentState(value).label


def source_kind(value: str) -> str:
    try:
        return _SOURCES[SourceKind(value)]
    except ValueError:
        return value


def event(value: str) -> str:
    return EVENTS.get(value, value)


def mention_role(value: str) -> str:
    return _ROLES.get(value, value)


def hit_kind(value: str) -> str:
    return _HITS.get(value, value)


def ledger_kind(value: str) -> str:
    return _KINDS.get(value, value)


def grave(level: Level) -> str:
    """`特别重大`, the words of a level without its sign."""
    return level.label.split(" ", 1)[-1]


def ago(moment: datetime | None, now: datetime) -> str:
    """`刚刚`, `12 分钟前`, `3 小时前`, then the day."""
    if moment is None:
        return "从未"
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "刚刚"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} 分钟前"
    if passed < timedelta(days=1):
        return f"{passed // timedelta(hours=1)} 小时前"
    return f"{passed // timedelta(days=1)} 天前" if passed < timedelta(days=30) else local(moment).strftime("%Y-%m-%d")


def until(moment: datetime | None, now: datetime) -> str:
    """`还剩 12 分钟` or `已超时 5 分钟`."""
    if moment is None:
        return ""
    left = moment - now
    return f"已超时 {length(-left)}" if left < timedelta() else f"还剩 {length(left)}"


def length(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} 分钟"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} 小时 {minutes} 分钟" if minutes else f"{hours} 小时"
    return f"{hours // 24} 天"


def clock_name(incident: Incident) -> str:
    return "签收时限" if incident.state is IncidentState.OPEN else "处置时限"


def standing_of(clipping: Clipping) -> str:
    """How the piece stands in its story: `首发已确认`, `疑似首发`, `首发未确认` or `转载`."""
    story = clipping.story
    if story is None:
        return ""
    if clipping.is_first or (story.first.article_id is None and not story.first.outlet):
        return story.first.state.label
    return "转载"


def is_negative(clipping: Clipping) -> bool:
    return any(j.label is Label.NEGATIVE for j in clipping.judgements)


def main_label(clipping: Clipping) -> str:
    """The label shown in lists: negative when any judgement is, else that of the whole article."""
    if is_negative(clipping):
        return Label.NEGATIVE.value
    overall = clipping.overall or next(iter(clipping.judgements), None)
    return overall.label.value if overall else ""


def printable(text: str) -> str:
    """Without the characters that no XML, and so no Word or Excel file, can hold."""
    return _UNPRINTABLE.sub("", text)


def joined(items: Iterable[str], none: str = "—") -> str:
    return "、".join(items) or none


def source_worry(source: SourceState) -> str:
    """Why a source needs a look, in one phrase; "" when it does not."""
    if source.health is Health.FAILING:
        return f"连续失败 {source.failures} 次：{failure_words(source.fail_kind)}"
    if source.health is Health.PAUSED:
        return f"已暂停：{failure_words(source.fail_kind)}"
    if source.health is Health.SILENT:
        return f"久无新稿（最近一篇 {short(source.last_new)}）"
    return ""


FILTERS = {
    "minute": minute, "short": short, "iso": iso, "published": published, "digest_day": digest_day, "month_day": month_day,
    "long_day": long_day, "points": points, "web_address": web_address, "tier": tier,
    "label": label, "health": health, "state": state, "source_kind": source_kind, "failure": failure_words, "event": event,
    "mention_role": mention_role, "hit_kind": hit_kind, "ledger_kind": ledger_kind, "grave": grave, "ago": ago,
    "until": until, "clock_name": clock_name,
    "standing_of": standing_of, "is_negative": is_negative, "main_label": main_label, "joined": joined, "source_worry": source_worry,
}
