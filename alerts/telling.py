"""Telling: a message goes into the outbox for each target, at once, or held through the quiet hours for the morning's bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts.message import bundle
from alerts.routes import Target
from alerts.times import end_of
from model.alert import Level, Message
from model.duty import DutyRules
from model.outbox import Task
from model.ports import Store, Writer

HOLD = "hold"
DELIVER = "deliver:"


def deliver(w: Writer, target: Target, message: Message, now: datetime, **more: object) -> None:
    """A task of the first channel of the target; the others stand behind it.  Once per channel and key."""
    w.put(DELIVER + target[0], f"{message.key}:{target[0]}", {
        "channel": target[0], "next": list(target[1:]), "key": message.key, "title": message.title, "body": message.body,
        "link": message.link, "level": int(message.level), **more}, now)


def message_of(said: Mapping[str, object]) -> Message:
    """The message of a task's payload."""
    return Message(str(said["key"]), str(said["title"]), str(said["body"]), str(said["link"]), Level(int(said["level"])))


class Telling:
    def __init__(self, rules: DutyRules):
        self.rules = rules

    def quiet_until(self, level: Level, now: datetime) -> datetime | None:
        """When a message of the level may go out; None: now.  Ⅱ and Ⅰ are never held, whatever is configured."""
        quiet = self.rules.quiet
        return end_of(quiet.start, quiet.end, now) if level >= Level.III and level in quiet.levels else None

    def put(self, w: Writer, targets: Sequence[Target], message: Message, now: datetime, unsigned: int = 0) -> None:
        until = self.quiet_until(message.level, now)
        for target in targets:
            if until is None:
                deliver(w, target, message, now, unsigned=unsigned)
            else:
                w.put(HOLD, f"{message.key}:{target[0]}", {
                    "target": list(target), "key": message.key, "title": message.title, "body": message.body, "link": message.link,
                    "level": int(message.level), "unsigned": unsigned}, now, due=until)


def send_bundles(store: Store, now: datetime) -> int:
    """The quiet hours are over: what was held goes out, one message a target.  Returns how many were held."""
    held = store.take_tasks((HOLD,), 500, now)
    by_target: dict[Target, list[Task]] = {}
    for task in sorted(held, key=lambda t: t.id):
        by_target.setdefault(tuple(task.payload["target"]), []).append(task)
    for target, tasks in by_target.items():
        messages = [message_of(t.payload) for t in tasks]
        with store.write() as w:
            if len(messages) == 1:
                deliver(w, target, messages[0], now, unsigned=int(tasks[0].payload["unsigned"]))
            else:
                made = bundle(messages, f"bundle:{tasks[0].id}")
                deliver(w, target, made, now, contains=[m.key for m in messages])
            for task in tasks:
                w.finish_task(task.id, now)
    return len(held)
