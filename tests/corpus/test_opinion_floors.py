"""The judge on labelled items: figures that may rise and never sink.

`opinion.jsonl` beside this file is the project's own writing; the shared set is press text and is read where it lies.
"""

import os
from pathlib import Path

import pytest

from app.eval_opinion import run

HERE = Path(__file__).resolve()
SHARED = Path(os.environ.get("JIANBAO_SHARED", HERE.parents[2] / "../shared")) / "corpus" / "opinion.jsonl"


def test_own_items(tmp_path):
    figures = run(HERE.parent / "opinion.jsonl", tmp_path / "raw.jsonl")
    assert figures["n_f1"] >= 0.93
    assert figures["trap_alarms"] <= 0.03
    assert figures["target_right"] >= 0.80
    assert figures["r_f1"] >= 0.76
    assert len((tmp_path / "raw.jsonl").read_text(encoding="utf-8").splitlines()) == figures["items"] >= 450


@pytest.mark.skipif(not SHARED.exists(), reason="the shared labelled items are not here (set JIANBAO_SHARED)")
def test_shared_items():
    figures = run(SHARED)
    assert figures["n_f1"] >= 0.95
    assert figures["n_f1_cross_validated"] >= 0.90
    assert figures["trap_alarms"] <= 0.03
    assert figures["target_same_body"] >= 0.85
    assert figures["r_f1"] >= 0.75
