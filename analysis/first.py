"""Who published a story first, and who took it from whom.  First seen is not first published.

What a copy says of itself (来源, 电头, 原创) goes before any page time: a page time may be that of a re-publication.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from analysis.cleaning import fold
from model.outlet import Tier
from model.story import Copy, First, FirstState

_ZONE = timezone(timedelta(hours=8))
# What may follow an outlet's name in a 来源 without making it another outlet.
_SUFFIXES = ("客户端", "官方微信", "微信公众号", "微信公号", "公众号", "微信", "官方微博", "微博", "官网", "官方网站", "网站", "新媒体", "app", "数字报", "电子报")
# A body that contributes to an official site, not an outlet that published elsewhere.
_BODY = re.compile(r"(?:局|委|委员会|医院|卫生院|中心|站|所|院|办公室|办|处|科|街道|镇|乡|学会|协会|宣传部|政府)$")
_SLACK = timedelta(minutes=5)      # a page may be read this long before the time it prints


@dataclass(frozen=True)
class _Claim:
    """What a copy says of its origin: `own` with how, or the `source` it names with how; both empty: nothing."""

    own: str = ""
    source: str = ""
    how: str = ""
    taken: bool = False            # says that it is taken over, without saying from where


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """An outlet's name for comparing: folded, without 客户端, 公众号 and the like behind."""
    key = fold(name)
    for suffix in _SUFFIXES:
        if key.endswith(suffix) and len(key) - len(suffix) >= 2:
            return key[:-len(suffix)]
    return key


def _names(copy: Copy) -> set[str]:
    return {name_key(n) for n in (copy.outlet_name, *copy.outlet_names) if n} - {""}


def _claim(copy: Copy) -> _Claim:
    """Read in the order of the evidence ladder."""
    own = _names(copy)
    if copy.reposted_from and name_key(copy.reposted_from) not in own:
        return _Claim(source=copy.reposted_from, how=f"注明转自“{copy.reposted_from}”")
    if copy.dateline_agency and not copy.dateline_own and name_key(copy.dateline_agency) not in own:
        return _Claim(source=copy.dateline_agency, how=f"电头为“{copy.dateline_agency}”")
    if copy.source and name_key(copy.source) not in own and copy.tier == Tier.OWN and _BODY.search(copy.source):
        return _Claim(own=f"自有平台刊出，“{copy.source}”供稿")
    if copy.source and name_key(copy.source) not in own:
        return _Claim(source=copy.source, how=f"注明来源“{copy.source}”")
    if copy.is_original is False:
        return _Claim(how="标为分享转载", taken=True)
    if copy.is_original:
        return _Claim(own="有原创标记")
    if copy.dateline_own:
        return _Claim(own="电头为本媒体自发")
    if copy.dateline_agency:
        return _Claim(own=f"电头为其自身“{copy.dateline_agency}”")
    if copy.source:
        return _Claim(own=f"来源为其自身“{copy.source}”")
    if copy.original_title:
        return _Claim(how="注有原标题", taken=True)
    return _Claim()


def _time(copy: Copy) -> datetime | None:
    """The printed time where it can be trusted: not after the page was read."""
    if copy.published is None or copy.published > copy.first_seen + _SLACK:
        return None
    return copy.published


def _order(copy: Copy) -> tuple[bool, datetime, datetime, int]:
    """By printed time (a day counts as its end), those without one behind, then by when seen."""
    when = _time(copy)
    if when is not None and copy.precision != "minute":
        when = when + timedelta(days=1) - timedelta(minutes=1)
    return when is None, when or copy.first_seen, copy.first_seen, copy.article_id


def _shown(copy: Copy) -> str:
    if copy.published is None:
        return "未印时间"
    form = "%Y-%m-%d %H:%M" if copy.precision == "minute" else "%Y-%m-%d"
    return copy.published.astimezone(_ZONE).strftime(form)


