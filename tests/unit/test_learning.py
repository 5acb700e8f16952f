"""The desk's cases shift the rules' score, within bounds, told in the reason, off when off."""

from pathlib import Path

import pytest

from analysis.learning import MAX_SHIFT, Learned, train
from analysis.opinion import Judge
from analysis.rehearsal import label_of
from config.cases import append_cases, line_of, read_case, read_cases
from config.load import load_vocabulary
from model.lesson import Lesson, standing
from model.opinion import Label

VOCABULARY = load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml")
PLAIN = Judge(VOCABULARY)
FALSE_ALARM = "市一院话剧《误诊》上演 医生护士登台", "话剧《误诊》讲述医院误诊引发家属质疑的故事，市一院医生护士登台表演，观众点评热烈。"


def cases():
    for n in range(12):
        yield Lesson(f"f{n}", FALSE_ALARM[0] + str(n), FALSE_ALARM[1], "P", "N", "是话剧，不是事件", "赵敏", "2026-11-21T09:00:00+08:00")
        yield Lesson(f"t{n}", f"市一院误诊致患者截肢 家属质疑{n}", "市一院误诊，患者被截肢，家属质疑医院，要求赔偿。", "N", "N")


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
    assert "经验修正−" in said.reason and "话剧" in said.reason
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
        assert "\n" not in line_of(case)
        assert read_case(line_of(case)) == case


@pytest.mark.parametrize("line", ["[]", "{}", '{"id":"1","title":"","text":"","label":"Z","was":"N"}', '{"id":"1","title":"","text":"","label":"N","was":"N","extra":"x"}',
                                  '{"id":1,"title":"","text":"","label":"N","was":"N"}', "not json"])
def test_a_broken_case_is_refused(line):
    with pytest.raises(ValueError):
        read_case(line)


def test_the_cases_are_a_regression_set():
    assert {case.id[0] for case in cases() if label_of(PLAIN, case) != case.label} == {"f"}


def test_cases_are_added_to_the_file_and_a_broken_line_is_told_and_passed_over(tmp_path):
    told = list(cases())
    append_cases(tmp_path, told[:3])
    with open(tmp_path / "cases.jsonl", "a", encoding="utf-8") as file:
        file.write('{"id": "half')                       # as a crash leaves it
    append_cases(tmp_path, told[3:5])
    held, problems = read_cases(tmp_path)
    assert held == told[:5]
    assert [(p.file, p.line, p.warning) for p in problems] == [("cases.jsonl", 4, True)]


def test_the_last_word_about_an_article_stands():
    first, second, *_ = cases()
    again = Lesson(first.id, first.title, first.text, "N", "P", "再看确是事件")
    assert standing([first, second, again]) == [second, again]


def test_every_judgement_of_a_trained_judge_tells_the_shift():
    judge = Judge(VOCABULARY, learned())
    for title, text in (FALSE_ALARM, ("市一院开展义诊", "医生为居民量血压。")):
        assert all("经验修正" in j.reason for j in judge.judge(title, text))
