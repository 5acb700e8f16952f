"""The bureau's words and rules edited as the page asks: in the bureau's own file, with who and when, comments kept."""

import shutil
from pathlib import Path

import pytest

from config.edit import save, text_of, versions
from config.load import load_bureau, problems, read_bureau
from config.words_edit import own_words, written
from model.errors import ConfigError
from model.rehearsal import WordChange

SAMPLE = Path(__file__).resolve().parents[2] / "config" / "sample" / "bureau"
BY = "赵敏 2026-11-21"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "b")
    return tmp_path / "b"


def after(folder, **change):
    text = written(folder, WordChange(**change), load_bureau(folder).vocabulary, BY)
    assert not [p for p in save(folder, "words.yaml", text) if not p.warning]
    return load_bureau(folder).vocabulary, text


def topic(vocabulary, id):
    return next(t for t in vocabulary.topics if t.id == id)


def test_a_word_is_added_with_who_and_when_and_the_comments_stay(folder):
    comment = "# the commission's WeChat account"
    assert comment in text_of(folder, "words.yaml")
    vocabulary, text = after(folder, place="T04.strong", added=("甩脸子",))
    assert "甩脸子" in topic(vocabulary, "T04").strong
    assert vocabulary.provenance["T04.strong:甩脸子"] == BY
    assert comment in text and versions(folder, "words.yaml")
    assert ("T04.strong", "甩脸子") in own_words(folder)


def test_a_shipped_word_is_taken_out_and_comes_back(folder):
    vocabulary, text = after(folder, place="T02.strong", removed=("误诊",))
    assert "误诊" not in topic(vocabulary, "T02").strong and "-误诊" in text and "去掉" in vocabulary.provenance["T02.strong:-误诊"]
    vocabulary, text = after(folder, place="T02.strong", added=("误诊",))
    assert "误诊" in topic(vocabulary, "T02").strong and "- -误诊" not in text


def test_a_word_is_replaced_and_an_own_one_removed(folder):
    vocabulary, _ = after(folder, place="T17.strong", removed=("健康云川被盗号",), added=("健康云川账号被盗",))
    assert "健康云川账号被盗" in topic(vocabulary, "T17").strong and "健康云川被盗号" not in topic(vocabulary, "T17").strong
    vocabulary, _ = after(folder, place="frames", added=("吹哨",))
    vocabulary, text = after(folder, place="frames", removed=("吹哨",))
    assert "吹哨" not in vocabulary.frames and "- 吹哨" not in text


@pytest.mark.parametrize("change, said", [
    (dict(place="T99.strong", added=("甲",)), "没有“T99.strong”这一处"), (dict(place="T04.strong"), "没有写词"),
    (dict(place="T04.strong", removed=("没有的词",)), "本来就不在"), (dict(place="T02.strong", added=("误诊",)), "已经在这里"),
    (dict(place="T02.strong", added=("-误诊",)), "写法不对"), (dict(rule_was="没有"), "没有名为"),
])
def test_what_cannot_be_done_is_told(folder, change, said):
    with pytest.raises(ConfigError, match=said):
        written(folder, WordChange(**change), load_bureau(folder).vocabulary, BY)


def test_a_rule_is_written_changed_and_removed(folder):
    fields = {"name": "停诊风波", "when": "停诊 +市一院 !检修 #医患纠纷", "topic": "T01", "severity": "2", "effect": "negative"}
    vocabulary, text = after(folder, rule=fields)
    rule, = vocabulary.rules
    assert (rule.words, rule.must, rule.never, rule.topics, rule.severity, rule.by) == (("停诊",), ("市一院",), ("检修",), ("T01",), 2, BY)
    assert "when: '停诊 +市一院 !检修 #医患纠纷'" in text
    vocabulary, _ = after(folder, rule={**fields, "when": "停诊 关门"}, rule_was="停诊风波")
    assert [r.words for r in vocabulary.rules] == [("停诊", "关门")]
    assert not after(folder, rule_was="停诊风波")[0].rules


@pytest.mark.parametrize("written_so, said", [
    ("{name: 甲, when: 停诊}", "没有加引号"), ("{name: 甲, when: '/(停+)+诊/'}", "可能很慢"), ("{name: 甲, when: '停诊 #没有'}", "没有名为“没有”的主题"),
    ("{name: 甲, when: '/([/'}", "正则写错了"), ("{name: 甲, when: '停诊', topic: T99}", "没有名为“T99”的主题"), ("{name: 甲, when: '停诊', effect: 报警}", "不能是"),
    ("{name: 甲, when: '停诊', kind: 泄露}", "不能是"), ("{when: '停诊'}", "缺少“name”"), ("{name: 甲, when: '停诊', severity: 9}", "超出范围"),
    ("{name: 甲, when: '" + " ".join(f"/{a}.{{0,40}}诊.{{0,40}}停/" for a in "停关闭歇休散撤空冷拒躲推拖") + "'}", "合起来可能很慢"),
])
def test_a_bad_rule_is_refused_with_file_line_and_reason(folder, written_so, said):
    text = text_of(folder, "words.yaml") + f"rules:\n  - {written_so}\n"
    faults = [p for p in read_bureau(folder, {"words.yaml": text})[1] if not p.warning]
    assert [(p.file, p.line) for p in faults] == [("words.yaml", text.count("\n"))] and said in faults[0].message


def test_the_commented_rules_of_the_template_hold_when_uncommented(folder):
    template = (SAMPLE.parents[1] / "template" / "words.yaml").read_text(encoding="utf-8")
    text = "\n".join(line.removeprefix("# ") for line in template.split("# rules:")[1].split("\n"))
    bureau, problems = read_bureau(folder, {"words.yaml": "rules:" + text})
    assert not [p for p in problems if not p.warning] and bureau.vocabulary.rules[0].name == "停诊风波"


def test_the_check_of_the_folder_tells_a_broken_case(folder):
    (folder / "cases.jsonl").write_text("\n{}\n", encoding="utf-8")
    told = [p for p in problems(folder) if p.file == "cases.jsonl"]
    assert [(p.line, p.warning) for p in told] == [(2, True)] and "案例" in told[0].message
