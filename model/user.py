"""Who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    DUTY = "duty"
    SECRETARIAT = "secretariat"
    UNIT = "unit"
    READER = "reader"

    @property
    def label(self) -> str:
        return {"admin": "管理员", "duty": "舆情值班", "secretariat": "秘书处", "unit": "单位联络员", "reader": "领导/阅览"}[self.value]


@dataclass(frozen=True)
class User:
    id: int
    name: str                      # log-in name
    display: str
    role: Role
    unit_id: str = ""
    active: bool = True
    must_change: bool = False      # first log-in: the password must be changed
