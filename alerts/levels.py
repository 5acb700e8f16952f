"""The level of an incident by the rules of the bureau, with the arithmetic that led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from model.alert import Level, LevelRule
from model.outlet import Tier


@dataclass(frozen=True)
class Facts:
    """What a level is decided on.  `tier_rank` is Tier.rank of the highest outlet; `severity` 0–3; `topics` ids; `speed` outlets that
    joined within one hour at most; `unanswered` whole hours since first seen without a published answer."""

    outlets: int
    tier_rank: int
    severity: int
    topics: tuple[str, ...] = ()
    stories: int = 1
    speed: int = 0
    unanswered: int = 0


_NAMES = {"outlets": "媒体数", "tier_rank": "最高媒体层级", "severity": "严重程度", "stories": "报道数", "speed": "一小时内新增媒体", "unanswered": "未回应小时数"}


_TIERS = {tier.rank: tier.label for tier in Tier}


def holds(rule: LevelRule, facts: Facts, topics: Mapping[str, str]) -> str:
    """The arithmetic in words when every bound of the rule holds, else "".  `topics`: id → name."""
    said = []
    for key, bound in rule.when.items():
        if key == "topics":
            shared = sorted(set(facts.topics) & set(bound))
            if not shared:
                return ""
            said.append(f"主题{'、'.join(topics.get(t, t) for t in shared)}在列")
            continue
        have = getattr(facts, key)
        if have < bound:
            return ""
        told = f"（{_TIERS[have]}）" if key == "tier_rank" else ""
        said.append(f"{_NAMES[key]}{have}{told}≥{bound}")
    return "，".join(said) or "无条件"


def decide(rules: Sequence[LevelRule], facts: Facts, topics: Mapping[str, str] = MappingProxyType({})) -> tuple[Level, str]:
    """The gravest level one of whose rules holds; Ⅳ when none does."""
    for rule in sorted(rules, key=lambda r: r.level):
        why = holds(rule, facts, topics)
        if why:
            return rule.level, f"{rule.name or rule.level.label}：{why}"
    return Level.IV, f"未达到更高等级的任何条件（媒体数{facts.outlets}，严重程度{facts.severity}）"
