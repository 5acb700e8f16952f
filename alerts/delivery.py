"""Delivery: the one place from which anything is sent.  A task of the outbox is sent once, tried again, then parked, in sight.

A channel that fails several times in a row is dead: its messages go over to the next of their target at once, and it is tried
again from time to time, so that it lives again by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from alerts.room import SYSTEM
from alerts.telling import deliver, message_of
from model.alert import ChannelState, IncidentState, Message
from model.errors import Decision, Retry
from model.outbox import Task
from model.ports import Channel, Clock, Store

log = logging.getLogger("jianbao.delivery")
TRIES = 9                          # after some three hours of growing pauses a message is parked
DEAD_AFTER = 3                     # failures in a row
GROWTH = 3
LONGEST_S = 3600
PROBE = timedelta(minutes=2)       # a dead channel is tried with a message again after this
CHECKED = "检查："


class Delivery:
    def __init__(self, store: Store, channels: Callable[[], Mapping[str, Channel]], clock: Clock):
        self.store, self.channels, self.clock = store, channels, clock

    def handle(self, task: Task) -> None:
        """Send the message of a task.  Payload: channel, next, key, title, body, link, level, contains, unsigned."""
        message, name = message_of(task.payload), str(task.payload["channel"])
        if self.store.was_sent(name, message.key) or self._too_late(task):     # killed between sending and the tick, or somebody signed
            return self.store.task_done(task.id, self.clock.now())
        state, rest = self.store.channel_states().get(name, ChannelState(name)), tuple(task.payload.get("next", ()))
        if state.dead and rest and not task.tries and state.failed_at and self.clock.now() - state.failed_at < PROBE:
            return self._over(task, name, message, rest, f"通道 {name} 不通")
        channel = self.channels().get(name)
        if channel is None:
            return self._failed(task, name, message, rest, f"通道 {name} 已不在配置中", None, state)
        try:
            channel.send(message)
        except Retry as error:
            pause = timedelta(seconds=min(error.after_s * GROWTH ** task.tries, LONGEST_S))
            return self._failed(task, name, message, rest, error.reason, self.clock.now() + pause if task.tries < TRIES else None, state)
        except Decision as error:
            return self._failed(task, name, message, rest, error.reason, None, state)
        self._taken(task, name, message, state)

    def _too_late(self, task: Task) -> bool:
        """A reminder to sign, when somebody has."""
        incident = self.store.incident(int(task.payload["unsigned"])) if task.payload.get("unsigned") else None
        return incident is not None and incident.state is not IncidentState.OPEN

    def _taken(self, task: Task, name: str, message: Message, state: ChannelState) -> None:
        now = self.clock.now()
        with self.store.write():           # one turn of the write lock
            for key in (message.key, *map(str, task.payload.get("contains", ()))):
                self.store.record_sent(name, key, True, "已送达" if key == message.key else f"随 {message.key} 送达", now)
            self.store.task_done(task.id, now)
            self.store.record_channel(name, True, "", False, now)
            if state.dead:
                self._note(name, f"通道 {name} 恢复", now)

    def _failed(self, task: Task, name: str, message: Message, rest: tuple[str, ...], reason: str, retry_at: datetime | None,
                state: ChannelState) -> None:
        now = self.clock.now()
        dead = retry_at is None or state.failures + 1 >= DEAD_AFTER
        with self.store.write():
            self.store.record_sent(name, message.key, False, reason, now)
            self.store.record_channel(name, False, reason, dead, now)
            if dead and not state.dead:
                self._note(name, f"通道 {name} 不通：{reason}" + (f"；消息改走 {rest[0]}" if rest else ""), now)
            if dead and rest:
                return self._over(task, name, message, rest, reason)
            self.store.task_failed(task.id, reason, retry_at, now)

    def _over(self, task: Task, name: str, message: Message, rest: tuple[str, ...], reason: str) -> None:
        """The next channel takes the message; what was not sent here stays parked, in sight."""
        now = self.clock.now()
        with self.store.write() as w:
            more = {k: task.payload[k] for k in ("contains", "unsigned") if k in task.payload}
            deliver(w, rest, message, now, **more)
            self.store.task_failed(task.id, f"{reason}；已改走通道 {rest[0]}", None, now)

    def _note(self, name: str, text: str, now: datetime) -> None:
        log.warning("%s", text)
        with self.store.write() as w:
            w.log_duty(SYSTEM, "channel", text, now, {"channel": name})

    def check(self) -> None:
        """See that the other sides can be reached, though nothing is to be sent; two failures in a row make a channel dead.

        A channel that a check found dead lives again with the next good check; one that refused a message, only when it takes one.
        """
        states = self.store.channel_states()
        for name, channel in self.channels().items():
            state = states.get(name, ChannelState(name))
            try:
                channel.reach()
            except Decision as error:
                now, dead = self.clock.now(), state.dead or state.failures >= 1
                self.store.record_channel(name, False, CHECKED + error.reason, dead, now)
                if dead and not state.dead:
                    self._note(name, f"通道 {name} 不通：{error.reason}", now)
            else:
                if state.failures and state.detail.startswith(CHECKED):
                    self.store.record_channel(name, True, "", False, self.clock.now())
                    if state.dead:
                        self._note(name, f"通道 {name} 恢复", self.clock.now())
