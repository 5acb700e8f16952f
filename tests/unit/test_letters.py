"""What the letters say: bounded, told, heard beside the words, and switched off by an empty model."""

from pathlib import Path

import pytest

from analysis.letters import BODY, LABELS, Letters, letters, pieces, read, shipped
from analysis.opinion import Judge
from config.load import load_vocabulary
from model.opinion import Label

VOCABULARY = load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml")
COMPLAINT = ("孩子高烧四十度，急诊让我们再等等", "昨夜两点，市民何女士抱着孩子赶到南江市儿童医院，分诊台让她去二楼，二楼说没有号，护士头也不抬。等到天亮，"
             "孩子已经抽搐。何女士说，她问了五个人，没有一个人告诉她该去哪里。医院宣传科对此不愿多说，只称正在了解情况。")


def test_pieces_are_letters_and_pairs_with_every_number_as_one():
    one, two = pieces("新增12例，共345例")
    assert one == set("新增0例，共") and two == {"新增", "增0", "0例", "例，", "，共", "共0"}


def test_only_the_opening_is_read_and_length_does_not_count():
    assert letters("题", "医院" * BODY) == letters("题", "医院" * BODY * 50)
    assert sum(v * v for v in letters("", "市民反映医院收费").values()) == pytest.approx(sum(v * v for v in letters("", "患者投诉护士态度恶劣推诿扯皮").values()), rel=0.01)


def test_a_wording_no_list_holds_is_heard():
    heard, words_only = Judge(VOCABULARY).judge(*COMPLAINT)[0], Judge(VOCABULARY, letters=Letters({})).judge(*COMPLAINT)[0]
    assert heard.label is Label.NEGATIVE and "行文判负面" in heard.reason
    assert "行文" not in words_only.reason and heard.score > words_only.score


def test_chances_are_chances_and_say_how_much_was_read():
    said = shipped().say("", "", {}, 0.0, 0.0)
    assert sum(said.chances) == pytest.approx(1.0) and len(said.chances) == len(LABELS) and said.weight == 0.0
    assert shipped().say("市卫健委召开全市卫生健康工作会议", "会议传达学习了上级精神，总结了去年工作，对今年重点任务作出安排部署，各县区分管负责同志参加会议。", {}, 0.0, 0.0).chances[0] < 0.4


def test_the_table_reads_as_it_is_written():
    model = read(["## 注\n", "医院\t1000\t-500\t0\t0\t1000\t0\t0\t0\n"])
    assert list(model.rows()) == [("医院", [1.0, -0.5, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0])]
    with pytest.raises(ValueError):
        read(["医院\t一\n"])
