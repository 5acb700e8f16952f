"""Marks in a text, weeks and quarters, and how values are written."""

from datetime import datetime, timedelta, timezone

import pytest
from dashboards import show, weeks
from dashboards.marks import Run, cut, marked
from dashboards_office import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from model.article import Article
from model.clipping import Clipping
from model.opinion import Hit, Judgement, Label
from model.source_state import failure_words

WHOLE = "云川市人民医院一起纠纷引关注"


def test_marks_lie_where_they_were_found():
    assert cut(WHOLE, [(0, 7, "unit", "全称"), (9, 11, "word", "强词")]) == [
        Run("云川市人民医院", "unit", "全称"), Run("一起"), Run("纠纷", "word", "强词"), Run("引关注")]


def test_where_marks_overlap_the_deciding_word_is_shown_and_both_reasons_told():
    runs = cut("人民医院", [(0, 4, "unit", "甲"), (2, 4, "word", "乙")])
    assert [(r.text, r.kind) for r in runs] == [("人民", "unit"), ("医院", "word")] and runs[1].why == "甲；乙"


def test_a_word_that_decided_is_marked_apart_from_one_that_was_only_found():
    judgement = Judgement("", Label.NEGATIVE, 0.9, words=("纠纷",), hits=(
        Hit("纠纷", "T01", "strong", 0, 2), Hit("投诉", "T01", "weak", 2, 4), Hit("事故", "T02", "strong", 4, 6, "演练")))
    clipping = Clipping(1, Article("u", "u", "纠纷投诉事故", ""), "", "", "", NOW, 1, True, judgements=(judgement,))
    assert marked(clipping)[0] == [Run("纠纷", "word", "判定词：纠纷"), Run("投诉", "hint", "相关词：投诉"), Run("事故", "off", "已排除：演练")]


spans = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60), st.sampled_from(["unit", "word", "off", "doubt"]),
    st.text(max_size=3)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), spans, st.integers(0, 20))
def test_no_character_is_lost_whatever_the_marks(text, marks, offset):
    assert "".join(r.text for r in cut(text, marks, offset)) == text


@pytest.mark.parametrize("day, key", [("2026-11-21", "2026-W47"), ("2027-01-01", "2026-W53"), ("2026-01-01", "2026-W01"), ("2024-12-30",
    "2025-W01")])
def test_iso_weeks_at_the_turn_of_the_year(day, key):
    moment = weeks.day_start(weeks.parse_day(day)) + timedelta(hours=12)
    since, until = weeks.week_of(moment)
    assert weeks.week_key(since) == key and weeks.week_from_key(key) == (since, until) and since <= moment < until
    assert until - since == timedelta(days=7) and weeks.local(since).isoweekday() == 1


def test_a_week_begins_at_midnight_in_shanghai():
    sunday_evening_utc = datetime(2026, 11, 15, 16, 30, tzinfo=timezone.utc)          # Monday 00:30 in Shanghai
    assert weeks.week_key(sunday_evening_utc) == "2026-W47"


@pytest.mark.parametrize("key", ["", "2026", "2026-W", "2026-W0", "2026-W54", "x-W01", "20260-W01", "2026-W１", "0000-W01"])
def test_no_such_week(key):
    assert weeks.week_from_key(key) is None


def test_quarters():
    moment = datetime(2026, 2, 1, tzinfo=timezone.utc)
    assert weeks.quarters_back(moment, 6) == ["2026Q1", "2025Q4", "2025Q3", "2025Q2", "2025Q1", "2024Q4"]
    assert weeks.quarter_of(datetime(2026, 9, 30, 16, 0, tzinfo=timezone.utc)) == "2026Q4"
    assert weeks.quarter_label("2026Q4") == "2026年第四季度" and weeks.quarter_label("2026") == "2026"


@pytest.mark.parametrize("url, link", [
    ("http://a.example/x", True), ("https://a.example", True), ("javascript:alert(1)", False), (" JaVaScRiPt:alert(1)", False),
    ("data:text/html,x", False),
    ("//a.example", False), ("http://", False), ("http://[bad", False), ("", False), ("/path", False)])
def test_only_web_addresses_become_links(url, link):
    assert bool(show.web_address(url)) is link


@pytest.mark.parametrize("cents, text", [(0, "0.00"), (600, "6.00"), (5, "0.05"), (-300, "-3.00"), (-5, "-0.05"), (123456, "1234.56")])
def test_points(cents, text):
    assert show.points(cents) == text


def test_failures_are_told_in_chinese():
    assert failure_words("http_404") == "地址不存在（404）" and failure_words("http_418") == "对方返回 418"
    assert failure_words("dns") == "域名无法解析"
