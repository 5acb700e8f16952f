"""What is done is never edited: the log of what was sent is append-only; signed hand-overs and answered swaps stay as they are; no case is taken out."""

from __future__ import annotations

from pipelines.store.append_only import append_only, fixed

revision = "0010"
down_revision = "0007"


def upgrade() -> None:
    append_only("sent")
    fixed("handover", "OLD.taken_by <> ''")
    fixed("swap", "OLD.state <> 'asked'")
    fixed("incident")
    fixed("case_clock")
