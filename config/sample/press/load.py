"""YAML data → pieces: days are counted from `now`, so the press is always recent, and none of it lies in the future."""

from __future__ import annotations

import re
import zlib
from datetime import datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Iterator, Mapping

import yaml

from config.sample.press.piece import House, Piece, Truth

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
HERE = Path(__file__).parent
DATA = ("events", "stories", "places", "harmless", "bulletins", "other", "held", "special")
RELEASE_EVERY_S = 20.0
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MARK = re.compile(r"\{([dDmywn]):(-?\d+)(?::(-?\d+))?\}")
_WEEK = "一二三四五六日"


@cache
def read(name: str) -> Any:
    """A data file of the press, parsed."""
    return yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), _Loader)


@cache
def houses() -> Mapping[str, House]:
    return {h["id"]: House(**h) for h in read("houses")["houses"]}


def load(now: datetime) -> list[Piece]:
    """Every piece of the press as of `now` (aware); the same `now` gives the same pieces."""
    now = now.astimezone(SHANGHAI)
    pieces: list[Piece] = []
    for name in DATA:
        for story in read(name)["stories"]:
            for one in _days(story):
                pieces += _story(one, now, len(pieces))
    return pieces


def _days(story: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A bulletin is one entry with `daily: [first, last, step]`: another piece with other figures for each day."""
    if "daily" not in story:
        yield story
        return
    first, last, step = story["daily"]
    for day in range(first, last + 1, step):
        yield {**story, "id": f"{story['id']}{-day:02d}", "shift": day}


def _story(story: Mapping[str, Any], now: datetime, serial: int) -> Iterator[Piece]:
    copies = story["copies"]
    head = copies[0]
    founder = "" if story.get("first") == "not held" else f"{story['id']}.{_founder(copies)}"
    for n, copy in enumerate(copies):
        yield _piece(story, head, copy, n, founder, now, 4501 + serial + n)


def _founder(copies: list[Mapping[str, Any]]) -> int:
    return next((n for n, c in enumerate(copies) if c.get("first")), 0)


def _piece(story: Mapping[str, Any], head: Mapping[str, Any], copy: Mapping[str, Any], n: int, founder: str,
           now: datetime, serial: int) -> Piece:
    house = houses()[copy["house"]]
    first_house = houses()[head["house"]]
    shift = int(story.get("shift", 0))
    fill = _Filler(story["id"], now, shift)
    published, precision = _when(copy, house, now, shift)
    own = copy is head or "lead" in copy or "by" in copy
    people = copy if own else head
    by, corr = _names(people.get("by")), _names(people.get("corr"))
    lead = copy.get("lead", house.lead if own else head.get("lead", first_house.lead))
    swap = copy.get("swap", {})
    body = _body(copy.get("text", story.get("text", "")), copy.get("keep"))
    if body:
        wired = published if own else _when(head, first_house, now, shift)[0]
        body[0] = _lead(lead, by, corr).replace("{p}", f"{wired.month}月{wired.day}日") + body[0]
    body += copy.get("add", []) + ([copy["tail"]] if "tail" in copy else [head["tail"]] if not own and "tail" in head else [])
    source = copy.get("source", first_house.name if copy is not head else house.name)
    units = tuple(copy.get("units", story.get("units", ())))
    unresolved = tuple(copy.get("unresolved", story.get("unresolved", ())))
    text = [fill(_swap(x, swap)) for x in body]
    printed = "\n".join((*text, copy.get("byline", ""), copy.get("caption", "")))
    told = {**story.get("opinion", {}), **copy.get("opinion", {})}
    bystander = "R" if story.get("event") else "P"        # a bad event the unit is named in but not blamed for is a risk
    labels = {u: told.get(u, bystander) for u in units}
    truth = Truth(units=units, unresolved=unresolved, opinion=labels, event=copy.get("event", story.get("event", "")), first=founder,
                  first_outlet=story.get("first_outlet", ""), status=copy.get("status", "clipped" if units or unresolved else "unmatched"),
                  authors=_printed(by, printed), correspondents=_printed(corr, printed))
    page = copy.get("page", ["", "", ""])
    return Piece(id=f"{story['id']}.{n}", story=story["id"], house=house, serial=serial,
                 title=fill(_swap(copy.get("title", story["title"]), swap)),
                 paragraphs=tuple(text), published=published, precision=precision, source=source, truth=truth,
                 byline=fill(copy.get("byline", "")), editor=copy.get("editor", ""), kicker=copy.get("kicker", ""),
                 subtitle=copy.get("subtitle", ""), page_no=str(page[0]), page_name=page[1], position=page[2] if len(page) > 2 else "",
                 mark=copy.get("mark", ""), inject=bool(copy.get("inject")), caption=fill(copy.get("caption", "")),
                 split=int(copy.get("split", 0)), twin=copy.get("twin", ""), linked_from=copy.get("linked_from", ""),
                 release=float(copy.get("held", 0)) * RELEASE_EVERY_S)


def _when(copy: Mapping[str, Any], house: House, now: datetime, shift: int) -> tuple[datetime, str]:
    """`at: "-3 09:15"` or `at: "-3"`; or `ago: 12` minutes before now.  Day 0 is pressed into the hours already gone."""
    midnight = datetime.combine(now.date(), time(), SHANGHAI)
    if "ago" in copy:
        return max(midnight, (now - timedelta(minutes=copy["ago"])).replace(second=0, microsecond=0)), "minute"
    day, _, clock = str(copy["at"]).partition(" ")
    offset = int(day) + shift
    date = midnight + timedelta(days=offset)
    if house.family in ("epaper", "big5") or not clock:
        return date, "day"
    hour, minute = (int(x) for x in clock.split(":"))
    minutes = hour * 60 + minute
    if offset == 0:
        minutes = int((now - midnight).total_seconds() / 60 * minutes / 1440)
    return date + timedelta(minutes=minutes), "minute"


def _names(value: Any) -> list[str]:
    return [] if not value else [value] if isinstance(value, str) else list(value)


def _printed(names: list[str], text: str) -> tuple[str, ...]:
    """Those of the names that this copy prints (a repost may drop them), without the gap."""
    return tuple(plain(x) for x in names if x in text or plain(x) in text)


def plain(name: str) -> str:
    """周　敏 → 周敏: two-character names are printed with a gap."""
    return name.replace("　", "")


def _lead(shape: str, by: list[str], corr: list[str]) -> str:
    if "{by}" not in shape:
        return shape
    if not by:
        opening = shape.split("（")[0]
        return f"{opening}（通讯员 {' '.join(corr)}）" if corr else opening + "　"
    return shape.replace("{by}", " ".join(by)).replace("{with}", f" 通讯员 {' '.join(corr)}" if corr else "")


def _body(text: str, keep: list[int] | None) -> list[str]:
    paragraphs = [line.strip() for line in text.strip().split("\n") if line.strip()]
    return paragraphs if keep is None else [paragraphs[k] for k in keep]


def _swap(text: str, pairs: Mapping[str, str]) -> str:
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text


class _Filler:
    """{d:-3} 11月18日 · {D:-3} 2026年11月18日 · {m:0} 11月 · {y:0} 2026 · {w:-3} 周三 · {n:10:40} a figure of this story."""

    def __init__(self, seed: str, now: datetime, shift: int) -> None:
        self.seed, self.now, self.shift, self.count = seed, now, shift, 0

    def __call__(self, text: str) -> str:
        return _MARK.sub(self._one, text)

    def _one(self, match: re.Match[str]) -> str:
        kind, low, high = match[1], int(match[2]), match[3]
        if kind == "n":
            self.count += 1
            span = int(high) - low + 1
            return str(low + zlib.crc32(f"{self.seed}/{self.count}".encode()) % span)
        day = self.now + timedelta(days=low + self.shift)
        return {"d": f"{day.month}月{day.day}日", "D": f"{day.year}年{day.month}月{day.day}日", "m": f"{day.month}月",
                "y": f"{day.year}", "w": f"周{_WEEK[day.weekday()]}"}[kind]
