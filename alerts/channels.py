"""Channels: one way of telling people each.  A channel says only "taken", "try again" or "never".

The address of a channel holds its secret: it is read from the environment or a file when needed, and stands in no
log, error or page.  Chat robots and gateways are posted to from here (`alerts.webhook`), mail and whatever else through apprise,
which takes 200 for success and does not read what a robot answers.
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import apprise

from alerts.message import text_for
from alerts.times import minute
from alerts.webhook import AFTER_S, post, posts, target
from model.alert import ChannelConfig, Level, Message
from model.bureau import Bureau
from model.errors import Decision, Drop, Retry
from model.ports import Clock, Store

logging.getLogger("apprise").setLevel(logging.CRITICAL)   # its warnings print addresses

REACH_S = 4.0


class ConfiguredChannel:
    """Sends through the address that the bureau names; `folder` is where `url_file` is looked for."""

    def __init__(self, config: ChannelConfig, folder: Path = Path(".")):
        self.id, self.config, self.folder = config.id, config, folder

    def address(self) -> str:
        """Raises Drop when it is not set, naming the variable or file, never the value."""
        if self.config.url_env:
            if value := os.environ.get(self.config.url_env, "").strip():
                return value
            raise Drop(f"通道 {self.id} 未配置：环境变量 {self.config.url_env} 为空")
        try:
            lines = (self.folder / self.config.url_file).read_text(encoding="utf-8").split()
        except (OSError, UnicodeError):
            raise Drop(f"通道 {self.id} 未配置：读不到文件 {self.config.url_file}") from None
        if not lines:
            raise Drop(f"通道 {self.id} 未配置：文件 {self.config.url_file} 是空的")
        return lines[0]

    def send(self, message: Message) -> None:
        address = self.address()
        self._guarded(lambda: post(self.config.kind, address, message) if posts(self.config.kind, address)
                      else _through_apprise(address, message, self.config.kind))

    def reach(self) -> None:
        """Can the other side be connected to?  Nothing is sent.  Raises Retry or Drop."""
        address = self.address()
        self._guarded(lambda: _connect(target(self.config.kind, address)[0] if posts(self.config.kind, address) else address))

    def _guarded(self, act: Callable[[], None]) -> None:
        """Whatever an error says may hold the address: a decision is told with the channel's name, of anything else only its kind."""
        try:
            return act()
        except Retry as error:
            made: Decision = Retry(f"通道 {self.id}：{error.reason}", error.after_s)
        except Decision as error:
            made = Drop(f"通道 {self.id}：{error.reason}")
        except Exception as error:
            made = Retry(f"通道 {self.id}：出错（{type(error).__name__}）", AFTER_S)
        raise made from None       # outside of the handlers: nothing of the first error hangs on it


def _through_apprise(address: str, message: Message, kind: str) -> None:
    robot = apprise.Apprise()
    if not robot.add(address):
        raise Drop("地址不是可用的地址")
    if not robot.notify(title=message.title, body=text_for(message, kind), body_format=apprise.NotifyFormat.TEXT):
        raise Retry("未接受消息（网络不通、超时或对方返回错误）", AFTER_S)


def _connect(address: str) -> None:
    parts = urlsplit(address)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    if not parts.hostname or not port or parts.scheme.startswith("mailto"):
        return          # where apprise will connect to is not in the address
    try:
        socket.create_connection((parts.hostname, port), REACH_S).close()
    except OSError as error:
        raise Retry(f"检查时连接不上（{type(error).__name__}）", AFTER_S) from None


class ChannelBook:
    """The bureau's channels as they are configured now; the page tests them here (`model.ports_duty.Channels`)."""

    def __init__(self, store: Store, bureau: Callable[[], Bureau], clock: Clock):
        self.store, self.bureau, self.clock = store, bureau, clock

    def all(self) -> Mapping[str, ConfiguredChannel]:
        bureau = self.bureau()
        return {c.id: ConfiguredChannel(c, bureau.folder) for c in bureau.channels}

    def test(self, channel_id: str, who: str) -> str:
        """Send a test message now; "" when taken, else the reason."""
        channel, now = self.all().get(channel_id), self.clock.now()
        if channel is None:
            return f"没有编号为 {channel_id} 的通道"
        why = self._tried(channel, test_message(self.bureau().name, who, now))
        self.store.record_channel(channel_id, not why, why, bool(why), self.clock.now())
        with self.store.write() as w:
            w.log_duty(who, "channel", f"测试通道 {channel_id}：{why or '已送达'}", now, {"channel": channel_id, "ok": not why})
        return why

    @staticmethod
    def _tried(channel: ConfiguredChannel, message: Message) -> str:
        try:
            channel.send(message)
        except Decision as error:
            return error.reason
        return ""

    def send_again(self, task_id: int, who: str) -> None:
        """A parked message is tried once more.  ValueError when it is not parked."""
        now = self.clock.now()
        if not self.store.retry_task(task_id, now):
            raise ValueError("这条消息不在停发之列，或已经送出")
        with self.store.write() as w:
            w.log_duty(who, "channel", f"重发消息 {task_id}", now, {"task": task_id})


def test_message(bureau: str, who: str, now: datetime) -> Message:
    return Message(f"test:{uuid.uuid4().hex}", "剪报：通道测试", f"【测试】{bureau}的舆情通知通道。{who}于{minute(now)}发出，收到即正常，不必处理。", "", Level.IV)
