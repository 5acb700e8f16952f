"""In what two copies differ, as marked spans of their printed texts."""

from hypothesis import given, settings, strategies as st
from press_texts import CLINIC, CLINIC_TITLE

from analysis.differences import align, differences

LINES = CLINIC.split("\n")


def shown(text, spans, kind):
    return [text[s.start:s.end] for s in spans if s.kind == kind]


def test_equal_texts():
    told = differences(CLINIC_TITLE, CLINIC, CLINIC_TITLE, CLINIC)
    assert told.summary == "文字相同" and {s.kind for s in told.a} == {"same", "aside"}


def test_what_was_cut_added_changed_and_moved():
    other = "\n".join((LINES[0], LINES[2].replace("3128", "3129"), LINES[1], "编者再加一句自己的话放在末尾处。"))
    told = differences(CLINIC_TITLE, CLINIC, "体检车进山村", other)
    assert [(CLINIC[s.start:s.end], s.other) for s in told.a if s.kind == "changed"] == [("3128", "3129")]
    assert [(other[s.start:s.end], s.other) for s in told.b if s.kind == "changed"] == [("3129", "3128")]
    assert shown(CLINIC, told.a, "only") == [LINES[3].rstrip("。")]
    assert shown(other, told.b, "only") == ["编者再加一句自己的话放在末尾处"]
    assert any("倒两趟车" in moved for moved in shown(CLINIC, told.a, "moved"))
    assert told.summary.startswith("标题不同，删去") and "改动1处" in told.summary and "调换位置1段" in told.summary


def test_datelines_and_credits_are_set_aside():
    other = "据《云川日报》报道 " + CLINIC + "\n（责任编辑：赵六）"
    told = differences(CLINIC_TITLE, CLINIC, CLINIC_TITLE, other)
    assert told.summary == "文字相同"
    assert "责任编辑" in "".join(shown(other, told.b, "aside"))


def test_a_repetitive_text_stays_quick_and_whole():
    blocks = align("疫情防控" * 5000, "疫情防控" * 5000)
    assert sum(x.length for x in blocks) == 20_000


@settings(max_examples=120, deadline=None)
@given(st.text(alphabet="医院病人1２3。，\n（）a ", max_size=120), st.text(alphabet="医院病人1２3。，\n（）a ", max_size=120))
def test_spans_cover_each_text_without_holes_or_overlaps(a, b):
    told = differences("甲", a, "乙", b)
    for text, spans in ((a, told.a), (b, told.b)):
        assert "".join(text[s.start:s.end] for s in spans) == text
        assert [s.start for s in spans[1:]] == [s.end for s in spans[:-1]]


@settings(max_examples=120, deadline=None)
@given(st.text(alphabet="医院病人12", max_size=80), st.text(alphabet="医院病人12", max_size=80))
def test_blocks_are_equal_text_and_share_no_character(a, b):
    seen_a, seen_b = set(), set()
    for x in align(a, b, 3):
        assert x.length >= 3 and a[x.i:x.i + x.length] == b[x.j:x.j + x.length]
        mine, theirs = set(range(x.i, x.i + x.length)), set(range(x.j, x.j + x.length))
        assert not mine & seen_a and not theirs & seen_b
        seen_a |= mine
        seen_b |= theirs
