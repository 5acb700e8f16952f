"""What a person decided about a name that could not be resolved: which unit it means in one article, or none of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from model.mention import Mention

_ZONE = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Resolution:
    """`unit_id` empty: 不是本单位.  `every`: all places where the article prints the name, else only those left unresolved.

    `candidates`: the units it could have been.  A later row about the same name in the same article replaces an earlier one.
    """

    id: int
    canonical: str                 # address of the article, as in Article.canonical
    surface: str                   # the name as printed
    unit_id: str
    who: str
    at: datetime
    every: bool = True
    candidates: tuple[str, ...] = ()

    def said(self, unit_name: str) -> str:
        """For the screen, as the reason of the mention."""
        return f"人工确定为{unit_name}（{self.who}，{self.at.astimezone(_ZONE):%Y-%m-%d %H:%M}）"


def open_name(mention: Mention) -> bool:
    """Is the mention left for a person?"""
    return not mention.unit_id or not mention.certain


def resolved(mentions: Sequence[Mention], decided: Mapping[str, Resolution], unit_names: Mapping[str, str]) -> tuple[Mention, ...]:
    """The mentions as the person wants them: the chosen unit for certain, what is none of ours left away.

    `unit_names`: unit id → name, of the units there are; a choice for a unit that is gone leaves the name open again.
    """
    told = []
    for mention in mentions:
        choice = decided.get(mention.surface)
        if choice is None or not (choice.every or open_name(mention)) or choice.unit_id and choice.unit_id not in unit_names:
            told.append(mention)
        elif choice.unit_id:
            told.append(replace(mention, unit_id=choice.unit_id, certain=True, how=choice.said(unit_names[choice.unit_id]), candidates=()))
    return tuple(told)
