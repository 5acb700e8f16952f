"""The desk's cases shift the rules' score, within bounds, told in the reason, off when off."""

from pathlib import Path

import pytest

from analysis.learning import MAX_SHIFT, Case, Learned, read_case, train
from analysis.opinion import Judge
from analysis.rehearsal import regressions
from config.load import load_vocabulary
from model.opinion import Label

VOCABULARY = load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml")
PLAIN = Judge(VOCABULARY)
FALSE_ALARM = "市一院话剧《误诊》上演 医生护士登台", "话剧《误诊》讲述医院误诊引发家属质疑的故事，市一院医生护士登台表演，观众点评热烈。"


def cases():
    for n in range(12):
        yield Case(f"f{n}", FALSE_ALARM[0] + str(n), FALSE_ALARM[1], "P", "N", "是话剧，不是事件", "赵敏", "2026-11-21T09:00:00+08:00")
        yield Case(f"t{n}", f"市一院误诊致患者截肢 家属质疑{n}", "市一院误诊，患者被截肢，家属质疑医院，要求赔偿。", "N", "N")


def learned():
    return train((*PLAIN.example(c.title, c.text), c.label == "N") for c in cases())


def test_false_alarms_of_one_sort_stop_and_true_ones_go_on():
    judge = Judge(VOCABULARY, learned())
    assert PLAIN.judge(*FALSE_ALARM)[0].label is Label.NEGATIVE
    assert judge.judge(*FALSE_ALARM)[0].score < PLAIN.judge(*FALSE_ALARM)[0].score - 0.1
    assert judge.judge("市一院误诊致患者瘫痪", "市一院误诊，患者瘫痪，家属质疑医院，要求赔偿。")[0].label is Label.NEGATIVE


def test_the_shift_is_told_and_bounded():
    judge = Judge(VOCABULARY, learned())
    said, plain = judge.judge(*FALSE_ALARM)[0], PLAIN.judge(*FALSE_ALARM)[0]
    assert "值班员案例调整-" in said.reason and "话剧" in said.reason
    assert abs(said.score - plain.score) <= MAX_SHIFT + 0.001


def test_without_cases_the_rules_stand_alone():
    assert train([]) == Learned()
    assert Judge(VOCABULARY, Learned()).judge(*FALSE_ALARM) == PLAIN.judge(*FALSE_ALARM)


def test_one_click_alone_moves_little():
    model = train([(*PLAIN.example(*FALSE_ALARM), False)])
    assert abs(model.shift(PLAIN.example(*FALSE_ALARM)[0])[0]) < 0.02


def test_training_is_deterministic_and_the_weights_can_be_read_and_kept():
    model = learned()
    assert model == learned()
    assert Learned.from_json(model.to_json()) == model
    assert model.weights["词:话剧"] < 0


def test_a_case_is_one_line_and_comes_back_the_same():
    for case in cases():
        assert "\n" not in case.line()
        assert read_case(case.line()) == case


@pytest.mark.parametrize("line", ["[]", "{}", '{"id":"1","title":"","text":"","label":"Z","was":"N"}', '{"id":"1","title":"","text":"","label":"N","was":"N","extra":"x"}',
                                  '{"id":1,"title":"","text":"","label":"N","was":"N"}', "not json"])
def test_a_broken_case_is_refused(line):
    with pytest.raises(ValueError):
        read_case(line)


def test_the_cases_are_a_regression_set():
    wrong = regressions(PLAIN, list(cases()))
    assert {case.id[0] for case, _ in wrong} == {"f"}
