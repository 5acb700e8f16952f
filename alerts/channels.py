"""Channels: one way of telling people each, through apprise.  A channel says only "taken", "try again" or "never".

The address of a channel holds its secret: it is read from the environment or a file when needed, and stands in no
log, error or page.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import apprise

from alerts.message import text_for
from model.alert import ChannelConfig, Message
from model.errors import Drop, Retry

logging.getLogger("apprise").setLevel(logging.CRITICAL)   # its warnings print addresses

SCHEMES = {"wecom": "wecombot", "dingtalk": "dingtalk", "feishu": "feishu", "mail": "mailto", "webhook": "json"}


class AppriseChannel:
    """Sends through one apprise address, of whatever service apprise knows."""

    def __init__(self, config: ChannelConfig):
        self.id = config.id
        self.config = config

    def address(self) -> str:
        """The apprise URL.  Raises Drop when it is not set, naming the variable or file, never the value."""
        if self.config.url_env:
            if value := os.environ.get(self.config.url_env, "").strip():
                return value
            raise Drop(f"通道 {self.id} 未配置：环境变量 {self.config.url_env} 为空")
        try:
            return Path(self.config.url_file).read_text(encoding="utf-8").strip()
        except OSError:
            raise Drop(f"通道 {self.id} 未配置：读不到文件 {self.config.url_file}") from None

    def send(self, message: Message) -> None:
        robot = apprise.Apprise()
        if not robot.add(self.address()):
            raise Drop(f"通道 {self.id} 的地址不是可用的 apprise 地址")
        try:
            taken = robot.notify(title=message.title, body=text_for(message, self.config.kind), body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:   # whatever a plug-in raises may hold the address: only its kind is told
            raise Retry(f"通道 {self.id} 发送出错：{type(error).__name__}", 60) from None
        if not taken:
            raise Retry(f"通道 {self.id} 未接受消息（网络不通、超时或对方返回错误）", 60)
