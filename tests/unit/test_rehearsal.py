"""A change of words is tried on the archive before it is saved."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.rehearsal import Touched, changed_terms, compare, lessons_changed
from analysis.ruled import RuledJudge as Judge
from config.lay import parse
from config.load import load_vocabulary
from model.lesson import Lesson
from model.mention import Mention
from model.opinion import Label
from model.rehearsal import Saved
from model.vocabulary import Gap, Rule

OLD = load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml")
ARTICLES = (
    Saved(1, "市一院有护士甩脸子", "患者说，市一院护士甩脸子。"),
    Saved(2, "市一院护士推诿患者被投诉", "市一院护士态度恶劣，推诿患者，家属投诉后无人回应。"),
    Saved(3, "市一院开展义诊", "医生为居民量血压。"),
)


def rehearse(old, new, articles):
    """As the desk does it: the articles a change can touch, judged by both."""
    touched = Touched(old.vocabulary, new.vocabulary)
    return compare(old, new, [a for a in articles if touched(a.title, a.text)])


def rule(when, **more):
    return Rule("本单位的规则", **parse(when, {t.id: t.name for t in OLD.topics}).__dict__, **more)


def with_rule(*rules):
    return replace(OLD, rules=rules)


def with_strong(word, topic="T04"):
    return replace(OLD, topics=tuple(replace(t, strong=t.strong + (word,)) if t.id == topic else t for t in OLD.topics))


def test_a_new_word_shows_what_would_newly_alert():
    new = with_strong("甩脸子")
    assert changed_terms(OLD, new) == {"甩脸子"}
    shown = rehearse(Judge(OLD), Judge(new), ARTICLES)
    assert shown.judged == 1
    assert [c.article.id for c in shown.newly] == [1]
    assert "甩脸子" in shown.newly[0].after.words
    assert not shown.no_longer


def test_the_words_that_every_touched_article_holds_are_told_unless_a_pattern_may_hold_alone():
    def words(new):
        return Touched(OLD, new).words

    assert words(with_strong("甩脸子")) == {"甩脸子"}
    assert words(with_rule(rule("停诊 关门 !检修"))) == {"停诊", "关门"}
    assert words(with_rule(rule("停诊 +发热门诊 /投诉.{0,9}不满/"))) == {"发热门诊"}
    assert words(with_rule(rule("停诊"), rule("/投诉.{0,9}不满/"))) is None
    assert words(with_rule(rule("#医患纠纷"))) == set(next(t for t in OLD.topics if t.name == "医患纠纷").strong)
    assert words(OLD) == frozenset()


def test_a_new_mask_shows_what_would_no_longer_alert():
    phrases = ("市一院护士态度恶劣，推诿患者", "市一院护士推诿患者被投诉", "投诉后无人回应")
    new = replace(OLD, topics=tuple(replace(t, masked=t.masked + phrases) if t.id == "T04" else t for t in OLD.topics))
    shown = rehearse(Judge(OLD), Judge(new), ARTICLES)
    assert [c.article.id for c in shown.no_longer] == [2]


def test_a_new_pattern_touches_only_texts_with_its_words():
    new = replace(OLD, gaps=OLD.gaps + (Gap("护士.{0,4}甩脸子", "negative", "T04"),))
    assert changed_terms(OLD, new) == {"护士", "甩脸子"}
    assert [c.article.id for c in rehearse(Judge(OLD), Judge(new), ARTICLES).newly] == [1]


def test_no_change_judges_nothing():
    assert rehearse(Judge(OLD), Judge(OLD), ARTICLES).judged == 0


def test_a_rule_accuses_the_unit_of_its_sentence_and_says_so():
    title, text = "云川市人民医院公告", "云川市人民医院今起停诊三天。云川市中医院照常开诊。"
    whole = f"{title}\n{text}"
    mentions = [Mention(unit, name, whole.index(name, len(title)), whole.index(name, len(title)) + len(name), "全称") for unit, name in (("yy", "云川市人民医院"), ("zy", "云川市中医院"))]
    article, yy, zy = Judge(with_rule(rule("停诊", topic="T04", severity=2, kind="emergency"))).judge(title, text, mentions)
    assert [j.label for j in (article, yy)] == [Label.NEGATIVE] * 2 and zy.label is not Label.NEGATIVE
    assert yy.reason.startswith("本单位规则：本单位的规则（算负面，依据停诊）")
    assert (yy.topic, yy.severity, yy.alarm, yy.sentence) == ("T04", 2, "emergency", "云川市人民医院今起停诊三天。")
    assert [whole[h.start:h.end] for h in yy.hits if h.kind == "rule"] == ["停诊"]


def test_a_rule_calms_and_one_that_accuses_stands_against_it():
    calm, accuse = rule("推诿患者", effect="calm"), rule("无人回应")
    before, after, both = (Judge(v).judge(*(ARTICLES[1].title, ARTICLES[1].text))[0] for v in (OLD, with_rule(calm), with_rule(accuse, calm)))
    assert [j.label for j in (before, after, both)] == [Label.NEGATIVE, Label.POSITIVE, Label.NEGATIVE]
    assert "原判负面" in after.reason and after.severity == 0


def test_a_risk_rule_opens_a_case_without_blame_and_a_mark_changes_nothing():
    risk, mark = (Judge(with_rule(rule("义诊", effect=e))).judge(ARTICLES[2].title, ARTICLES[2].text)[0] for e in ("risk", "mark"))
    assert (risk.label, risk.alarm) == (Label.RISK, "opinion")
    assert mark.label is Label.POSITIVE and "仅标注" in mark.reason and not mark.alarm


def test_a_new_rule_is_rehearsed_and_so_is_one_that_goes():
    new = with_rule(rule("/护士.{0,6}甩脸子/"))
    assert [c.article.id for c in rehearse(Judge(OLD), Judge(new), ARTICLES).newly] == [1]
    assert [c.article.id for c in rehearse(Judge(new), Judge(OLD), ARTICLES).no_longer] == [1]


def test_the_cases_that_come_out_otherwise_are_listed():
    lessons = [Lesson("a", ARTICLES[0].title, ARTICLES[0].text, "N", "P"), Lesson("b", ARTICLES[2].title, ARTICLES[2].text, "P", "P")]
    shown = lessons_changed(Judge(OLD), Judge(with_strong("甩脸子")), lessons, lambda lesson: ())
    assert [(lesson.id, before, after) for lesson, before, after in shown] == [("a", "P", "N")]


@pytest.mark.parametrize("title, text, topic, kind", [
    ("云川市卫健委内部文件外流", "一份盖有云川市卫生健康委员会印章的红头文件流出，网传内部文件引发关注。", "S01", "leak"),
    ("云川市卫健委官网被篡改", "网友发现云川市卫生健康委员会官网被篡改，点开后跳转赌博网站。", "S02", "defaced"),
])
def test_a_sensitive_matter_rings_with_its_kind(title, text, topic, kind):
    at = text.index("云川市卫生健康委员会") + len(title) + 1
    judged = Judge(OLD).judge(title, text, [Mention("wjw", "云川市卫生健康委员会", at, at + 10, "全称")])
    assert [(j.topic, j.alarm) for j in judged] == [(topic, kind)] * 2 and all(j.label in (Label.RISK, Label.NEGATIVE) for j in judged)


def test_a_refuted_matter_does_not_ring():
    judged = Judge(OLD).judge("云川市卫健委开展网络安全宣传", "云川市卫生健康委员会举办培训，讲解如何防范官网被篡改。", [Mention("wjw", "云川市卫健委", 0, 6, "简称")])
    assert not any(j.alarm for j in judged)


def test_a_reading_shared_by_two_judges_gives_what_each_would_say_alone():
    new = with_rule(rule("甩脸子"), rule("无人回应", effect="calm"))
    old = Judge(OLD)
    beside = Judge(new, None, old)
    for a in ARTICLES:
        assert (old.judge(a.title, a.text), beside.judge(a.title, a.text)) == (Judge(OLD).judge(a.title, a.text), Judge(new).judge(a.title, a.text))
    assert beside.judge(ARTICLES[0].title, ARTICLES[0].text) == Judge(new).judge(ARTICLES[0].title, ARTICLES[0].text)      # asked alone, out of turn
