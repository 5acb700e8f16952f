"""政策发布舆情监测: a watch has its words, units and days; a line a day, and it ends by itself with a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from alerts.room import SYSTEM
from alerts.times import SHANGHAI, local
from model.bureau import Bureau
from model.clipping import Clipping
from model.duty import Watch, WatchNote
from model.opinion import Label
from model.outlet import Tier
from model.ports import Clock, Store
from model.search import Query

MOST = 5000                        # pieces a watch counts
_PAGE = 100


class Watches:
    """`model.ports_duty.WatchDesk`."""

    def __init__(self, store: Store, bureau: Callable[[], Bureau], clock: Clock):
        self.store, self.bureau, self.clock = store, bureau, clock

    def found(self, watch: Watch, since: date | None = None, until: date | None = None) -> list[Clipping]:
        """Pieces with one of the words (about one of the units), published in the days of the watch, newest first; texts cut."""
        start = _start(max(since, date.fromisoformat(watch.since)) if since else date.fromisoformat(watch.since))
        end = _start((min(until, date.fromisoformat(watch.until)) if until else date.fromisoformat(watch.until)) + timedelta(days=1))
        ids: dict[int, None] = {}
        for word in watch.words:
            for page in range(1, MOST // _PAGE + 1):
                hits = self.store.search(Query(word, tuple(watch.units), since=start, until=end, per_page=_PAGE, page=page))
                ids.update(dict.fromkeys(hits.ids))
                if len(hits.ids) < _PAGE or len(ids) >= MOST:
                    break
        kept = self.store.clippings(list(ids)[:MOST])
        return sorted(kept, key=_when, reverse=True)

    def report(self, watch: Watch, now: datetime | None = None) -> Mapping[str, object]:
        """The watch as it stands, counted; keys as `WatchDesk.report` says."""
        now = now or self.clock.now()
        pieces = self.found(watch)
        days: dict[str, list[int]] = {}
        for day in _days(watch, local(now).date()):
            days[day.isoformat()] = [0, 0]
        for piece in pieces:
            counted = days.setdefault(local(_when(piece)).date().isoformat(), [0, 0])
            counted[0] += 1
            counted[1] += _negative(piece)
        tiers = Counter(Tier(p.tier).label for p in pieces)
        names = {u.id: u.label for u in self.bureau().units}
        units = Counter(names.get(u, u) for p in pieces for u in p.unit_ids)
        ended = watch.until < local(now).date().isoformat()
        made = {"name": watch.name, "since": watch.since, "until": watch.until, "ended": ended, "total": len(pieces),
                "negative": sum(map(_negative, pieces)), "outlets": len({p.outlet_id or p.outlet_name for p in pieces}),
                "stories": len({p.story.id if p.story else -p.id for p in pieces}),
                "days": [(day, *numbers) for day, numbers in sorted(days.items())], "tiers": tiers.most_common(),
                "units": units.most_common(20),
                "clippings": pieces}
        return {**made, "text": _text(made)}

    def daily(self) -> int:
        """Write the lines of the days that are over, and the report of a watch that has ended; returns how many are new."""
        now, new = self.clock.now(), 0
        for watch in self.bureau().duty.watches:
            today = local(now).date()
            held = {(n.kind, n.day) for n in self.store.watch_notes(watch.id)}
            for day in _days(watch, today - timedelta(days=1)):
                if ("day", day.isoformat()) not in held:
                    new += self._line(watch, day, now)
            if watch.until < today.isoformat() and ("end", watch.until) not in held:
                report = {k: v for k, v in self.report(watch, now).items() if k != "clippings"}
                note = WatchNote(watch.id, "end", watch.until, now, str(report["text"]), report)
                with self.store.write() as w:
                    if w.add_watch_note(note):
                        w.log_duty(SYSTEM, "watch", f"监测“{watch.name}”到期，已出报告", now, {"watch": watch.id})
                        new += 1
        return new

    def _line(self, watch: Watch, day: date, now: datetime) -> int:
        pieces = self.found(watch, day, day)
        negative, outlets = sum(map(_negative, pieces)), len({p.outlet_id or p.outlet_name for p in pieces})
        text = f"{day:%-m月%-d日}，{outlets} 家媒体刊发 {len(pieces)} 篇，负面 {negative} 篇" if pieces else f"{day:%-m月%-d日}，未见报道"
        with self.store.write() as w:
            return int(w.add_watch_note(WatchNote(watch.id, "day", day.isoformat(), now, text, {
                "pieces": len(pieces), "negative": negative, "outlets": outlets})))


def _start(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHANGHAI).astimezone(UTC)


def _days(watch: Watch, last: date) -> list[date]:
    first, last = date.fromisoformat(watch.since), min(last, date.fromisoformat(watch.until))
    return [first + timedelta(days=n) for n in range(max(0, min((last - first).days + 1, 1000)))]


def _when(piece: Clipping) -> datetime:
    return piece.article.published or piece.first_seen


def _negative(piece: Clipping) -> bool:
    return any(j.label is Label.NEGATIVE for j in piece.judgements)


def _text(made: Mapping[str, object]) -> str:
    peak = max(made["days"], key=lambda d: d[1], default=None)
    lines = [f"“{made['name']}”监测（{made['since']} 至 {made['until']}）：{made['outlets']} 家媒体刊发 {made['total']} 篇，"
             f"其中独立稿件 {made['stories']} 篇，负面 {made['negative']} 篇。"]
    if made["total"]:
        lines.append(f"峰值 {peak[0]}，{peak[1]} 篇。媒体层级：" + "、".join(f"{name} {number} 篇" for name, number in made["tiers"]) + "。")
    if made["units"]:
        lines.append("涉及单位：" + "、".join(f"{name} {number} 篇" for name, number in made["units"]) + "。")
    return "\n".join(lines)
