"""The record of the duty room is never edited away, on either engine: not by us, not by somebody with a hand on the database."""

from datetime import timedelta

import pytest
from model.alert import CaseClock, Incident, IncidentState, Level
from model.duty import HandOver, Swap, SwapState, WatchNote, ZeroReport
from sqlalchemy import text
from store_samples import NOW

INCIDENT = Incident(0, "事件", Level.IV, IncidentState.OPEN, NOW, NOW, NOW, ("yy",), 1, 1, ())


@pytest.fixture
def kept(store):
    """A row in each table; the hand-over is signed by both, the swap answered."""
    with store.write() as w:
        number = w.new_incident(INCIDENT)
        w.log(number, "甲", "signed", "签收", NOW)
        w.start_clock(CaseClock(0, number, "answer", "舆情回应", NOW, NOW + timedelta(hours=48), "answered"))
        w.log_duty("甲", "note", "来电", NOW)
        w.add_zero_report(ZeroReport("2026-11-15", NOW, "甲", 0))
        w.add_watch_note(WatchNote("yz", "day", "2026-11-15", NOW, "未见报道"))
        w.save_handover(HandOver(0, 0, NOW, NOW, "一、", (), "", "甲", NOW, "乙", NOW))
        w.save_swap(Swap(0, 1, "甲", "乙", 0, "家事", NOW, SwapState.AGREED, NOW))
    store.record_sent("duty", "incident:1:1", True, "已送达", NOW)
    return store


CHANGES = {"incident_event": "text = 'x'", "duty_event": "text = 'x'", "zero_report": "text = 'x'", "watch_note": "text = 'x'", "sent": "detail = 'x'",
           "handover": "text = 'x'", "swap": "reason = 'x'"}


def tried(store, statement: str) -> str:
    with pytest.raises(Exception) as refused, store.db.write() as conn:
        conn.execute(text(statement))
    return str(refused.value)


def test_what_is_written_down_is_neither_changed_nor_taken_out(kept):
    for table, change in CHANGES.items():
        assert "只能追加" in tried(kept, f"UPDATE {table} SET {change}"), table
    for table in (*CHANGES, "case_clock"):
        assert "只能追加" in tried(kept, f"DELETE FROM {table}"), table
    with kept.db.read() as conn:
        assert all(conn.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1 for table in (*CHANGES, "case_clock", "incident"))


def test_what_waits_for_a_second_signature_can_still_be_signed(kept):
    with kept.write() as w:
        note = w.save_handover(HandOver(0, 0, NOW, NOW, "一、", (), "", "甲", NOW))
        w.save_handover(HandOver(note, 0, NOW, NOW, "一、", (), "补充", "甲", NOW, "乙", NOW))
        asked = w.save_swap(Swap(0, 1, "甲", "乙", 0, "家事", NOW))
        w.save_swap(Swap(asked, 1, "甲", "乙", 0, "家事", NOW, SwapState.REFUSED, NOW, "有事"))
    assert kept.handover(note).taken_by == "乙" and kept.swaps()[0].state is SwapState.REFUSED
