"""The message of a ring: cut by bytes, never through a character, its link whole."""

from datetime import UTC, datetime

from analysis.masking import masked
from alerts.message import LIMITS, bundle, compose, cut, fitted, text_for
from model.alert import Incident, IncidentState, Level, Message

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)


def test_cutting_counts_bytes_and_keeps_characters_whole():
    assert cut("云川市", 9) == "云川市"
    assert cut("云川市卫健委", 11) == "云川…"
    assert len(cut("舆" * 5000, 2000).encode()) <= 2000


def test_the_link_survives_a_body_far_too_long():
    message = Message("k", "t", "情" * 10_000, "http://127.0.0.1:8420/incidents/7")
    for kind, limit in LIMITS.items():
        text = text_for(message, kind)
        assert text.endswith("\nhttp://127.0.0.1:8420/incidents/7") and len(text.encode()) <= limit


def test_a_ring_says_level_unit_what_where_how_many_and_why():
    incident = Incident(7, "患者家属质疑延误救治", Level.II, IncidentState.OPEN, NOW, NOW, NOW, ("h1",), 6, 9, (1,), reason="市一院：“……”（延误救治）")
    text = compose(incident, "传播达到5家媒体", {"h1": "市一院"}, "云川晚报", "http://x/incidents/7", "incident:7:3").body
    for part in ("Ⅱ级 重大", "传播达到5家媒体", "市一院", "患者家属质疑延误救治", "云川晚报", "6 家媒体 9 篇", "延误救治"):
        assert part in text


def test_no_patient_is_named_in_what_leaves_the_house():
    incident = Incident(7, "患者张建国的家属质疑延误救治", Level.II, IncidentState.OPEN, NOW, NOW, NOW, ("h1",), 6, 9, (1,),
                        reason="市一院：“死者张建国的女儿说，电话13812345678无人接听”（质疑）")
    made = compose(incident, "交办：请联系患者李小红，女，身份证360702198001011238", {"h1": "市一院"}, "云川晚报", "http://x/incidents/7", "k", masked)
    for hidden in ("张建国", "李小红", "13812345678", "198001011"):
        assert hidden not in made.title + made.body
    assert "张某某" in made.title and "李某某" in made.body and "138****5678" in made.body and made.link == "http://x/incidents/7"


def test_a_bundle_that_is_too_long_holds_no_half_link():
    held = [Message(f"k{n}", f"第{n}件" + "长" * n, "内容" * 30, f"http://desk.example/incidents/{1000 + n}", Level.IV) for n in range(40)]
    made = bundle(held, "bundle:1")
    for limit in range(300, 1400, 7):
        text = fitted(made, limit)
        lines = text.splitlines()
        assert len(text.encode()) <= limit and lines[-1] == "http://desk.example/incidents"
        assert all(line in {m.link for m in held} for line in lines[:-1] if line.startswith("h")), lines
