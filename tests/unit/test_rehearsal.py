"""A change of words is tried on the archive before it is saved."""

from dataclasses import replace
from pathlib import Path

from analysis.opinion import Judge
from analysis.rehearsal import Saved, changed_terms, rehearse
from config.load import load_vocabulary
from model.vocabulary import Gap

OLD = load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml")
ARTICLES = (
    Saved(1, "市一院有护士甩脸子", "患者说，市一院护士甩脸子。"),
    Saved(2, "市一院护士推诿患者被投诉", "市一院护士态度恶劣，推诿患者，家属投诉后无人回应。"),
    Saved(3, "市一院开展义诊", "医生为居民量血压。"),
)


def with_strong(word, topic="T04"):
    return replace(OLD, topics=tuple(replace(t, strong=t.strong + (word,)) if t.id == topic else t for t in OLD.topics))


def test_a_new_word_shows_what_would_newly_alert():
    new = with_strong("甩脸子")
    assert changed_terms(OLD, new) == {"甩脸子"}
    shown = rehearse(Judge(OLD), Judge(new), ARTICLES)
    assert (shown.read, shown.judged) == (3, 1)
    assert [c.article.id for c in shown.newly] == [1]
    assert "甩脸子" in shown.newly[0].after.words
    assert not shown.no_longer


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
