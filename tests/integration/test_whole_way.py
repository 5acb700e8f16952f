"""The whole way: the sample press is crawled over HTTP, worked through, and held against its own truth."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from app.digest import write
from app.house import House
from app.outbox import Hands
from app.work import drain
from config.init import make
from config.sample.press import Press
from config.sample.truth import load as truth
from model.search import Query
from pipelines.urls import canonical

ROOT = Path(__file__).resolve().parents[2]


def edit(path: Path, **replacements: str) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def crawl_once(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "app.cli", "crawl", str(folder), "--once"], cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def way(tmp_path_factory):
    """The sample bureau after one whole crawl: its house, the press as it was, and what is true of it."""
    folder = tmp_path_factory.mktemp("way") / "bureau"
    make(folder, sample=True)
    with Press() as press:
        press.publish_all()
        edit(folder / "settings.yaml", **{"http://127.0.0.1:8421": press.proxy})
        crawl_once(folder)
        house = House(folder, "test")
        drain(house)
        crawl_once(folder)       # continued pages and what was to be tried again
        drain(house)
        Hands(house).drain()
        yield house, press, [replace(e, url=canonical(e.url), first=canonical(e.first) if e.first else "") for e in truth(press.now)]
    house.close()


@pytest.fixture(scope="module")
def kept(way):
    """canonical address → clipping, of all that was clipped"""
    house, _, _ = way
    now = house.clock.now()
    brief = house.store.clippings_between(now - timedelta(days=400), now + timedelta(days=2))
    return {c.article.canonical: c for c in (house.store.clipping(b.id) for b in brief)}


def rates(said: set, right: set) -> tuple[float, float]:
    """(precision, recall); 1 where nothing is claimed or nothing is to be found"""
    both = len(said & right)
    return both / len(said) if said else 1.0, both / len(right) if right else 1.0


def show(capsys, what: str, precision: float, recall: float, said: set = frozenset(), right: set = frozenset()) -> None:
    with capsys.disabled():
        print(f"\n  {what}: precision {precision:.3f}, recall {recall:.3f}", end="")
        for name, wrong in (("too many", said - right), ("missed", right - said)):
            for item in sorted(wrong, key=str)[:8]:
                print(f"\n    {name}: {item}", end="")


def test_every_page_of_the_press_ends_with_one_counted_status(way, capsys):
    house, press, expected = way
    counts = house.store.page_counts()
    assert counts["queued"] == counts["leased"] == 0
    fetched = {canonical(url) for url in press.seen}
    missing = [e.url for e in expected if e.url not in fetched]
    with capsys.disabled():
        print(f"\n  pages: { {k: v for k, v in counts.items() if v} }", end="")
    assert not missing
    assert counts["quarantined"] == 0


def test_mentions_of_units(way, kept, capsys):
    _, _, expected = way
    right = {(e.url, u) for e in expected if e.status == "clipped" for u in e.units}
    said = {(url, u) for url, c in kept.items() for u in c.unit_ids}
    precision, recall = rates(said, right)
    show(capsys, "units named", precision, recall, said, right)
    assert precision >= .97 and recall >= .95


def test_titles_times_and_outlets(way, kept, capsys):
    _, _, expected = way
    clipped = [e for e in expected if e.url in kept]
    wrong = [(e.url, e.title, kept[e.url].article.title) for e in clipped if kept[e.url].article.title != e.title]
    times = [(e.url, e.published, kept[e.url].article.published) for e in clipped
             if not kept[e.url].article.published or kept[e.url].article.published.astimezone(e.published.tzinfo) != e.published]
    outlets = [(e.url, e.outlet, kept[e.url].outlet_id) for e in clipped if kept[e.url].outlet_id != e.outlet]
    with capsys.disabled():
        print(f"\n  of {len(clipped)} clippings: {len(wrong)} titles, {len(times)} times, {len(outlets)} outlets differ", end="")
        for item in [*wrong[:4], *times[:4], *outlets[:4]]:
            print(f"\n    {item}", end="")
    assert len(wrong) <= .03 * len(clipped) and len(times) <= .03 * len(clipped) and not outlets


def pairs(groups: dict) -> set:
    return {tuple(sorted(p)) for members in groups.values() for p in combinations(members, 2)}


def test_reposts_are_one_story_and_bulletins_are_not(way, kept, capsys):
    _, _, expected = way
    right, said = defaultdict(list), defaultdict(list)
    for e in expected:
        if e.url in kept:
            right[e.story or e.url].append(e.url)
            said[kept[e.url].story.id].append(e.url)
    precision, recall = rates(pairs(said), pairs(right))
    show(capsys, "repost pairs", precision, recall, pairs(said), pairs(right))
    assert precision >= .97 and recall >= .9


def test_first_publications(way, kept, capsys):
    _, _, expected = way
    by_id = {c.id: url for url, c in kept.items()}
    chains = [e for e in expected if e.url in kept and e.story and e.first == e.url]
    right = {e.url for e in chains}
    said = {by_id.get(kept[e.url].story.first.article_id, "") for e in chains}
    precision, recall = rates(said, right)
    show(capsys, "first publications", precision, recall, said, right)
    assert recall >= .9


def test_opinion_about_units(way, kept, capsys):
    _, _, expected = way
    right = {(e.url, u) for e in expected if e.url in kept for u, label in e.opinion.items() if label == "N"}
    said = {(url, j.unit_id) for url, c in kept.items() for j in c.judgements if j.unit_id and j.label == "N"}
    precision, recall = rates(said, right)
    show(capsys, "negative about a unit", precision, recall, said, right)
    assert precision >= .85 and recall >= .85


def test_one_event_is_one_incident(way, kept, capsys):
    house, _, expected = way
    incidents = house.store.incidents(limit=1000)
    of = {c.id: url for url, c in kept.items()}
    story_urls = defaultdict(set)
    for c in kept.values():
        story_urls[c.story.id].add(c.article.canonical)
    groups = {i.id: set().union(*(story_urls[s] for s in i.stories)) for i in incidents}
    event_of = {e.url: e.event for e in expected}
    events = {e.event for e in expected if e.event}
    found = {event_of.get(url, "") for urls in groups.values() for url in urls} - {""}
    split = {event: n for event in events if (n := sum(any(event_of.get(u) == event for u in urls) for urls in groups.values())) > 1}
    false = [i.title for i in incidents if not any(event_of.get(u) for u in groups[i.id])]
    mixed = [i.title for i in incidents if len({event_of.get(u) for u in groups[i.id]} - {"", None}) > 1]
    with capsys.disabled():
        print(f"\n  {len(events)} events, {len(incidents)} incidents; missed {sorted(events - found)}, split {split}, false {false}, mixed {mixed}", end="")
    assert len(events - found) <= .1 * len(events) and not mixed and len(false) <= 1 and len(split) <= 1
    assert of and all(i.level_reason and i.reason for i in incidents)


def test_credits_stand_once_and_for_first_publications_only(way, kept):
    house, _, _ = way
    rows = house.store.ledger(limit=5000)
    assert rows
    net = defaultdict(int)
    for row in rows:
        net[row.unit_id, row.story_id] += 1 if not row.corrects else -1
    assert set(net.values()) <= {0, 1}
    firsts = {c.id for c in kept.values() if c.is_first}
    countered = {r.corrects for r in rows if r.corrects}
    assert all(r.article_id in firsts for r in rows if not r.corrects and r.id not in countered)


def test_search_finds_two_character_words_and_filters_by_unit(way, kept):
    house, _, expected = way
    hits = house.store.search(Query("疫苗", per_page=200))
    right = {c.id for c in kept.values() if "疫苗" in c.article.title + c.article.text}
    assert set(hits.ids) <= right and len(hits.ids) >= .8 * len(right) > 0
    unit = next(u for e in expected for u in e.units)
    assert all(unit in c.unit_ids for c in house.store.clippings(house.store.search(Query(units=(unit,))).ids))


def test_the_digest_opens_and_its_parts_add_up(way, tmp_path):
    house, _, _ = way
    docx, xlsx = write(house, tmp_path)
    text = "\n".join(p.text for p in Document(docx).paragraphs)
    assert "剪报周报" in text and house.bureau().office in text
    assert load_workbook(xlsx).sheetnames


def test_running_again_alerts_and_credits_nothing_twice(way):
    from model.page import FINAL
    house, _, _ = way
    before = ({i.id: (i.level, i.articles, i.stories) for i in house.store.incidents(limit=1000)}, len(house.store.ledger(limit=5000)),
              house.store.last_event_id(), len(house.store.search(Query(per_page=1000)).ids))
    house.store.requeue(None, FINAL, house.clock.now())
    drain(house)
    Hands(house).drain()
    after = ({i.id: (i.level, i.articles, i.stories) for i in house.store.incidents(limit=1000)}, len(house.store.ledger(limit=5000)),
             house.store.last_event_id(), len(house.store.search(Query(per_page=1000)).ids))
    assert before == after
