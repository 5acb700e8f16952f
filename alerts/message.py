"""The message of a ring, written for a phone, cut by bytes with its link kept whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from model.alert import Incident, Message

LIMITS = {"wecom": 2000, "dingtalk": 18000, "feishu": 18000, "mail": 60000, "webhook": 60000, "sms": 480}   # bytes of UTF-8, under each channel's own limit
_PHONE = re.compile(r"(?<![0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9])")
_CITIZEN = re.compile(r"(?<![0-9])([0-9]{6})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9])")

_LINK = re.compile(r"https?://|htt?p?s?:?/?…$|h…$")       # an address, or what the cut has left of one


def masked(text: str) -> str:
    """Phone and identity numbers of people are not sent out whole."""
    return _PHONE.sub(r"\1****\2", _CITIZEN.sub(r"\1********\2", text))


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` bytes of UTF-8, never through a character; "…" shows that something is missing."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: max(0, limit - 3)].decode(errors="ignore") + "…"


def compose(incident: Incident, reasons: str, unit_names: dict[str, str], first_outlet: str, link: str, key: str,
            mask: Callable[[str], str] = masked) -> Message:
    """`mask` hides what names a patient: a message leaves the house, its link leads those who may read back to the whole."""
    units = "、".join(unit_names.get(u, u) for u in incident.units) or "（未定）"
    body = "\n".join((
        f"【舆情 {incident.level.label}】{reasons}",
        f"单位：{units}",
        f"事件：{incident.title}",
        f"首见：{first_outlet or '（未定）'}　传播：{incident.outlets} 家媒体 {incident.articles} 篇",
        f"依据：{incident.reason}",
    ))
    return Message(key, mask(f"{incident.level.roman}级舆情：{incident.title}"), mask(body), link, incident.level)


def bundle(messages: Sequence[Message], key: str) -> Message:
    """One message of those held over night: the gravest first, of several about one incident the last, each cut short, with its link."""
    last = {m.link or m.key: m for m in messages}
    kept = sorted(last.values(), key=lambda m: m.level)
    lines = [f"夜间 {len(kept)} 件："]
    for number, message in enumerate(kept, 1):
        lines.append(f"{number}. {cut(message.title, 150)}\n{cut(message.body.partition(chr(10))[0], 150)}\n{message.link}")
    return Message(key, f"夜间舆情汇总：{len(kept)} 件", "\n".join(lines), kept[0].link.rpartition("/")[0], kept[0].level)


def text_for(message: Message, kind: str) -> str:
    """Body and link within the limit of a channel kind."""
    return fitted(message, LIMITS.get(kind, 2000))


def fitted(message: Message, limit: int) -> str:
    """Body and link in `limit` bytes: the body is cut, the link is not, and no link inside the body is left half."""
    tail = f"\n{message.link}" if message.link else ""
    body = cut(message.body, limit - len(tail.encode()))
    if body != message.body and _LINK.match(body.rpartition("\n")[2]):
        body = body.rpartition("\n")[0].rstrip("…") + "…"
    return body + tail