class _Group:
    """The copies of one story with what each claims, found by the names of their outlets."""

    def __init__(self, copies: Sequence[Copy]):
        self.copies = copies
        self.claims = {c.article_id: _claim(c) for c in copies}
        self.by_id = {c.article_id: c for c in copies}
        self._named: dict[str, list[Copy]] = {}
        for copy in sorted(copies, key=lambda c: (not self.claims[c.article_id].own, _order(c))):
            for name in _names(copy):
                self._named.setdefault(name, []).append(copy)

    def held(self, name: str) -> list[Copy]:
        """Copies of the outlet that bears the name, those that claim to be its own first."""
        return self._named.get(name_key(name), [])

    def root(self, copy: Copy) -> tuple[Copy | None, str]:
        """Follow declared sources from a copy: (the held copy they end at, "") or (None, the name of an outlet not held)."""
        seen = {copy.article_id}
        while name := self.claims[copy.article_id].source:
            held = self.held(name)
            if not held:
                return None, name
            if held[0].article_id in seen:
                return None, ""
            copy = held[0]
            seen.add(copy.article_id)
        return copy, ""


def _contradicted(first: Copy, copies: Sequence[Copy]) -> str:
    """Copies whose page prints an earlier time than the first publication: noted, not believed."""
    mine = _time(first)
    earlier = [c for c in copies if c.article_id != first.article_id and mine and _time(c) and _order(c) < _order(first)
               and c.published and c.published < mine]
    if not earlier:
        return ""
    named = "、".join(f"{c.outlet_name}（{_shown(c)}）" for c in sorted(earlier, key=_order)[:3])
    return f"；{named}页面时间更早，与所注来源矛盾，以来源为准"


def _printed_edition(best: Copy, group: _Group) -> tuple[Copy, str]:
    """Of one outlet's copies of one day the printed page (a day without an hour) goes before its web page."""
    if best.published is None or best.precision == "day":
        return best, ""
    day = best.published.astimezone(_ZONE).date()
    for copy in group.copies:
        claim = group.claims[copy.article_id]
        if (copy.outlet_id == best.outlet_id and copy.precision == "day" and copy.published and not claim.source and not claim.taken
                and copy.published.astimezone(_ZONE).date() == day):
            return copy, "，同日另有网页稿，以报纸版面为先"
    return best, ""


def first_of(copies: Sequence[Copy]) -> First:
    """The first publication of a story from its copies (at least one), with the reason in words."""
    if not copies:
        return First(None, FirstState.UNKNOWN, "没有稿件")
    group = _Group(copies)
    claims, by_id = group.claims, group.by_id
    votes: Counter[int] = Counter()
    absent: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for copy in copies:
        if claims[copy.article_id].source:
            root, name = group.root(copy)
            if root is not None:
                votes[root.article_id] += 1
            elif name:
                absent[name_key(name)] += 1
                shown.setdefault(name_key(name), name)
    own = [c for c in copies if claims[c.article_id].own]
    if votes:
        best = min((by_id[i] for i in votes), key=lambda c: (-votes[c.article_id], not claims[c.article_id].own, _order(c)))
        told = votes[best.article_id]
        best, printed = _printed_edition(best, group)
        doubt = claims[best.article_id].taken
        said = claims[best.article_id].own
        reason = f"{told}家转载注明来自{best.outlet_name}，本库收录其稿（{_shown(best)}）" + (f"，{said}" if said else "")
        state = FirstState.PROBABLE if doubt else FirstState.CONFIRMED
        return First(best.article_id, state, reason + printed + _contradicted(best, copies), best.outlet_name)
    if own:
        best, printed = _printed_edition(min(own, key=_order), group)
        reason = f"{best.outlet_name}{claims[best.article_id].own}（{_shown(best)}）{printed}"
        if len({c.outlet_id for c in own}) > 1:
            others = "、".join(dict.fromkeys(c.outlet_name for c in sorted(own, key=_order)[1:4] if c.outlet_id != best.outlet_id))
            return First(best.article_id, FirstState.PROBABLE, f"{reason}；{others}也称自采，取时间最早者", best.outlet_name)
        if not best.outlet_id:
            return First(best.article_id, FirstState.PROBABLE, f"{reason}，但该媒体未登记", best.outlet_name)
        if absent:
            key, count = absent.most_common(1)[0]
            return First(best.article_id, FirstState.PROBABLE, f"{reason}；但另有{count}家注明来自“{shown[key]}”，本库未收录", best.outlet_name)
        return First(best.article_id, FirstState.CONFIRMED, reason + _contradicted(best, copies), best.outlet_name)
    if absent:
        key, count = absent.most_common(1)[0]
        agreed = count == sum(absent.values())
        reason = f"首发为《{shown[key].strip('《》')}》，本库未收录（{count}家注明）" + ("" if agreed else "；另有稿件注明其他来源")
        return First(None, FirstState.CONFIRMED if agreed and count > 1 else FirstState.PROBABLE, reason, shown[key].strip("《》"))
    return _by_time(copies, claims)


