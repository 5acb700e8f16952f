"""Hand-over notes (交接班记录), made from the record: what is open, what came, what was done, what is due, what is dead."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from alerts.times import minute, span
from model.alert import EVENTS, OPEN_STATES, Incident
from model.bureau import Bureau
from model.duty import HandOver
from model.ports import Store

LONGEST = timedelta(days=7)
_BY_PEOPLE = ("signed", "judged", "assigned", "handled", "answered", "feedback", "report", "conference", "correction", "closed", "filed",
              "false_alarm", "merged", "split", "level")


def notes(store: Store, bureau: Bureau, now: datetime) -> HandOver:
    """Since the last hand-over, else since the shift began, else the last day; at most a week."""
    last, shift = next(iter(store.handovers(1)), None), store.shift_at(now)
    since = last.until if last else shift.starts_at if shift else now - timedelta(days=1)
    since = max(since, now - LONGEST)
    held = sorted(store.incidents([s.value for s in OPEN_STATES], 500), key=lambda i: (i.level, i.due_at or now))
    lines = [f"一、未办结 {len(held)} 件"]
    lines += [_open(bureau, i, now) for i in held]
    new = store.incidents_between(since, now)
    lines += [f"二、本班新立案 {len(new)} 件", *(f"〔{i.id}〕{i.level.roman}级 {i.title}（{i.state.label}）" for i in new)]
    done = Counter(e.what for e in store.events_between(since, now) if e.what in _BY_PEOPLE)
    lines.append("三、本班办理：" + ("、".join(f"{EVENTS[w]} {n} 次" for w, n in done.most_common()) or "无"))
    late = [c for c in store.running_clocks() if c.due_at < now + timedelta(hours=12)]
    lines.append(f"四、12 小时内到期或已逾期 {len(late)} 项")
    lines += [f"〔{c.incident_id}〕{c.name}：{minute(c.due_at)}，{'已逾期' if c.due_at < now else '还有'} {span(c.left_s(now))}" for c in late]
    dead = [s.channel for s in store.channel_states().values() if s.dead]
    silent = [s.outlet_id for s in store.source_states() if s.health.value in ("silent", "failing")]
    lines.append("五、不通的通知渠道：" + ("、".join(dead) or "无") + f"；静默或失败的媒体来源：{len(silent)} 个")
    return HandOver(0, shift.id if shift else 0, since, now, "\n".join(lines), tuple(i.id for i in held))


def _open(bureau: Bureau, incident: Incident, now: datetime) -> str:
    names = {u.id: u.label for u in bureau.units}
    units = "、".join(names.get(u, u) for u in incident.assigned or incident.units) or "未定"
    due = ""
    if incident.due_at:
        due = f"，{'已逾期' if incident.due_at < now else '还有'} {span((incident.due_at - now).total_seconds())}"
    return f"〔{incident.id}〕{incident.level.roman}级 {incident.title}（{incident.state.label}，{units}{due}）"
