"""Mails with files: the `post` tasks of the outbox, sent once, tried again, then parked: today's page, the channels' and the digest's show them."""

from __future__ import annotations

from datetime import timedelta

from alerts.post import PostChannel
from app.house import House
from model.errors import Decision, Retry
from model.outbox import Task
from pipelines.store.digests import POST

TRIES = 8


class Postman:
    def __init__(self, house: House, channel=PostChannel):
        self.house, self.channel = house, channel

    def run(self, limit: int = 5) -> int:
        """Send what is due; returns how many were tried."""
        tasks = self.house.store.take_tasks((POST,), limit, self.house.clock.now(), lease_s=300)
        for task in tasks:
            self.handle(task)
        return len(tasks)

    def handle(self, task: Task) -> None:
        """Payload: channel, key, title, folder (under var), html (file name), files (file names)."""
        store, said = self.house.store, task.payload
        name, key = str(said["channel"]), str(said["key"])
        if store.was_sent(name, key):             # a kill came between sending and the tick
            return store.task_done(task.id, self.house.clock.now())
        config = next((c for c in self.house.bureau().channels if c.id == name), None)
        if config is None:
            return self._failed(task, name, key, f"通道 {name} 已不在配置中", None)
        folder = self.house.bureau().var / str(said["folder"])
        try:
            html = (folder / str(said["html"])).read_text(encoding="utf-8")
            files = [folder / str(f) for f in said["files"]]
            self.channel(config).post(str(said["title"]), html, files)
        except OSError as error:
            return self._failed(task, name, key, f"附件读不出：{error.strerror}", None)
        except Retry as error:
            pause = timedelta(seconds=min(error.after_s * 2 ** task.tries, 3600))
            return self._failed(task, name, key, error.reason, self.house.clock.now() + pause if task.tries < TRIES else None)
        except Decision as error:
            return self._failed(task, name, key, error.reason, None)
        store.record_sent(name, key, True, "已送达", self.house.clock.now())
        store.task_done(task.id, self.house.clock.now())

    def _failed(self, task: Task, channel: str, key: str, reason: str, retry_at) -> None:
        now = self.house.clock.now()
        self.house.store.record_sent(channel, key, False, reason, now)
        self.house.store.task_failed(task.id, reason, retry_at, now)
