"""The outbox: side effects written in the transaction of what caused them, done afterwards, at least once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Mapping


@dataclass(frozen=True)
class Task:
    """`kind`: alert (an article may open or feed an incident) | credit (a story's credits are to be reconciled) | deliver:<channel> (a message) |
    hold (a message that waits for the end of the quiet hours)."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, object]
    tries: int
    created_at: datetime
