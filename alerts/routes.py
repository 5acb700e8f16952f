"""Who is told: a tree of routes by unit, level, topic, hour and day leads to people and groups, and these to their channels.

A target is a tuple of channel ids: the first that lives is used, the others stand behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.times import within
from model.alert import ChannelConfig, Level
from model.duty import DutyRules, Person, Route, Shift

Target = tuple[str, ...]


@dataclass(frozen=True)
class Occasion:
    """What a route is chosen by.  `at` is local time; `works`: is it a working day; `shift`: who sits now."""

    level: Level
    units: tuple[str, ...]
    topic: str
    at: datetime
    works: bool = True
    shift: Shift | None = None


def holds(route: Route, occasion: Occasion) -> bool:
    return ((not route.levels or occasion.level in route.levels) and (not route.units or bool(set(route.units) & set(occasion.units)))
            and (not route.topics or occasion.topic in route.topics) and within(route.hours, occasion.at)
            and (not route.days or (route.days == "work") == occasion.works))


def chosen(routes: Sequence[Route], occasion: Occasion) -> tuple[str, ...]:
    """The names that the first matching route (and those after it while one says `go_on`) leads to."""
    names: list[str] = []
    for route in routes:
        if not holds(route, occasion):
            continue
        names += chosen(route.routes, occasion) or route.to
        if not route.go_on:
            break
    return tuple(dict.fromkeys(names))


def targets(rules: DutyRules, channels: Sequence[ChannelConfig], occasion: Occasion, to: tuple[str, ...] = ()) -> list[Target]:
    """The targets of a message: of `to` where given and reachable, else of the routes, else every channel: nobody told is no answer.

    A channel with `min_level` or `units` is left out of routes that do not reach them; what is sent to named people (`to`) is not.
    """
    known = {c.id: c for c in channels}
    if found := _reached(rules, known, to, occasion):
        return found
    fit = {c.id: c for c in channels if occasion.level <= c.min_level and (not c.units or set(c.units) & set(occasion.units))}
    if found := _reached(rules, fit, chosen(rules.routes, occasion), occasion):
        return [_behind(target, fit) for target in found]
    return [_behind((c,), fit) for c in fit]


def _reached(rules: DutyRules, known: dict[str, ChannelConfig], names: Iterable[str], occasion: Occasion) -> list[Target]:
    found: dict[str, Target] = {}
    for target in (t for name in names for t in _of(rules, name, occasion)):
        usable = tuple(c for c in target if c in known)
        if usable and usable[0] not in found:
            found[usable[0]] = _behind(usable, known)
    return list(found.values())


def _of(rules: DutyRules, name: str, occasion: Occasion) -> list[Target]:
    """Targets of one name: a person, a group, who is on duty, or a channel itself."""
    if name in ("@officers", "@leader"):
        sits = occasion.shift
        there = () if sits is None else sits.officers if name == "@officers" else (sits.leader,)
        return [person.channels for person in (person_of(rules, p) for p in there) if person]
    if person := rules.person(name):
        return [person.channels]
    if group := next((g for g in rules.groups if g.id == name), None):
        members = [m for m in (rules.person(p) for p in group.members) if m]
        return ([group.channels] if group.channels else []) + [m.channels for m in members]
    return [(name,)]


def person_of(rules: DutyRules, name: str) -> Person | None:
    """By id, else by the name on the roster."""
    return rules.person(name) or next((p for p in rules.people if p.name == name), None)


def _behind(target: Target, known: dict[str, ChannelConfig]) -> Target:
    """The target with what its last channel names as next, and so on."""
    found = list(target)
    while (after := known[found[-1]].next) and after in known and after not in found:
        found.append(after)
    return tuple(found)