def _by_time(copies: Sequence[Copy], claims: Mapping[int, _Claim]) -> First:
    """Nobody says anything: the earliest trusted printed time, if it is alone at the head."""
    silent = [c for c in copies if not claims[c.article_id].taken]
    if not silent:
        return First(None, FirstState.UNKNOWN, "各稿均为转载而未注明来源，首发未确认")
    ranked = sorted(silent, key=_order)
    best = ranked[0]
    if _time(best) is None:
        return First(None, FirstState.UNKNOWN, "各稿均无可信的发布时间，首发未确认")
    if len(copies) == 1:
        return First(best.article_id, FirstState.PROBABLE, f"仅收录{best.outlet_name}一稿（{_shown(best)}），无转载迹象", best.outlet_name)
    if len(ranked) > 1 and _tied(best, ranked[1]):
        return First(None, FirstState.UNKNOWN, f"{best.outlet_name}与{ranked[1].outlet_name}时间相同（{_shown(best)}），均未注明来源，首发未确认")
    return First(best.article_id, FirstState.PROBABLE, f"各稿均未注明来源，{best.outlet_name}时间最早（{_shown(best)}）", best.outlet_name)


def _tied(best: Copy, second: Copy) -> bool:
    if best.outlet_id == second.outlet_id:
        return False
    one, two = _time(best), _time(second)
    if one is None or two is None:
        return False
    if best.precision == second.precision == "minute":
        return one == two
    return one.astimezone(_ZONE).date() == two.astimezone(_ZONE).date()


def chain(copies: Sequence[Copy], nearest: Mapping[int, int] | None = None) -> list[tuple[int, int | None, str]]:
    """Who took the story from whom: (child, parent or None, reason), first publication before the rest, then by time.

    `nearest` tells for a copy that names no source which held copy its text is closest to (by the judgement of the pair).
    """
    first, group = first_of(copies), _Group(copies)
    parents: dict[int, int | None] = {}
    edges: list[tuple[int, int | None, str]] = []
    for copy in sorted(copies, key=lambda c: (c.article_id != first.article_id, _order(c))):
        parent, reason = _parent(copy, group, first, nearest or {})
        if parent is not None and _circular(copy.article_id, parent, parents):
            parent, reason = None, f"{reason}，与来源稿互注，不采"
        parents[copy.article_id] = parent
        edges.append((copy.article_id, parent, reason))
    return edges


def _parent(copy: Copy, group: _Group, first: First, nearest: Mapping[int, int]) -> tuple[int | None, str]:
    claim = group.claims[copy.article_id]
    if copy.article_id == first.article_id:
        return None, f"首发：{first.reason}"
    if claim.source:
        held = [c for c in group.held(claim.source) if c.article_id != copy.article_id]
        if held:
            mine, theirs = _time(copy), _time(held[0])
            late = mine and theirs and mine < theirs and copy.precision == held[0].precision
            return held[0].article_id, claim.how + ("，页面时间却早于来源稿，时间不采" if late else "")
        return None, f"{claim.how}，本库未收录该稿"
    guess = group.by_id.get(nearest.get(copy.article_id, 0))
    if guess is not None and not claim.own and (guess.article_id == first.article_id or _order(guess) < _order(copy)):
        return guess.article_id, ("注有原标题，" if copy.original_title else "未注来源，") + "文字与该稿最接近"
    if first.article_id is not None:
        return first.article_id, "未注来源，时间在首发之后" if not claim.own else f"{claim.own}，但时间在首发之后"
    return None, "未注来源"


def _circular(child: int, parent: int, parents: Mapping[int, int | None]) -> bool:
    seen: int | None = parent
    while seen is not None:
        if seen == child:
            return True
        seen = parents.get(seen)
    return False
