"""Stories about the same happening, and how groupings are scored."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from press_texts import CLINIC, CLINIC_TITLE, PHARMACY, PHARMACY_TITLE

from analysis.events import EventIndex, b_cubed, same_event
from analysis.rarity import UNKNOWN, rarity
from model.article import Article
from model.clipping import Clipping
from model.mention import Mention
from model.story import First, FirstState, Story

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=timezone.utc)
REPORT = ("产妇大出血离世 家属质疑妇幼保健院抢救迟缓",
          "11月15日凌晨，产妇许女士在云川市妇幼保健院分娩后大出血，抢救四小时后离世。家属质疑，从发现大出血到输血隔了五十分钟，值班医生只有一人。")
ANSWER = ("关于产妇许女士离世的情况通报",
          "11月16日，云川市妇幼保健院通报：产妇许女士分娩后发生羊水栓塞和大出血，医院组织抢救。市卫生健康委已成立调查组，封存病历，并与家属沟通。")
VIOLENCE = ("监控视频流出 精神卫生中心护工殴打病人",
            "一段监控视频在网上流传，画面中云川市精神卫生中心一名护工用拖把杆击打病人。家属称已报警，医院表示涉事护工已停职。")


def clipping(article_id: int, piece: tuple[str, str], story: int, units: tuple[str, ...] = (), hours: int = 0) -> Clipping:
    when = NOON + timedelta(hours=hours)
    mentions = tuple(Mention(u, s, 0, 0, "全称") for u, s in zip(units, ("云川市妇幼保健院", "云川市卫生健康委")))
    return Clipping(article_id, Article("u", "u", *piece, when), "o", "某报", "municipal", when, article_id, True, mentions,
                    story=Story(story, piece[0], First(None, FirstState.UNKNOWN, ""), 1, "municipal"))


def test_a_report_and_the_answer_are_one_happening():
    same, why = same_event(clipping(2, ANSWER, 2, ("fby",)), [clipping(1, REPORT, 1, ("fby",))])
    assert same and "产妇" in why and "%" in why


def test_the_more_is_shared_the_liker_it_is():
    happening = [clipping(1, REPORT, 1, ("fby",))]
    again, answer = (same_event(clipping(2, piece, 2, ("fby",)), happening)[0] for piece in (REPORT, ANSWER))
    assert 1 >= again > answer > 0


def test_another_scandal_the_same_day_is_another_happening():
    assert not same_event(clipping(2, VIOLENCE, 2, ("jwzx",)), [clipping(1, REPORT, 1, ("fby",))])[0]


def test_copies_of_the_same_story_are_of_its_happening():
    assert same_event(clipping(2, VIOLENCE, 1), [clipping(1, REPORT, 1)]) == (1.0, "与该事件已有稿件为同一篇")
    assert same_event(clipping(2, VIOLENCE, 1), [])[0] == 0


def test_reposts_do_not_shout_down_the_other_stories():
    copies = [clipping(i, VIOLENCE, 7, ("jwzx",)) for i in range(1, 60)] + [clipping(99, REPORT, 8, ("jwzx",))]
    few = [copies[0], copies[-1]]
    assert same_event(clipping(200, ANSWER, 9, ("jwzx",)), copies) == same_event(clipping(200, ANSWER, 9, ("jwzx",)), few)


def test_the_index_keeps_happenings_apart():
    index = EventIndex()
    first = index.add(*REPORT, {"fby"}, NOON)
    assert first.new
    assert index.add(*VIOLENCE, {"jwzx"}, NOON).new
    joined = index.add(*ANSWER, {"fby"}, NOON + timedelta(hours=9))
    assert not joined.new and joined.event_id == first.event_id and "产妇" in joined.reason
    assert index.add(CLINIC_TITLE, CLINIC, (), NOON).new and index.add(PHARMACY_TITLE, PHARMACY, (), NOON).new


def test_quiet_time_and_other_units_count_against():
    def likeness(units, days):
        index = EventIndex(join=2.0)
        index.add(*REPORT, {"fby"}, NOON)
        return index.add(*ANSWER, units, NOON + timedelta(days=days)).likeness

    assert likeness({"fby"}, 0) > likeness({"fby"}, 60) > likeness({"fby"}, 400) > 0
    assert likeness({"fby"}, 0) > likeness((), 0) > likeness({"other"}, 0)


def test_empty_stories_join_nothing():
    index = EventIndex()
    assert index.add("", "").new and index.add("", "").new


def test_names_are_rarer_than_common_words():
    assert rarity("许女士某某") == UNKNOWN > rarity("医院") > rarity("的")


def test_b_cubed_of_a_worked_case():
    labelled = dict(enumerate("aaabb"))
    assert b_cubed(labelled, labelled) == (1.0, 1.0, 1.0)
    precision, recall, f1 = b_cubed({0: 1, 1: 1, 2: 2, 3: 2, 4: 2}, labelled)
    assert precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_clipping_without_a_story_is_still_compared():
    assert same_event(replace(clipping(2, ANSWER, 2, ("fby",)), story=None), [clipping(1, REPORT, 1, ("fby",))])[0]
