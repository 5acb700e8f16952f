"""The labelled passages: precision and recall of mentions may rise and never sink."""

from analysis.mentions import Names
from passages import TRAPS, UNITS, found, passages


def test_mentions_are_precise_and_complete():
    names = Names(UNITS, TRAPS)
    right = said = true = open_right = open_true = 0
    wrong = []
    for passage in passages():
        sure = {(m.start, m.end, m.unit_id) for m in found(names, passage) if m.certain}
        left = {(m.start, m.end) for m in found(names, passage) if not m.certain}
        expected = {tuple(e) for e in passage.expected if e.unit}
        unsure = {(e.start, e.end) for e in passage.expected if not e.unit}
        right += len(sure & expected)
        said += len(sure)
        true += len(expected)
        open_right += len(left & unsure)
        open_true += len(unsure)
        if sure != expected or not unsure <= left:
            wrong.append((passage.id, passage.title + passage.text, sorted(sure ^ expected), sorted(unsure - left)))
    precision, recall = right / said, right / true
    print(f"{len(passages())} passages, {true} mentions: precision {precision:.4f}, recall {recall:.4f}, left open {open_right}/{open_true}")
    for line in wrong:
        print(*line)
    assert len(passages()) >= 150
    assert precision >= 0.98
    assert recall >= 0.95
    assert open_right == open_true
