"""A scheme in words: every rule of every shipped scheme is told, and none by its inner name."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from config.schemes import shipped_schemes
from dashboards.scheme_words import base_words, rules_of
from model.bureau import Bureau
from model.region import Region
from scoring_samples import shipped

BUREAU = Bureau("b", "局", Region(), Path("."))


@pytest.mark.parametrize("name", shipped_schemes())
def test_every_rule_of_a_shipped_scheme_is_told_in_words(name):
    scheme = shipped(name)
    told = dict(rules_of(scheme, BUREAU))
    assert ("系数" in told) == bool(scheme.factors) and ("封顶" in told) == bool(scheme.caps) and ("奖惩" in told) == bool(scheme.awards)
    assert all(rule.name in " ".join(told["奖惩"]) for rule in scheme.awards) and all(cap.name in " ".join(told["封顶"]) for cap in scheme.caps)
    said = " ".join(line for head, lines in told.items() for line in lines) + " ".join(w for c in scheme.classes for w in base_words(c))
    assert not re.search(r"\b(?:month|quarter|year|adopted|submitted|paid|accept|reject|doubt|full|equal)\b", said)


def test_how_claimed_rows_weigh_is_told():
    told = dict(rules_of(replace(shipped("six_class"), extra={"claims": {"paid": "doubt"}}), BUREAU))
    assert "广告和合作版面由人核定" in told["申报核对"] and "通知公告驳回" in told["申报核对"]
