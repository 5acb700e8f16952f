"""Patterns that people write: harmless ones pass, those that could run away are refused."""

import re

import pytest

from config.pattern import check_pattern

SAFE = [r"/t\d{8}_\d+\.s?html$", r"https?://www\.x\.cn/\d+/\d+/content_\d+\.html", r"/(?:news|article)/\d+", r"[^/]+/\d{4}-\d{2}/\d{2}/", r".*\.html$",
        r"(?:\d{4}/)+x", r"(?i)node_\d+", r"^/a/(?!b)\w+$", "拖欠.{0,8}(工资|绩效)"]
RUNAWAY = [r"(a+)+$", r"(a*)*b", r"(a|aa)+$", r"(?:\w+\s?)*x", r".*a.*b", r"\w+\d+\w+x", r"(?:a?){40}a{40}", r"(.)\1", r"(?:.{0,30}){20}x",
           r".{0,60}.{0,60}.{0,60}x", r"(?:a+|b)+c", r"((a{1,9}){1,9}){1,9}b", r"x(?=(a+)+b)", r"(?:(?:a|b|ab)){1,30}c"]


@pytest.mark.parametrize("pattern", SAFE)
def test_safe(pattern):
    assert check_pattern(pattern) == ""


@pytest.mark.parametrize("pattern", RUNAWAY)
def test_runaway(pattern):
    assert "正则" in check_pattern(pattern) or "括号" in check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "[z-a]", "x" * 400, "*"])
def test_wrong(pattern):
    assert check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["拖欠.*工资", "讨薪+", "拖.{2,}欠", "(?:医院|诊所)+倒闭"])
def test_gaps_need_a_bound(pattern):
    assert "上限" in check_pattern(pattern, unbounded=False)


@pytest.mark.parametrize("pattern", SAFE)
def test_accepted_patterns_end_on_hostile_text(pattern):
    """Long runs of their own letters; a runaway pattern would hang here."""
    for run in ("a", "1", "/", "/1", "a/", ".", "拖欠"):
        assert re.search(pattern, run * (2000 // len(run)) + "\n!") is None


def test_a_letter_counts_in_both_cases():
    assert check_pattern(r"(?i)x+a[A-Z]+b[A-Z]+c")
