"""Delivery: the one place from which anything is sent.  A task of the outbox is sent once, tried again, then parked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from model.alert import Level, Message
from model.errors import Decision, Retry
from model.outbox import Task
from model.ports import Channel, Clock, Store

TRIES = 8   # after some two hours of growing pauses a message is parked, visibly


class Delivery:
    def __init__(self, store: Store, channels: Callable[[], Mapping[str, Channel]], clock: Clock):
        self.store, self.channels, self.clock = store, channels, clock

    def handle(self, task: Task) -> None:
        """Send the message of a `deliver` task.  Payload: channel, key, title, body, link, level."""
        said = task.payload
        message = Message(str(said["key"]), str(said["title"]), str(said["body"]), str(said["link"]), Level(int(said["level"])))
        name, now = str(said["channel"]), self.clock.now()
        if self.store.was_sent(name, message.key):      # a kill came between sending and the tick
            return self.store.task_done(task.id, now)
        channel = self.channels().get(name)
        if channel is None:
            return self._failed(task, name, message.key, f"通道 {name} 已不在配置中", None)
        try:
            channel.send(message)
        except Retry as error:
            pause = timedelta(seconds=min(error.after_s * 2 ** task.tries, 3600))
            return self._failed(task, name, message.key, error.reason, self.clock.now() + pause if task.tries < TRIES else None)
        except Decision as error:
            return self._failed(task, name, message.key, error.reason, None)
        self.store.record_sent(name, message.key, True, "已送达", self.clock.now())
        self.store.task_done(task.id, self.clock.now())

    def _failed(self, task: Task, channel: str, key: str, reason: str, retry_at) -> None:
        self.store.record_sent(channel, key, False, reason, self.clock.now())
        self.store.task_failed(task.id, reason, retry_at, self.clock.now())
