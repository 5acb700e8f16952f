"""The labelled press pages: what is read of them may get better and never worse.

Floors are in extract_floors.json: shares right of 0..1, for `noise` the share let in, which is a ceiling.  A floor may rise, never sink.
"""

import json
import os
from pathlib import Path

import pytest

from app.eval_extract import MEASURES, run
from model.errors import Decision
from pipelines.archive_pages import iterate
from pipelines.extract import read

SHARED = Path(os.environ.get("JIANBAO_SHARED") or Path(__file__).resolve().parents[2] / "../shared") / "press"
FLOORS = json.loads((Path(__file__).parent / "extract_floors.json").read_text())
absent = pytest.mark.skipif(not SHARED.exists(), reason=f"the shared press pages are not at {SHARED} (set JIANBAO_SHARED)")


@pytest.fixture(scope="module")
def scores() -> dict:
    return run(SHARED / "labelled.warc.gz", SHARED / "labels.jsonl", compare=False)


@absent
@pytest.mark.parametrize("measure", MEASURES)
def test_floor(scores, measure):
    if measure == "noise":
        assert scores[measure] <= FLOORS[measure], scores["wrong"]
    else:
        assert scores[measure] >= FLOORS[measure], [w for w in scores["wrong"] if w[0] == measure]


@absent
def test_every_labelled_page_is_an_article(scores):
    assert scores["decisions"] == {} and scores["pages"] == 41


@absent
def test_every_unlabelled_page_ends_in_an_article_or_a_decision():
    articles, decisions = 0, []
    for page in iterate([SHARED / "unlabelled.warc.gz"]):
        try:
            article = read(page)
        except Decision as decision:
            decisions.append((page.url, decision.status.value))
        else:
            articles += 1
            assert article.title and (article.text or article.images or article.cover), page.url
    assert articles + len(decisions) == 128
    lists = {url for url, status in decisions if status == "not_article"}
    assert {url for url in lists if "/RawHtml/" in url or "doc-" in url} == set(), "an article was taken for a list"
    assert len(decisions) <= 12


def test_floors_name_every_measure():
    assert set(FLOORS) == set(MEASURES)
