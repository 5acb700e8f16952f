"""Sources and links: taken by lease, never twice, never lost."""

from dataclasses import replace

import pytest

from model.outlet import Source, SourceKind
from model.source_state import Health, Link
from store_samples import NOW, fetched, later


def source(name: str = "s1", url: str = "http://a.example/") -> Source:
    return Source(name, "o1", SourceKind.LISTING, url)


def link(n: int, host: str = "a.example", **fields) -> Link:
    return Link(f"http://{host}/{n}", "o1", "s1", **fields)


def test_a_source_is_given_once_until_its_lease_ends(store):
    store.sync_sources([source()], NOW)
    assert [s.id for s in store.due_sources(NOW, 5, lease_s=300)] == ["s1"]
    assert store.due_sources(later(seconds=299), 5) == []
    assert [s.id for s in store.due_sources(later(seconds=300), 5)] == ["s1"]


def test_a_poll_saves_state_and_counts_only_links_never_seen(store):
    store.sync_sources([source()], NOW)
    state = replace(store.due_sources(NOW, 5)[0], health=Health.OK, etag='"x"', next_due=later(minutes=10), last_poll=NOW, last_ok=NOW)
    assert store.record_poll(state, [link(1), link(2), link(1)], NOW) == 2
    assert store.record_poll(state, [link(2), link(3)], later(minutes=10)) == 1
    kept = store.source_states()[0]
    assert (kept.health, kept.etag, kept.found, kept.last_new) == (Health.OK, '"x"', 3, later(minutes=10))
    assert kept.usual_gap_s == 600
    assert store.due_sources(later(minutes=9), 5) == []
    assert [s.id for s in store.due_sources(later(minutes=10), 5)] == ["s1"]


def test_the_rhythm_follows_what_comes(store):
    store.sync_sources([source()], NOW)
    state = store.source_states()[0]
    for hour in range(3):
        store.record_poll(state, [link(hour)], later(hours=hour))
    store.record_poll(state, [link(10), link(11)], later(hours=3))
    assert store.source_states()[0].usual_gap_s == pytest.approx(0.8 * 3600 + 0.2 * 1800)


def test_a_pause_is_kept(store):
    store.sync_sources([source()], NOW)
    store.record_poll(replace(store.source_states()[0], health=Health.PAUSED, paused_until=later(days=1), next_due=NOW), [], NOW)
    assert store.due_sources(later(hours=23), 5) == []
    assert len(store.due_sources(later(hours=25), 5)) == 1


def test_sources_follow_the_configuration(store):
    store.sync_sources([source("s1"), source("s2")], NOW)
    store.record_poll(replace(store.source_states()[0], etag="e", next_due=later(hours=1)), [link(1)], NOW)
    store.sync_sources([source("s1")], NOW)
    assert [(s.id, s.etag, s.found) for s in store.source_states()] == [("s1", "e", 1)]
    store.sync_sources([source("s1", "http://b.example/"), source("s2")], later(minutes=1))
    first, second = store.source_states()
    assert (first.etag, first.url, first.found) == ("", "http://b.example/", 1)   # another page: its ETag says nothing
    assert second.id == "s2"


def test_links_come_by_priority_then_age_and_not_of_busy_hosts(store):
    store.offer([link(1), link(2, "b.example"), link(3, priority=9)], NOW)
    assert [x.url[-1] for x in store.due_links(NOW, 1)] == ["3"]
    assert [x.url for x in store.due_links(NOW, 9, busy_hosts=["a.example"])] == ["http://b.example/2"]
    assert [x.url[-1] for x in store.due_links(NOW, 9)] == ["1"]
    assert store.link_counts() == {"waiting": 0, "leased": 3, "done": 0, "failed": 0}


def test_a_lease_that_ends_gives_the_link_again_with_its_tries(store):
    store.offer([link(1, hint={"title": "标题"})], NOW)
    assert store.due_links(NOW, 1, lease_s=60)[0].tries == 0
    again = store.due_links(later(seconds=60), 1)[0]
    assert (again.tries, again.hint) == (1, {"title": "标题"})


def test_a_failed_link_waits_or_is_given_up(store):
    store.offer([link(1), link(2)], NOW)
    store.due_links(NOW, 2)
    store.link_failed("http://a.example/1", "timeout", "30 s", later(minutes=5), NOW)
    store.link_failed("http://a.example/2", "http_404", "", None, NOW)
    assert store.link_counts() == {"waiting": 1, "leased": 0, "done": 0, "failed": 1}
    assert store.due_links(later(minutes=4), 5) == []
    assert [x.url[-1] for x in store.due_links(later(minutes=5), 5)] == ["1"]


def test_a_link_once_done_is_not_new_but_may_be_asked_for_late(store):
    store.offer([link(1)], NOW)
    store.enqueue([fetched("http://a.example/1")], NOW)
    assert store.link_counts()["done"] == 1
    assert store.offer([link(1)], NOW) == 0
    assert store.due_links(NOW, 5) == []
    store.offer([link(1, tries=1)], NOW)                       # a late retry
    assert len(store.due_links(NOW, 5)) == 1
    store.enqueue([fetched("http://a.example/1")], NOW)
    store.link_failed("http://a.example/1", "blocked", "验证页", later(hours=1), NOW)
    assert len(store.due_links(later(hours=1), 5)) == 1


def test_a_redirected_page_closes_the_link_it_was_asked_by(store):
    store.offer([link(1)], NOW)
    store.due_links(NOW, 1)
    store.enqueue([fetched("http://a.example/final", hint={"asked": "http://a.example/1"})], NOW)
    assert store.link_counts()["done"] == 1
