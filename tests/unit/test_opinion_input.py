"""Whatever comes in, a judgement comes out; what is hidden between letters is found all the same."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.opinion import Judge
from config.load import load_vocabulary
from model.opinion import Label
from model.vocabulary import Vocabulary

JUDGE = Judge(load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml"))
BAD = ("市一院误诊致患者死亡", "患者在市一院被误诊，家属质疑医院延误治疗，要求赔偿。")


@pytest.mark.parametrize("title, text", [
    ("", ""), (" ", "\n\n \n"), ("", "1234567890" * 1000), ("", "医院误诊家属质疑" * 25_000), ("误诊" * 5000, ""), ("", "​" * 1000), ("", "🏥💉" * 300),
    ("\x00\x01", "\ud7ff\ue000"), ("a" * 1000, "?!" * 5000), ("", "，" * 30_000),
])
def test_any_text_is_judged(title, text):
    said = JUDGE.judge(title, text)[0]
    assert 0.0 <= said.score <= 1.0
    assert said.label in Label


@pytest.mark.parametrize("spoil", [
    lambda t: "​".join(t), lambda t: t.replace("误诊", "误*诊").replace("医院", "医＊院"), lambda t: t.replace("医院", "醫院").replace("误诊", "誤診"),
    lambda t: t.replace("质疑", "质﻿疑"), lambda t: t.replace("市一院误诊", "市 一 院 误 诊"), lambda t: t.replace("误诊", "误~诊"),
])
def test_hidden_words_are_found(spoil):
    said = JUDGE.judge(spoil(BAD[0]), spoil(BAD[1]))[0]
    assert said.label is Label.NEGATIVE
    assert said.target


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="市一院医生患者死亡误诊被未不*​，。！\n“”:：0例", max_size=120), st.text(max_size=60))
def test_hits_always_lie_inside_the_text(title, text):
    for hit in JUDGE.judge(title, text)[0].hits:
        assert 0 <= hit.start < hit.end <= len(title) + 1 + len(text)


def test_an_empty_vocabulary_blames_nobody():
    assert Judge(Vocabulary()).judge(*BAD)[0].label is not Label.NEGATIVE
