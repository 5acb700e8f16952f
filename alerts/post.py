"""A mail with its files, through the same channels and the same secrets as every other message."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import apprise

from alerts.channels import ConfiguredChannel
from model.errors import Drop, Retry


class PostChannel(ConfiguredChannel):
    def post(self, title: str, html: str, files: Sequence[Path]) -> None:
        """Raises Retry or Drop with a reason free of secrets."""
        robot = apprise.Apprise()
        if not robot.add(self.address()):
            raise Drop(f"通道 {self.id} 的地址不是可用的 apprise 地址")
        try:
            taken = robot.notify(title=title, body=html, body_format=apprise.NotifyFormat.HTML, attach=[str(f) for f in files])
        except Exception as error:   # whatever a plug-in raises may hold the address: only its kind is told
            raise Retry(f"通道 {self.id} 发送出错：{type(error).__name__}", 60) from None
        if not taken:
            raise Retry(f"通道 {self.id} 未接受邮件（网络不通、超时或对方返回错误）", 60)
