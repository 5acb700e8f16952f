"""One automaton: overlapping finds, several tags a term, folded script."""

from analysis.terms import Terms, longest


def test_overlapping_terms_are_all_found_longest_first():
    terms = Terms([("医疗纠纷", "strong"), ("医疗纠纷人民调解", "masked"), ("纠纷", "weak")])
    found = terms.find("市医疗纠纷人民调解委员会")
    assert [f.term for f in found] == ["医疗纠纷人民调解", "医疗纠纷", "纠纷"]
    assert [f.term for f in longest(found)] == ["医疗纠纷人民调解"]


def test_a_term_carries_all_its_tags_once():
    terms = Terms([("违规", "a"), ("違規", "b"), ("违规", "a")])
    assert len(terms) == 1
    assert terms.find("违规")[0].tags == ("a", "b")


def test_nothing_to_find():
    assert Terms([]).find("医院") == []
    assert Terms([("", "a"), (" ", "b")]).find("医院") == []


def test_offsets_are_characters():
    found = Terms([("误诊", "")]).find("A𠮷市误诊")
    assert [(f.start, f.end) for f in found] == [(3, 5)]
