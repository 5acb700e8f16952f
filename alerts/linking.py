"""Cases by hand: opened, merged, split, taken up again.  Nothing of a record is lost: cases are linked, stories move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts import clocks
from alerts.desk import Desk, said
from alerts.gathering import Gathering
from alerts.workflow import refusal
from model.alert import KINDS, Incident, IncidentState, Level, RingReason
from model.case import Case
from model.ports import Writer


class Linking(Desk, Gathering):

    def open_by_hand(self, who: str, title: str, units: Sequence[str], level: Level, reason: str, article_ids: Sequence[int] = (),
                     kind: str = "opinion", first_seen: datetime | None = None) -> Incident:
        """A person opens one.  Stories of the given articles come with it; one that stands in an open case is refused."""
        title, reason, now = said(title, "标题", 200), said(reason, "立案理由"), self.clock.now()
        if kind not in KINDS:
            raise ValueError(f"没有“{kind}”这一类；可选：" + "、".join(KINDS.values()))
        for unit in units:
            if self.bureau().unit(unit) is None:
                raise ValueError(f"没有编号为“{unit}”的单位")
        if first_seen and first_seen > now:
            raise ValueError("发现时间不能晚于现在")
        with self.store.write() as w:
            stories = self._free_stories(w, article_ids)
            made = self.new_case(w, who, Incident(0, title, level, IncidentState.OPEN, now, first_seen or now, now,
                                                  tuple(dict.fromkeys(units)),
                                                  0, 0, stories, kind=kind, reason=reason, level_reason=f"{who}定为{level.roman}级：{reason}"),
                                 f"人工立案：{reason}")
            return self.opened(w, made, RingReason.OPENED, "人工立案")

    def _free_stories(self, w: Writer, article_ids: Sequence[int]) -> tuple[int, ...]:
        found: dict[int, None] = {}
        for article_id in article_ids:
            clipping = w.clipping(article_id)
            if clipping is None or clipping.story is None:
                raise ValueError(f"没有编号为 {article_id} 的剪报")
            there = w.incident_of_story(clipping.story.id)
            if there is not None and there.state.is_open:
                raise ValueError(f"《{clipping.article.title}》已在事件 {there.id}“{there.title}”中")
            found[clipping.story.id] = None
        return tuple(found)

    def new_case(self, w: Writer, who: str, incident: Incident, text: str) -> Incident:
        """Save a new case with its first line of record and its links."""
        incident = replace(incident, id=w.new_incident(incident))
        w.log(incident.id, who, "opened", text, self.clock.now(), {"previous": incident.previous} if incident.previous else None)
        for story in incident.stories:
            w.link_story(incident.id, story)
        return incident

    def opened(self, w: Writer, incident: Incident, reason: RingReason, text: str) -> Incident:
        """Facts, clocks and first ring of a case that a person made."""
        incident = self.gathered(w, incident)
        clocks.start(w, incident, self.bureau().duty.clocks)
        incident = replace(incident, due_at=self.due(w, incident))
        w.save_incident(incident)
        self.rang(w, incident, [(reason, text)])
        return incident

    def merge(self, incident_id: int, into: int, who: str, reason: str) -> Incident:
        reason = said(reason, "并案理由", 500)
        if incident_id == into:
            raise ValueError("不能并入自己")
        with self.taking("merge", incident_id, who) as t:
            target = t.w.incident(into)
            if target is None or not target.state.is_open:
                raise ValueError("要并入的事件不存在或已经办结")
            if t.case.waiting:
                raise ValueError("该事件还有交办的单位没有反馈，不能并案")
            stories = t.incident.stories
            t.w.move_stories(stories, incident_id, into)
            t.log("merged", f"并入事件 {into}“{target.title}”：{reason}", {"into": into})
            t.change(merged_into=into, stories=(), closed_at=t.now)
            clocks.finish(t.w, incident_id, t.now, void="已并案")
            t.w.log(into, who, "merged", f"事件 {incident_id}“{t.incident.title}”并入：{reason}", t.now, {"from": incident_id})
            held = replace(target, stories=tuple(dict.fromkeys((*target.stories, *stories))),
                           first_seen=min(target.first_seen, t.incident.first_seen), level=min(target.level, t.incident.level),
                           units=tuple(dict.fromkeys((*target.units, *t.incident.units))))
            return self._settled(t.w, held)

    def split(self, incident_id: int, story_ids: Sequence[int], who: str, reason: str) -> Incident:
        reason = said(reason, "拆分理由", 500)
        with self.taking("split", incident_id, who) as t:
            leaving = tuple(s for s in t.incident.stories if s in set(story_ids))
            if not leaving or set(story_ids) - set(t.incident.stories):
                raise ValueError("要拆出的稿件不在该事件中")
            if len(leaving) == len(t.incident.stories):
                raise ValueError("不能把全部稿件都拆出去")
            first = t.w.story_voices(leaving)
            made = replace(t.incident, id=0, title=first[0].article.title if first else t.incident.title, state=IncidentState.OPEN,
                           opened_at=t.now, updated_at=t.now, stories=(), units=(), assigned=(), outlets=0, articles=0, topic="",
                           severity=0,
                           reason="", level_reason="", level=Level.IV, ruled=0, top_tier="unknown", signed_by="", signed_at=None,
                           previous=incident_id, escalated=0, escalated_at=None, due_at=None)
            made = self.new_case(t.w, who, made, f"从事件 {incident_id}“{t.incident.title}”拆出：{reason}")
            t.w.move_stories(leaving, incident_id, made.id)
            t.log("split", f"拆出 {len(leaving)} 篇为事件 {made.id}：{reason}", {"to": made.id, "stories": list(leaving)})
            t.change(stories=tuple(s for s in t.incident.stories if s not in leaving))
            t.incident = self.gathered(t.w, t.incident)
            return self.opened(t.w, replace(made, stories=leaving), RingReason.OPENED, "拆分立案")

    def reopen(self, incident_id: int, who: str, reason: str) -> Incident:
        reason, now = said(reason, "重新立案的理由", 500), self.clock.now()
        with self.store.write() as w:
            old = w.incident(incident_id)
            if old is None:
                raise ValueError(f"没有编号为 {incident_id} 的舆情事件")
            if why := refusal("reopen", old, Case()):
                raise ValueError(why)
            for story in old.stories:
                there = w.incident_of_story(story)
                if there is not None and there.state.is_open:
                    raise ValueError(f"该事件的稿件已在事件 {there.id}“{there.title}”中")
            made = self.came_back(w, old, who, reason, old.stories, now)
            return self.opened(w, made, RingReason.BACK, f"重新立案：{reason}")

    def came_back(self, w: Writer, old: Incident, who: str, why: str, stories: Sequence[int], now: datetime) -> Incident:
        """The new case of an event whose case was closed (二次舆情), linked to it."""
        made = self.new_case(w, who, Incident(
            0, old.title, Level.IV, IncidentState.OPEN, now, now, now, old.units, 0, 0, tuple(stories), topic=old.topic, reason=old.reason,
            kind=old.kind, previous=old.id), f"二次舆情，前一事件 {old.id}“{old.title}”：{why}")
        w.log(old.id, who, "linked", f"事件再起，另立事件 {made.id}：{why}", now, {"to": made.id})
        return made

    def _settled(self, w: Writer, incident: Incident) -> Incident:
        """Facts, clocks and due time of a case whose stories have changed by hand."""
        incident = self.gathered(w, incident)
        clocks.start(w, incident, self.bureau().duty.clocks)
        incident = replace(incident, due_at=self.due(w, incident), updated_at=self.clock.now())
        w.save_incident(incident)
        return incident
