"""Watches and channels changed on their pages: written into rules.yaml, checked first, comments kept, the previous version kept.

The address of a channel holds its secret: it goes into a file of its own that only its owner reads, and is never read back to a page.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from alerts.times import local
from config.edit import change
from model.alert import ChannelConfig, Level
from model.bureau import Bureau
from model.duty import Watch
from model.ports import Clock, Store

FILE = "rules.yaml"
SECRETS = "secrets"
_LEVELS = {Level.I: "I", Level.II: "II", Level.III: "III", Level.IV: "IV"}


class RulesDesk:
    """`model.ports_duty.RulesDesk`."""

    def __init__(self, folder: Path, store: Store, bureau: Callable[[], Bureau], clock: Clock):
        self.folder, self.store, self.bureau, self.clock = folder, store, bureau, clock

    # watches

    def save_watch(self, who: str, watch: Watch) -> str:
        made = watch if watch.id else replace(watch, id=self._free(watch))
        entry = {"id": made.id, "name": made.name, "words": list(made.words), "since": made.since, "until": made.until}
        if made.units:
            entry["units"] = list(made.units)
        self._write("watches", made.id, entry)
        self._said(who, "watch", f"{'修改' if watch.id else '新设'}监测“{made.name}”（{made.since} 至 {made.until}）", {"watch": made.id})
        return made.id

    def _free(self, watch: Watch) -> str:
        taken, stem = {w.id for w in self.bureau().duty.watches}, f"w{watch.since.replace('-', '')[:8] or 'new'}"
        return next(name for n in range(1, 1000) if (name := f"{stem}-{n}") not in taken)

    def stop_watch(self, who: str, watch_id: str) -> None:
        """Today is its last day, and its report follows; one that has not begun is taken out."""
        watch = next((w for w in self.bureau().duty.watches if w.id == watch_id), None)
        if watch is None:
            raise ValueError("没有这项监测")
        today = local(self.clock.now()).date()
        if watch.until < today.isoformat():
            raise ValueError(f"监测“{watch.name}”已经结束")
        if watch.since > today.isoformat():
            self._write("watches", watch.id, None)
            return self._said(who, "watch", f"取消监测“{watch.name}”（尚未开始）", {"watch": watch.id})
        if watch.until > today.isoformat():
            self.save_watch(who, replace(watch, until=today.isoformat()))
        self._said(who, "watch", f"监测“{watch.name}”到今天为止，{today + timedelta(days=1):%-m月%-d日}早上出报告", {"watch": watch.id})

    # channels

    def save_channel(self, who: str, channel: ChannelConfig, address: str = "", new: bool = False) -> None:
        held = next((c for c in self.bureau().channels if c.id == channel.id), None)
        if new and held:
            raise ValueError(f"通道编号“{channel.id}”已经有了，换一个")
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", channel.id):
            raise ValueError("通道编号只能用小写字母、数字和连字符，如 duty-wecom")
        entry: dict[str, object] = {"id": channel.id, "kind": channel.kind}
        secret = self.folder / SECRETS / f"{channel.id}.txt"
        before = secret.read_bytes() if secret.is_file() else None
        if address:
            if "://" not in address or len(address) > 2000 or any(c.isspace() or not c.isprintable() for c in address):
                raise ValueError("地址应当是一整个网址，如 https://…，中间没有空格")
            entry["url_file"] = f"{SECRETS}/{secret.name}"
        elif channel.url_env:
            entry["url_env"] = channel.url_env
        elif held and (held.url_env or held.url_file):
            entry |= {"url_env": held.url_env} if held.url_env else {"url_file": held.url_file}
        else:
            raise ValueError("要填机器人或服务器给的地址，或放地址的环境变量名")
        if channel.min_level != Level.IV:
            entry["min_level"] = _LEVELS[channel.min_level]
        entry |= {"units": list(channel.units)} if channel.units else {}
        entry |= {"next": channel.next} if channel.next else {}
        if address:
            _keep_secret(secret, address.encode() + b"\n")
        try:
            self._write("channels", channel.id, entry)
        except ValueError:
            if address:                # nothing is changed by what was refused
                _keep_secret(secret, before) if before is not None else secret.unlink(missing_ok=True)
            raise
        self._said(who, "channel", f"{'修改' if held else '添加'}通道 {channel.id}" + ("，换了地址" if address and held else ""),
                   {"channel": channel.id})

    def remove_channel(self, who: str, channel_id: str) -> None:
        held = next((c for c in self.bureau().channels if c.id == channel_id), None)
        if held is None:
            raise ValueError("没有这个通知渠道")
        self._write("channels", channel_id, None)
        if held.url_file == f"{SECRETS}/{channel_id}.txt":
            (self.folder / held.url_file).unlink(missing_ok=True)
        self._said(who, "channel", f"删去通道 {channel_id}", {"channel": channel_id})

    def _write(self, key: str, entry_id: str, entry: dict[str, object] | None) -> None:
        """Put the entry in the place of the one with its id, at the end, or (None) take it out.  Raises ValueError with what is wrong."""

        def alter(rules: MutableMapping) -> None:
            listed = rules.setdefault(key, [])
            at = next((n for n, one in enumerate(listed) if str(one.get("id", "")) == entry_id), None)
            if entry is None:
                del listed[at]
            elif at is None:
                listed.append(entry)
            else:
                listed[at] = entry
            if not listed:
                del rules[key]

        if wrong := [p for p in change(self.folder, FILE, alter) if not p.warning]:
            raise ValueError("没有存下：" + "；".join(p.message for p in wrong))

    def _said(self, who: str, what: str, text: str, data: dict[str, object]) -> None:
        with self.store.write() as w:
            w.log_duty(who, what, text, self.clock.now(), data)


def _keep_secret(path: Path, body: bytes) -> None:
    """Whole or not at all, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, half = tempfile.mkstemp(prefix=".", dir=path.parent)       # made with mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
