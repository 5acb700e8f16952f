"""A unit (单位) of the bureau: names with their dates, place, group."""

from __future__ import annotations

from dataclasses import dataclass

from model.region import Region


@dataclass(frozen=True)
class Alias:
    """Another name of a unit.

    `ambiguous`: the name alone does not tell which unit is meant (市人民医院, 市一院, 区卫健局): it is
    resolved by place or left to a person.  `since`/`until`: ISO days on which the name was in use.
    """

    name: str
    ambiguous: bool = False
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Unit:
    id: str
    name: str                      # full official name
    short: str = ""                # name for tables
    aliases: tuple[Alias, ...] = ()
    region: Region = Region()
    kind: str = "hospital"         # commission | bureau | hospital | cdc | emergency | blood | supervision | community | other
    group: str = ""                # ranking group: 区县, 市直医院, …
    parent: str = ""               # unit id
    is_bureau: bool = False        # the commission itself

    @property
    def label(self) -> str:
        return self.short or self.name
