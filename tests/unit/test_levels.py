"""The level of an incident and the arithmetic shown with it."""

import pytest

from alerts.levels import Facts, decide
from model.alert import Level, LevelRule

RULES = (
    LevelRule(Level.III, {"outlets": 5}, "五家媒体"),
    LevelRule(Level.III, {"tier_rank": 4}, "省级媒体"),
    LevelRule(Level.II, {"severity": 3}, "致人死亡"),
    LevelRule(Level.II, {"outlets": 20}, "二十家媒体"),
    LevelRule(Level.I, {"tier_rank": 6, "severity": 3}, "中央媒体批评"),
    LevelRule(Level.II, {"topics": ["T09"], "stories": 2}, "疫苗两篇"),
)


@pytest.mark.parametrize("facts, level, said", [
    (Facts(1, 3, 1), Level.IV, "未达到"),
    (Facts(5, 3, 1), Level.III, "媒体数5≥5"),
    (Facts(1, 4, 1), Level.III, "最高媒体层级4（省级）≥4"),
    (Facts(4, 3, 3), Level.II, "严重程度3≥3"),
    (Facts(25, 6, 3), Level.I, "最高媒体层级6（中央）≥6，严重程度3≥3"),
    (Facts(1, 3, 1, ("T09",), 2), Level.II, "主题T09在列，报道数2≥2"),
    (Facts(1, 3, 1, ("T10",), 2), Level.IV, "未达到"),
])
def test_the_gravest_rule_that_holds_decides(facts, level, said):
    decided, why = decide(RULES, facts)
    assert decided is level and said in why
