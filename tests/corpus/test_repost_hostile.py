"""Invented pairs that the judgement was not made for: floors that may rise and never sink."""

from collections import Counter

import pytest
from repost_pairs import pairs

from analysis.reposts import judge
from app.eval_reposts import as_text, in_set_words, scores


@pytest.fixture(scope="module")
def said() -> list[tuple[dict, str]]:
    return [(pair, in_set_words(judge(as_text(pair["a"]), as_text(pair["b"])))) for pair in pairs() if not pair["ambiguous"]]


def test_there_are_pairs_of_every_relation(said):
    count = Counter(pair["relation"] for pair, _ in said)
    assert sum(count.values()) >= 190 and min(count.values()) >= 8 and len(count) == 6


def test_reposts_are_known(said):
    got = scores([(pair["relation"], relation) for pair, relation in said])
    assert got["f1"] >= 0.99 and got["recall"] == 1.0


@pytest.mark.parametrize("how", ["bulletin", "other place", "updated", "list of another city", "same words, other names", "same hospital, other theme",
                                 "two paragraphs", "opening alone", "round-up", "one release", "told anew", "interview", "another story", "notices"])
def test_nothing_else_is_called_a_repost(said, how):
    rows = [(pair["id"], relation) for pair, relation in said if pair["how"] == how]
    assert rows and [r for r in rows if r[1] == "repost"] == []


def test_the_six_relations(said):
    wrong = [(pair["id"], pair["relation"], relation) for pair, relation in said if pair["relation"] != relation]
    assert len(wrong) <= 0.02 * len(said), wrong
