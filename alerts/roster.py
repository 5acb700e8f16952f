"""值班表: who sits when, swaps with consent, hand-overs signed by both, 零报告 on quiet days.  Every change is in the duty log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from alerts import roster_sheet
from alerts.calendar import day_of, days
from alerts.handover import notes
from alerts.routes import person_of
from alerts.times import SHANGHAI, local, minute
from model.bureau import Bureau
from model.duty import CalendarDay, HandOver, Shift, ShiftProblem, Swap, SwapState, ZeroReport
from model.ports import Clock, Store

MOST_DAYS = 400


class Roster:
    """`model.ports_duty.RosterDesk`.  People are named by the ids of rules.yaml, by name, or by log-in name."""

    def __init__(self, store: Store, bureau: Callable[[], Bureau], clock: Clock):
        self.store, self.bureau, self.clock = store, bureau, clock

    # people

    def named(self, person: str) -> str:
        found = person_of(self.bureau().duty, person)
        return found.name if found else person

    def same(self, one: str, other: str) -> bool:
        """Do two names mean one person: id, name, or log-in name?"""
        return self._key(one) == self._key(other)

    def _key(self, name: str) -> str:
        rules = self.bureau().duty
        found = person_of(rules, name) or next((p for p in rules.people if p.user and p.user == name), None)
        return f"id:{found.id}" if found else name

    # the table

    def calendar(self, since: date, number: int) -> list[CalendarDay]:
        return days(since, min(number, MOST_DAYS), self.bureau().duty)

    def read_sheet(self, data: bytes, file_name: str = "") -> tuple[list[Shift], list[ShiftProblem]]:
        return roster_sheet.read(data, self.bureau().duty.handover)

    def blank_sheet(self, since: date, number: int) -> bytes:
        return roster_sheet.blank(self.calendar(since, number), self.bureau().duty.handover)

    def put(self, shifts: Sequence[Shift], who: str) -> None:
        """Replace the shifts that start on the days covered.  ValueError when any overlap."""
        shifts = sorted(shifts, key=lambda s: s.starts_at)
        if not shifts:
            raise ValueError("没有要保存的班次")
        for one in shifts:
            _whole(one)
        since = _midnight(shifts[0].starts_at)
        until = _midnight(shifts[-1].starts_at) + timedelta(days=1)
        kept = [s for s in self.store.shifts(since - timedelta(days=2), until + timedelta(days=2)) if not since <= s.starts_at < until]
        for a, b in _pairs(sorted((*shifts, *kept), key=lambda s: s.starts_at)):
            if b.starts_at < a.ends_at:
                raise ValueError(f"{minute(b.starts_at)} 开始的一班与前一班重叠")
        with self.store.write() as w:
            w.put_shifts(shifts, since, until)
            w.log_duty(who, "roster", f"排班 {local(since):%Y-%m-%d} 至 {local(until - timedelta(days=1)):%Y-%m-%d}，共 {len(shifts)} 班",
                       self.clock.now())

    def edit(self, shift_id: int, who: str, leader: str, officers: Sequence[str], note: str = "") -> Shift:
        with self.store.write() as w:
            held = self._held(w.shift(shift_id))
            new = replace(held, leader=leader.strip(), officers=tuple(o.strip() for o in officers if o.strip()), note=note.strip()[:200])
            _whole(new)
            w.save_shift(new)
            w.log_duty(who, "roster", f"{minute(held.starts_at)} 一班改为：{self._people(new)}（原为 {self._people(held)}）", self.clock.now(),
                       {"shift": shift_id})
            return new

    def _people(self, one: Shift) -> str:
        return f"带班 {self.named(one.leader)}，值班 {'、'.join(map(self.named, one.officers))}"

    @staticmethod
    def _held(found: Shift | None) -> Shift:
        if found is None:
            raise ValueError("没有这一班")
        return found

    def gaps(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        """Times in [since, until) nobody is on duty."""
        found, at = [], since
        for one in self.store.shifts(since, until):
            if one.starts_at > at:
                found.append((at, one.starts_at))
            at = max(at, one.ends_at)
        return found + ([(at, until)] if at < until else [])

    # swaps

    def ask_swap(self, shift_id: int, asker: str, other: str, reason: str, other_shift_id: int = 0) -> Swap:
        now = self.clock.now()
        if not reason.strip():
            raise ValueError("换班要写理由")
        with self.store.write() as w:
            mine = self._held(w.shift(shift_id))
            if not self._sits(mine, asker):
                raise ValueError(f"{self.named(asker)}不在这一班")
            if mine.ends_at <= now:
                raise ValueError("这一班已经过去")
            if self._sits(mine, other):
                raise ValueError(f"{self.named(other)}本来就在这一班")
            if other_shift_id and not self._sits(self._held(w.shift(other_shift_id)), other):
                raise ValueError(f"{self.named(other)}不在要换的那一班")
            if any(s.shift_id == shift_id and self.same(s.asker, asker) for s in self.store.swaps([SwapState.ASKED.value])):
                raise ValueError("已经提出过换班，等对方答复")
            swap = Swap(0, shift_id, asker, other, other_shift_id, reason.strip()[:500], now)
            swap = replace(swap, id=w.save_swap(swap))
            w.log_duty(asker, "swap", f"请{self.named(other)}替 {minute(mine.starts_at)} 一班：{swap.reason}", now, {"swap": swap.id})
            return swap

    def answer_swap(self, swap_id: int, who: str, agreed: bool, text: str = "") -> Swap:
        now = self.clock.now()
        with self.store.write() as w:
            swap = self._asked(w.swap(swap_id))
            if not self.same(who, swap.other):
                raise ValueError(f"只有{self.named(swap.other)}本人可以答复")
            if agreed:
                self._exchange(w, swap)
            swap = replace(swap, state=SwapState.AGREED if agreed else SwapState.REFUSED, answered_at=now, answer=text.strip()[:500])
            w.save_swap(swap)
            said = f"{'同意' if agreed else '不同意'}与{self.named(swap.asker)}换班"
            w.log_duty(who, "swap", said + (f"：{swap.answer}" if swap.answer else ""), now,
                       {"swap": swap_id})
            return swap

    def withdraw_swap(self, swap_id: int, who: str) -> Swap:
        with self.store.write() as w:
            swap = self._asked(w.swap(swap_id))
            if not self.same(who, swap.asker):
                raise ValueError(f"只有{self.named(swap.asker)}本人可以撤回")
            swap = replace(swap, state=SwapState.WITHDRAWN, answered_at=self.clock.now())
            w.save_swap(swap)
            w.log_duty(who, "swap", "撤回换班", self.clock.now(), {"swap": swap_id})
            return swap

    @staticmethod
    def _asked(swap: Swap | None) -> Swap:
        if swap is None:
            raise ValueError("没有这次换班")
        if swap.state is not SwapState.ASKED:
            raise ValueError(f"这次换班{swap.state.label}，不能再答复")
        return swap

    def _exchange(self, w, swap: Swap) -> None:
        """Both shifts as they are now, not as they were when asked."""
        for shift_id, goes, comes in ((swap.shift_id, swap.asker, swap.other), (swap.other_shift_id, swap.other, swap.asker)):
            if not shift_id:
                continue
            held = self._held(w.shift(shift_id))
            if not self._sits(held, goes):
                raise ValueError(f"排班已变，{self.named(goes)}已不在这一班")
            if held.ends_at <= self.clock.now():
                raise ValueError("这一班已经过去")
            w.save_shift(replace(held, leader=comes if self.same(held.leader, goes) else held.leader,
                                 officers=tuple(comes if self.same(o, goes) else o for o in held.officers)))

    def _sits(self, one: Shift, person: str) -> bool:
        return any(self.same(p, person) for p in (one.leader, *one.officers))

    # hand-over

    def draft_handover(self) -> HandOver:
        return notes(self.store, self.bureau(), self.clock.now())

    def give(self, who: str, added: str = "") -> HandOver:
        """The giver signs what stands then; an earlier note that nobody took must be taken first."""
        waiting = [h for h in self.store.handovers(1) if not h.taken_by]
        if waiting:
            raise ValueError(f"{self.named(waiting[0].given_by)}于{minute(waiting[0].given_at)}交的班还没有人接")
        now = self.clock.now()
        note = replace(self.draft_handover(), added=added.strip()[:5000], given_by=who, given_at=now)
        with self.store.write() as w:
            note = replace(note, id=w.save_handover(note))
            w.log_duty(who, "handover", f"交班：未办结 {len(note.open_incidents)} 件", now, {"handover": note.id})
        return note

    def take(self, handover_id: int, who: str) -> HandOver:
        with self.store.write() as w:
            note = self.store.handover(handover_id)
            if note is None:
                raise ValueError("没有这次交班")
            if note.taken_by:
                raise ValueError(f"{self.named(note.taken_by)}已经接班")
            if self.same(note.given_by, who):
                raise ValueError("交班的人不能自己接班")
            note = replace(note, taken_by=who, taken_at=self.clock.now())
            w.save_handover(note)
            w.log_duty(who, "handover", f"接班（{self.named(note.given_by)}交）", note.taken_at, {"handover": handover_id})
            return note

    # zero reports

    def zero_report(self, day: str, who: str, text: str = "") -> ZeroReport:
        try:
            start = datetime.combine(date.fromisoformat(day), datetime.min.time(), SHANGHAI).astimezone(UTC)
        except ValueError:
            raise ValueError(f"日期“{day}”不对，请写成 2026-11-21") from None
        now = self.clock.now()
        if start > now:
            raise ValueError("还没有到这一天")
        if self.store.zero_reports(day, day):
            raise ValueError(f"{day} 已经报过")
        if happened := self.store.incidents_between(start, start + timedelta(days=1)):
            raise ValueError(f"{day} 有 {len(happened)} 件舆情，不能零报告")
        report = ZeroReport(day, now, who, 0, text.strip()[:1000])
        with self.store.write() as w:
            w.add_zero_report(report)
            w.log_duty(who, "zero", f"{day} 零报告" + (f"：{report.text}" if report.text else ""), now)
        return report

    def zero_due(self, since: str, until: str) -> list[str]:
        """Days off in [since, until] that have passed or are today, without incident and without report."""
        first, last = date.fromisoformat(since), min(date.fromisoformat(until), local(self.clock.now()).date())
        if last < first:
            return []
        told = {r.day for r in self.store.zero_reports(since, until)}
        start = datetime.combine(first, datetime.min.time(), SHANGHAI).astimezone(UTC)
        end = datetime.combine(last + timedelta(days=1), datetime.min.time(), SHANGHAI).astimezone(UTC)
        happened = {local(i.opened_at).date() for i in self.store.incidents_between(start, end)}
        span = days(first, min((last - first).days + 1, MOST_DAYS), self.bureau().duty)
        return [d.day.isoformat() for d in span if not d.kind.works and d.day not in happened and d.day.isoformat() not in told]

    def log(self, who: str, text: str) -> None:
        """A line of 值班日志 by hand."""
        if not text.strip():
            raise ValueError("值班日志不能为空")
        with self.store.write() as w:
            w.log_duty(who, "note", text.strip()[:2000], self.clock.now())

    def today(self) -> CalendarDay:
        return day_of(local(self.clock.now()).date(), self.bureau().duty)


def _whole(one: Shift) -> None:
    if one.ends_at <= one.starts_at:
        raise ValueError(f"{minute(one.starts_at)} 一班的结束不晚于开始")
    if one.ends_at - one.starts_at > timedelta(days=8):
        raise ValueError(f"{minute(one.starts_at)} 一班超过八天")
    if not one.leader or not one.officers:
        raise ValueError(f"{minute(one.starts_at)} 一班缺带班领导或值班员")


def _midnight(at: datetime) -> datetime:
    return local(at).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _pairs(shifts: Sequence[Shift]) -> list[tuple[Shift, Shift]]:
    return list(zip(shifts, shifts[1:]))
