"""The message of a ring, written for a phone, cut by bytes with its link kept whole."""

from __future__ import annotations

from model.alert import Incident, Message

LIMITS = {"wecom": 2000, "dingtalk": 18000, "feishu": 18000, "mail": 60000, "webhook": 60000}   # bytes of UTF-8, under each channel's own limit


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` bytes of UTF-8, never through a character; "…" shows that something is missing."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: max(0, limit - 3)].decode(errors="ignore") + "…"


def compose(incident: Incident, reasons: str, unit_names: dict[str, str], first_outlet: str, link: str, key: str) -> Message:
    units = "、".join(unit_names.get(u, u) for u in incident.units) or "（未定）"
    body = "\n".join((
        f"【{incident.level.label}】{reasons}",
        f"单位：{units}",
        f"事件：{incident.title}",
        f"首见：{first_outlet}　传播：{incident.outlets} 家媒体 {incident.articles} 篇",
        f"依据：{incident.reason}",
    ))
    return Message(key, f"{incident.level.roman}级舆情：{incident.title}", body, link, incident.level)


def text_for(message: Message, kind: str) -> str:
    """Body and link within the limit of a channel kind: the body is cut, the link is not."""
    tail = f"\n{message.link}" if message.link else ""
    return cut(message.body, LIMITS.get(kind, 2000) - len(tail.encode())) + tail
