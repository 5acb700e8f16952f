"""The lay syntax: what it means, what is refused and why, and that no pattern can take long."""

import pytest

from analysis.rules import Rules
from config.lay import MAX_GAP, RuleError, parse
from model.vocabulary import Rule, Topic

TOPICS = (Topic("T13", "挂号黄牛", strong=("号贩子", "倒卖号源")),)


NAMES = {t.id: t.name for t in TOPICS}


def hits(when, title, text=""):
    return Rules([Rule("停诊", **parse(when, NAMES).__dict__)], TOPICS).match(title, text)


@pytest.mark.parametrize("line, title, text, words", [
    ("停诊 关门", "市一院停诊", "", ("停诊",)), ("停诊 +市一院", "市中医院停诊", "", None), ("停诊 +市一院", "停诊通知", "市一院今起检修", ("停诊", "市一院")),
    ("停诊 !检修", "市一院停诊", "因设备检修", None), ("/停诊.{0,6}(投诉|不满)/", "因停诊引来不满", "", ("停诊引来不满",)),
    ("/停诊.{0,6}不满/", "停诊", "不满", None), ("#挂号黄牛", "号贩子又来了", "", ("号贩子",)), ("#T13", "倒卖号源", "", ("倒卖号源",)),
    ("+市一院", "市一院", "", ("市一院",)), ("醫院", "医*院", "", ("医院",)),
])
def test_what_a_rule_means(line, title, text, words):
    found = hits(line, title, text)
    assert (found[0].words if found else None) == words


def test_the_first_sentence_with_a_find_is_shown_as_printed():
    (hit,) = hits("停诊", "今日要闻", "天气晴。市一院停​诊三天。")
    assert hit.sentence == "市一院停​诊三天。"


@pytest.mark.parametrize("line, reason", [
    ("", "至少要有"), ("!检修", "至少要有"), ("+", "缺少词"), ("#没有", "没有名为"), ("/([/", "写错了"), ("/停诊", "两条斜线"),
    ("/a*/", "空文字"), ("/(a+)+b/", "可能很慢"), ("/.*.*停.*诊/", "可能很慢"), ("/(停)\\1/", "反向引用"), ("/停{1,9999}诊/", "重复次数"),
    ("" + "长" * 2000, "不超过"), ("/" + "停" * 300 + "/", "不超过"),
])
def test_what_is_refused_and_why(line, reason):
    with pytest.raises(RuleError, match=reason):
        parse(line, NAMES)


def test_an_open_gap_is_closed():
    assert parse("/停诊.*投诉/").patterns == (f"停诊.{{0,{MAX_GAP}}}投诉",)
    assert not hits("/停诊.*投诉/", "停诊" + "甲" * (MAX_GAP + 1) + "投诉")


def test_the_place_of_the_mistake_is_told():
    with pytest.raises(RuleError) as wrong:
        parse("停诊 #没有", NAMES)
    assert wrong.value.at == 4
