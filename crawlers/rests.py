"""Hosts that are left alone for a while: Retry-After, refusals (403, 412), and hosts that do not answer.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_BUSY_FIRST, _BUSY_LONGEST = timedelta(seconds=60), timedelta(hours=6)
_REFUSED_FIRST, _REFUSED_LONGEST = timedelta(minutes=2), timedelta(hours=12)
_DEAD_FIRST, _DEAD_LONGEST = timedelta(seconds=30), timedelta(hours=1)
_DEAD_AFTER = 3


@dataclass
class _Host:
    until: datetime | None = None
    busy: int = 0
    refused: int = 0
    dead: int = 0


class Rests:
    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def good(self, host: str) -> None:
        """An article page came: the counts begin anew."""
        if host in self._hosts:
            del self._hosts[host]

    def answered(self, host: str) -> None:
        """A list came: the host lives; but one that gives lists and refuses articles goes on refusing."""
        if (entry := self._hosts.get(host)) is not None:
            entry.busy = entry.dead = 0

    def busy(self, host: str, now: datetime, asked_s: float | None) -> None:
        """429 or 503: as long as was asked, or a wait that doubles."""
        entry = self._hosts.setdefault(host, _Host())
        entry.busy += 1
        wait = timedelta(seconds=asked_s) if asked_s else min(_BUSY_FIRST * 2 ** min(entry.busy - 1, 12), _BUSY_LONGEST)
        self._hold(entry, now + wait)

    def refused(self, host: str, now: datetime) -> int:
        """403 or 412: a wait that grows fourfold; returns how many came in a row."""
        entry = self._hosts.setdefault(host, _Host())
        entry.refused += 1
        self._hold(entry, now + min(_REFUSED_FIRST * 4 ** min(entry.refused - 1, 8), _REFUSED_LONGEST))
        return entry.refused

    def dead(self, host: str, now: datetime) -> None:
        """No answer at all: from the third time in a row the host rests."""
        entry = self._hosts.setdefault(host, _Host())
        entry.dead += 1
        if entry.dead >= _DEAD_AFTER:
            self._hold(entry, now + min(_DEAD_FIRST * 2 ** min(entry.dead - _DEAD_AFTER, 10), _DEAD_LONGEST))

    def hold(self, host: str, until: datetime) -> None:
        self._hold(self._hosts.setdefault(host, _Host()), until)

    def until(self, host: str, now: datetime) -> datetime | None:
        """The end of the host's rest, None when it does not rest."""
        entry = self._hosts.get(host)
        return entry.until if entry and entry.until and entry.until > now else None

    def resting(self, now: datetime) -> list[str]:
        return [host for host, entry in self._hosts.items() if entry.until and entry.until > now]

    @staticmethod
    def _hold(entry: _Host, until: datetime) -> None:
        entry.until = max(entry.until, until) if entry.until else until
