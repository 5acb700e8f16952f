"""Folding and cutting: what is hidden between letters is found, and offsets lead back to what was printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.words import cut, cut_for_index, cut_for_query, fold, learn


@pytest.mark.parametrize("printed, folded", [
    ("市衛生健康委員會", "市卫生健康委员会"), ("雲川醫院", "云川医院"), ("於市一院", "于市一院"), ("著名专家乾杯", "著名专家乾杯"),
    ("ＡＢＣ１２０", "ABC120"), ("卫*生*局", "卫生局"), ("医\u200b院", "医院"), ("医\ufeff\u2060院", "医院"), ("市 一 院 的", "市一院的"),
    ("雲川市衛生健康委員會開展義診，醫護人員為老人測量血壓", "云川市卫生健康委员会开展义诊，医护人员为老人测量血压"),
    ("医.院.长", "医院长"), ("⽣⼈", "生人"), ("医\u0336院\u0336", "医院"), ("张　三", "张 三"), ("（一）", "（一）"), ("12 000 例", "12 000 例"),
])
def test_fold(printed, folded):
    assert fold(printed).text == folded


def test_a_find_in_folded_text_leads_back_to_the_print():
    printed = "今天，雲*川*市*第一人民醫\u200b院停诊"
    folded = fold(printed)
    start = folded.text.index("云川市第一人民医院")
    a, b = folded.span(start, start + len("云川市第一人民医院"))
    assert printed[a:b] == "雲*川*市*第一人民醫\u200b院"


@given(st.text(alphabet="医院衛生*· \u200b\ufeff，。ab１", max_size=60))
def test_every_folded_letter_comes_from_its_own_place(text):
    folded = fold(text)
    places = [folded.origin(i) for i in range(len(folded.text))]
    assert places == sorted(set(places))
    assert all(0 <= p < len(text) for p in places)
    assert all(fold(text[p]).text in (letter, "") for p, letter in zip(places, folded.text))


def test_cut_keeps_every_letter_in_order():
    assert "".join(cut("云川市第一人民医院昨日开诊")) == "云川市第一人民医院昨日开诊"


def test_index_and_query_agree_whatever_the_script():
    index = cut_for_index("雲川市第一人民醫院（市一院）開展義診 CT检查").split()
    assert set(cut_for_query("人民医院").split()) <= set(index)
    assert set(cut_for_query("ct").split()) <= set(index)
    assert all(word == word.lower() for word in index)


def test_learned_words_are_not_cut_apart():
    assert "青禾云医通" not in cut("青禾云医通上线")
    learn(["青禾云医通"])
    assert "青禾云医通" in cut("青禾云医通上线")


def test_a_line_without_end_is_cut_in_pieces():
    assert sum(len(word) for word in cut("医" * 200_000)) == 200_000
