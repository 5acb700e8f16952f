"""The desk: what people do to an incident.  Each step is checked, written into the record with who, when and what, and ends its clocks.

What is out of order is refused with a ValueError whose text is for the screen; then nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from alerts import clocks
from alerts.room import Room
from alerts.times import local, minute
from alerts.workflow import after, allowed, refusal
from model.alert import KINDS, CaseClock, Incident, IncidentState, Level
from model.case import Case, case_of
from model.ports import Writer

MAX_WORDS = 5000


def said(text: str, what: str, most: int = MAX_WORDS) -> str:
    """The text without blanks around it.  ValueError when it is empty."""
    if not text.strip():
        raise ValueError(f"{what}不能为空")
    return text.strip()[:most]


def ended(text: str) -> str:
    """A sentence to which another is added."""
    return text if text.endswith(("。", "！", "？", "；", "…")) else f"{text}。"


@dataclass
class Taken:
    """A step being taken: the incident as it is and as it will be."""

    w: Writer
    incident: Incident
    case: Case
    now: datetime
    who: str

    def change(self, **fields: object) -> None:
        self.incident = replace(self.incident, **fields)

    def log(self, what: str, text: str, data: Mapping[str, object] | None = None) -> int:
        return self.w.log(self.incident.id, self.who, what, text, self.now, data)


class Desk(Room):
    """`model.ports_duty.CaseDesk`."""

    @contextmanager
    def taking(self, step: str, incident_id: int, who: str) -> Iterator[Taken]:
        """One step as one transaction; its clocks are ended and the next one due is set at its end."""
        now = self.clock.now()
        with self.store.write() as w:
            incident = w.incident(incident_id)
            if incident is None:
                raise ValueError(f"没有编号为 {incident_id} 的舆情事件")
            case = case_of(self.store.incident_events(incident_id))
            if why := refusal(step, incident, case):
                raise ValueError(why)
            taken = Taken(w, replace(incident, state=after(step, incident.state), updated_at=now), case, now, who)
            yield taken
            taken.change(due_at=self.due(w, taken.incident))
            w.save_incident(taken.incident)

    def case(self, incident_id: int) -> Case:
        return case_of(self.store.incident_events(incident_id))

    def may(self, incident: Incident, case: Case) -> tuple[str, ...]:
        return allowed(incident, case)

    # the way

    def sign(self, incident_id: int, who: str) -> Incident:
        """签收.  Signing what somebody has signed already changes nothing; what is over is refused."""
        held = self.store.incident(incident_id)
        if held and held.state.is_open and held.state is not IncidentState.OPEN:
            return held
        with self.taking("sign", incident_id, who) as t:
            t.change(signed_by=who, signed_at=t.now)
            t.log("signed", "签收")
            clocks.end(t.w, incident_id, "signed", t.now)
        return t.incident

    def judge(self, incident_id: int, who: str, text: str, kind: str = "") -> Incident:
        if kind and kind not in KINDS:
            raise ValueError(f"没有“{kind}”这一类；可选：" + "、".join(KINDS.values()))
        with self.taking("judge", incident_id, who) as t:
            t.change(kind=kind or t.incident.kind)
            t.log("judged", said(text, "研判意见"), {"kind": t.incident.kind})
            clocks.end(t.w, incident_id, "judged", t.now)
            clocks.start(t.w, t.incident, self.bureau().duty.clocks)
        return t.incident

    def assign(self, incident_id: int, who: str, lead: Sequence[str], assist: Sequence[str], demand: str,
               deadline: datetime | None) -> Incident:
        lead, assist = list(dict.fromkeys(lead)), [u for u in dict.fromkeys(assist) if u not in lead]
        if not lead:
            raise ValueError("交办要有主办单位")
        for unit in (*lead, *assist):
            if self.bureau().unit(unit) is None:
                raise ValueError(f"没有编号为“{unit}”的单位")
        if deadline is not None and deadline <= self.clock.now():
            raise ValueError("办理时限已经过去，请填以后的时间")
        demand = said(demand, "办理要求")
        with self.taking("assign", incident_id, who) as t:
            t.change(assigned=tuple(dict.fromkeys((*t.incident.assigned, *lead, *assist))))
            names = "、".join(map(self.unit_name, lead)) + ("；协办：" + "、".join(map(self.unit_name, assist)) if assist else "")
            event = t.log("assigned", f"主办：{names}。要求：" + (f"{ended(demand)}时限：{minute(deadline)}" if deadline else demand),
                          {"lead": lead, "assist": assist, "demand": demand, "deadline": deadline.isoformat() if deadline else ""})
            clocks.end(t.w, incident_id, "assigned", t.now)
            for unit in (*lead, *assist) if deadline else ():
                self._time_unit(t, unit, deadline)
            self._tell_units(t, event, (*lead, *assist), demand, deadline)
        return t.incident

    def _time_unit(self, t: Taken, unit: str, deadline: datetime) -> None:
        name = f"feedback:{unit}"
        clock = CaseClock(0, t.incident.id, name, f"反馈（{self.unit_name(unit)}）", t.now, deadline, name)
        if any(c.clock == name for c in t.w.case_clocks(t.incident.id)):
            t.w.reset_clock(clock)
        else:
            t.w.start_clock(clock)

    def _tell_units(self, t: Taken, event: int, units: Sequence[str], demand: str, deadline: datetime | None) -> None:
        text = f"交办：{demand}" + (f"（{minute(deadline)}前反馈）" if deadline else "")
        asked = replace(t.incident, units=tuple(units))
        message = self.message(t.w, asked, text, event)
        self.tell(t.w, asked, message, t.now)

    def handle(self, incident_id: int, who: str, unit_id: str, findings: str, measures: str = "") -> Incident:
        with self.taking("handle", incident_id, who) as t:
            self._of_unit(t.case, unit_id)
            findings, measures = said(findings, "核查情况"), measures.strip()[:MAX_WORDS]
            t.log("handled", f"{self.unit_name(unit_id)}：" + (f"{ended(findings)}措施：{measures}" if measures else findings),
                  {"unit": unit_id, "findings": findings, "measures": measures})
        return t.incident

    def answer(self, incident_id: int, who: str, content: str, channel: str, way: str, link: str = "", article_id: int = 0) -> Incident:
        content, channel, way = said(content, "回应内容"), said(channel, "回应渠道", 200), said(way, "回应方式", 200)
        link = _address(link)
        with self.taking("answer", incident_id, who) as t:
            t.log("answered", f"{channel}（{way}）：{content}" + (f" {link}" if link else ""),
                  {"content": content, "channel": channel, "way": way, "link": link, "article": article_id})
            clocks.end(t.w, incident_id, "answered", t.now)
        return t.incident

    def feedback(self, incident_id: int, who: str, unit_id: str, text: str) -> Incident:
        """The case has been reported back (反馈) when the last unit has."""
        with self.taking("feedback", incident_id, who) as t:
            self._of_unit(t.case, unit_id)
            text = said(text, "反馈内容")
            t.log("feedback", f"{self.unit_name(unit_id)}：{text}", {"unit": unit_id, "feedback": text})
            clocks.end(t.w, incident_id, f"feedback:{unit_id}", t.now)
            if set(t.case.waiting) <= {unit_id} and t.incident.state is not IncidentState.UNTRUE:
                t.change(state=IncidentState.REPORTED)
                clocks.end(t.w, incident_id, "feedback", t.now)
        return t.incident

    def _of_unit(self, case: Case, unit_id: str) -> None:
        if unit_id not in {a.unit_id for a in case.assignments}:
            raise ValueError(f"没有把这件事交办给{self.unit_name(unit_id)}")

    def close(self, incident_id: int, who: str, opinion: str) -> Incident:
        """办结, with the closing opinion.  Closing what is closed already changes nothing."""
        held = self.store.incident(incident_id)
        if held and held.state is IncidentState.CLOSED:
            return held
        with self.taking("close", incident_id, who) as t:
            self._over(t)
            t.log("closed", said(opinion, "办结意见"))
            clocks.finish(t.w, incident_id, t.now)
        return t.incident

    def file(self, incident_id: int, who: str, number: str = "") -> Incident:
        with self.taking("file", incident_id, who) as t:
            year = local(t.now).year
            number = number.strip()[:100] or f"舆情〔{year}〕{self._next_number(year)}号"
            t.log("filed", f"归档：{number}", {"number": number})
        return t.incident

    def _next_number(self, year: int) -> int:
        name = f"case-number-{year}"
        number = int(self.store.get(name, "0")) + 1
        self.store.put_value(name, str(number))
        return number

    # aside

    def false_alarm(self, incident_id: int, who: str, reason: str) -> Incident:
        """误报, with the reason."""
        held = self.store.incident(incident_id)
        if held and held.state is IncidentState.FALSE_ALARM:
            return held
        with self.taking("false_alarm", incident_id, who) as t:
            self._over(t)
            t.log("false_alarm", said(reason, "误报原因"))
            clocks.finish(t.w, incident_id, t.now, void="误报")
        return t.incident

    def untrue(self, incident_id: int, who: str, reason: str) -> Incident:
        with self.taking("untrue", incident_id, who) as t:
            t.change(kind="untrue")
            t.log("untrue", said(reason, "认定不实的依据"))
            clocks.start(t.w, t.incident, self.bureau().duty.clocks)
        return t.incident

    def correction(self, incident_id: int, who: str, step: str, outlet: str, text: str, link: str = "") -> Incident:
        order = ("contacted", "asked", "obtained")
        if step not in order:
            raise ValueError("更正的步骤只能是：已联系、已要求更正、已更正")
        outlet, link = said(outlet, "媒体名称", 200), _address(link)
        with self.taking("correction", incident_id, who) as t:
            done = {c.what for c in t.case.corrections if c.outlet == outlet}
            if step != order[0] and order[order.index(step) - 1] not in done:
                raise ValueError(f"对{outlet}还没有" + {"asked": "登记联系情况", "obtained": "登记更正要求"}[step])
            label = {"contacted": "已联系", "asked": "已要求更正", "obtained": "已更正"}[step]
            text = said(text, "情况")
            t.log("correction", f"{outlet}{label}：{text}" + (f" {link}" if link else ""),
                  {"step": step, "outlet": outlet, "text": text, "link": link})
        return t.incident

    def note(self, incident_id: int, who: str, text: str) -> None:
        """A remark; any case may be given one, at any time."""
        with self.store.write() as w:
            w.log(incident_id, who, "note", said(text, "备注"), self.clock.now())

    def instruct(self, incident_id: int, who: str, text: str) -> None:
        with self.taking("instruct", incident_id, who) as t:
            t.log("instruction", said(text, "领导批示"))

    def report_up(self, incident_id: int, who: str, text: str) -> Incident:
        with self.taking("report_up", incident_id, who) as t:
            t.log("report", said(text, "报告情况"))
            clocks.end(t.w, incident_id, "report", t.now)
        return t.incident

    def conference(self, incident_id: int, who: str, text: str) -> Incident:
        with self.taking("conference", incident_id, who) as t:
            t.log("conference", said(text, "发布会情况"))
            clocks.end(t.w, incident_id, "conference", t.now)
        return t.incident

    # the case itself

    def set_level(self, incident_id: int, who: str, level: Level, reason: str) -> Incident:
        """By a person, up or down; the rules raise it again only when they come to more than they ever did."""
        reason = said(reason, "调整等级的理由", 500)
        with self.taking("set_level", incident_id, who) as t:
            if level == t.incident.level:
                raise ValueError(f"该事件已经是{level.label}")
            t.log("level", f"由{t.incident.level.roman}级改为{level.roman}级：{reason}", {"from": int(t.incident.level), "to": int(level)})
            t.change(level=level, level_reason=f"{who}定为{level.roman}级：{reason}", ruled=t.incident.ruled or int(t.incident.level))
            clocks.start(t.w, t.incident, self.bureau().duty.clocks)
        return t.incident

    def rename(self, incident_id: int, who: str, title: str) -> Incident:
        with self.taking("rename", incident_id, who) as t:
            title = said(title, "标题", 200)
            t.log("note", f"标题由《{t.incident.title}》改为《{title}》")
            t.change(title=title)
        return t.incident

    def _over(self, t: Taken) -> None:
        t.change(closed_at=t.now)
        if not t.incident.signed_by:
            t.change(signed_by=t.who, signed_at=t.now)


def _address(link: str) -> str:
    link = link.strip()[:1000]
    if link and urlsplit(link).scheme not in ("http", "https"):
        raise ValueError("链接应当以 http:// 或 https:// 开头")
    return link
