"""The queue of pages: leases, order, one final status, running again."""

import pytest

from model.page import PageStatus
from store_samples import NOW, fetched, later


def finish(store, page_id, status=PageStatus.UNMATCHED, reason="", now=NOW):
    with store.write() as w:
        w.finish_page(page_id, status, reason, now)


def test_a_page_comes_out_as_it_went_in(store):
    page, ref = fetched("http://a.example/1", status=203, headers={"content-type": "text/html; charset=gb2312"}, outlet_id="o",
                        source_id="s",
                        hint={"title": "标题"})
    [page_id] = store.enqueue([(page, ref)], NOW)
    [got] = store.take_pages("w1", 5, NOW)
    assert (got.id, got.url, got.fetched_at, got.status, got.headers, got.hint) == (page_id, page.url, NOW, 203, page.headers,
                                                                                    {"title": "标题"})
    assert (got.outlet_id, got.source_id, got.ref, got.tries) == ("o", "s", ref, 0)


def test_oldest_first_but_priority_before(store):
    ids = store.enqueue([fetched("http://a/1"), fetched("http://a/2", hint={"priority": "5"}),
                         fetched("http://a/3", hint={"priority": "x"})], NOW)
    assert [p.id for p in store.take_pages("w", 2, NOW)] == [ids[1], ids[0]]
    assert [p.id for p in store.take_pages("w", 2, NOW)] == [ids[2]]


def test_the_same_page_twice_is_two_rows(store):
    assert len(set(store.enqueue([fetched("http://a/1"), fetched("http://a/1")], NOW))) == 2
    assert store.page_counts()["queued"] == 2


def test_what_a_dead_worker_held_is_given_again(store):
    store.enqueue([fetched("http://a/1")], NOW)
    assert len(store.take_pages("w1", 1, NOW, lease_s=120)) == 1
    assert store.take_pages("w2", 1, later(seconds=119)) == []
    assert [p.tries for p in store.take_pages("w2", 1, later(seconds=120))] == [1]


def test_every_page_has_one_status_and_all_are_counted(store):
    ids = store.enqueue([fetched(f"http://a/{n}") for n in range(len(PageStatus))], NOW)
    store.take_pages("w", len(ids) - 1, NOW)
    for page_id, status in zip(ids, [s for s in PageStatus if s.value not in ("queued", "leased")]):
        finish(store, page_id, status)
    counts = store.page_counts()
    assert set(counts) == {s.value for s in PageStatus}
    assert set(counts.values()) == {1}
    assert sum(store.page_counts(since=later(seconds=1)).values()) == 0


def test_a_page_cannot_end_as_waiting(store):
    [page_id] = store.enqueue([fetched("http://a/1")], NOW)
    with pytest.raises(ValueError):
        finish(store, page_id, PageStatus.LEASED)


def test_a_finished_page_is_never_given_again(store):
    ids = store.enqueue([fetched("http://a/1")], NOW)
    store.take_pages("w", 1, NOW, lease_s=1)
    finish(store, ids[0])
    assert store.take_pages("w", 1, later(days=1)) == []


def test_quarantine_shows_reason_and_page(store):
    ids = store.enqueue([fetched("http://a/1"), fetched("http://a/2")], NOW)
    finish(store, ids[0], PageStatus.QUARANTINED, "解析出错：ValueError", later(minutes=1))
    [(page, reason, since)] = store.quarantined()
    assert (page.url, reason, since) == ("http://a/1", "解析出错：ValueError", later(minutes=1))


def test_pages_are_run_again_by_time_and_status_after_what_is_new(store):
    old, mid, new = store.enqueue([fetched("http://a/1", fetched_at=later(days=-9)), fetched("http://a/2"), fetched("http://a/3")], NOW)
    for page_id, status in ((old, PageStatus.CLIPPED), (mid, PageStatus.CLIPPED), (new, PageStatus.GONE)):
        finish(store, page_id, status)
    assert store.requeue(later(days=-1), [PageStatus.CLIPPED, PageStatus.UNMATCHED], NOW) == 1
    fresh = store.enqueue([fetched("http://a/4")], NOW)
    assert [(p.id, p.tries) for p in store.take_pages("w", 9, NOW)] == [(fresh[0], 0), (mid, 0)]
    assert store.requeue(None, [], NOW) == 2                   # every page that has ended
    assert store.requeue(None, [], NOW, ids=[old]) == 0        # it waits already
    finish(store, old)
    assert store.requeue(None, [], NOW, ids=[old, old]) == 1
