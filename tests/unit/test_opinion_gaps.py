"""The words that tell where a gapped pattern is worth trying never hide a match."""

import re
from pathlib import Path

import pytest

from analysis.gaps import anchors
from config.load import load_vocabulary

VOCABULARY = load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml")


@pytest.mark.parametrize("pattern, words", [
    ("拖欠.{0,8}(工资|绩效)", {"拖欠"}), ("(打|接种).{0,4}(完|了)?.{0,4}疫苗后", {"疫苗后"}), ("(医生|护士).{0,6}(被打|被砍)", {"被打", "被砍"}), ("停诊|关门", {"停诊", "关门"}),
    ("((停|罢)诊|关门)", {"停", "罢", "诊", "关门"}), ("停诊?.{0,3}投诉", {"投诉"}),
])
def test_anchors(pattern, words):
    assert anchors(pattern) == words


@pytest.mark.parametrize("text, pattern_word", [
    ("医院拖欠护士绩效", "拖欠"), ("孩子打完疫苗后突然高烧", "疫苗后"), ("救护车一个小时才到", "救护车"), ("患儿入院当晚死亡", "患儿"), ("医生当场被打", "被打"), ("家属对此不认可", "家属"),
    ("手术中突然昏迷", "手术"), ("婉拒患者红包", "红包"),
])
def test_every_shipped_pattern_that_matches_has_its_word_in_the_text(text, pattern_word):
    matching = [g.pattern for g in VOCABULARY.gaps if re.search(g.pattern, text)]
    assert any(pattern_word in pattern for pattern in matching)
    assert all(any(word in text for word in anchors(pattern)) for pattern in matching)
