"""Articles: saved whole, replaced without a trace of the old, read back as they were."""

from dataclasses import replace

import pytest

from model.article import Article
from model.opinion import Label
from model.page import PageStatus
from model.search import Query
from store_samples import NOW, article, fetched, founder, full_article, later, record, saved


def test_an_article_comes_back_as_it_was_given(store):
    piece = full_article()
    [page_id] = store.enqueue([fetched(piece.url)], NOW)
    given = record(piece, page_id, units=("u1", "u2"), unresolved=True, label=Label.NEGATIVE)
    [kept_id] = saved(store, given)
    kept = store.clipping(kept_id)
    assert kept.article == piece
    assert (kept.mentions, kept.judgements, kept.unit_ids) == (given.mentions, given.judgements, ("u1", "u2"))
    assert (kept.outlet_id, kept.outlet_name, kept.tier, kept.first_seen, kept.page_id, kept.matched) == ("o1", "o1报", "municipal", NOW,
                                                                                                          page_id, True)
    assert kept.ref == fetched(piece.url)[1]
    assert kept.story is None and kept.edge is None


def test_every_field_of_an_article_is_kept(store):
    """A field added to the model later is stored without a change here."""
    from dataclasses import fields
    filled = full_article()
    odd = {f.name: f"{f.name}值" for f in fields(Article) if f.type == "str" and f.name not in ("url", "canonical", "precision")}
    odd |= {f.name: 77 for f in fields(Article) if f.type == "int"}
    piece = replace(filled, **odd)
    assert store.clipping(saved(store, record(piece))[0]).article == piece


def test_a_missing_date_stays_missing(store):
    piece = article(published=None, precision="")
    [kept_id] = saved(store, record(piece), now=later(hours=1))
    kept = store.clipping(kept_id)
    assert (kept.article.published, kept.article.precision, kept.first_seen) == (None, "", later(hours=1))
    assert [c.id for c in store.clippings_between(later(minutes=59), later(minutes=61))] == [kept_id]


def test_lists_carry_the_beginning_of_the_text_in_the_order_asked(store):
    a, b = saved(store, record(article(1, text="长" * 1000)), record(article(2, text="短")))
    assert [(c.id, len(c.article.text)) for c in store.clippings([b, 999, a])] == [(b, 1), (a, 200)]
    assert len(store.clipping(a).article.text) == 1000
    assert store.clipping(999) is None


def test_saving_again_replaces_what_was_thought_and_keeps_who_it_is(store):
    [first] = saved(store, record(article(text="市人民医院推出便民举措"), units=("u1", "u2"), simhash=2**64 - 1))
    [again] = saved(store, record(article(text="区卫生院推出新办法"), page_id=2, units=("u3",), simhash=5, label=Label.NEGATIVE), now=later(days=1))
    assert again == first
    kept = store.clipping(first)
    assert (kept.first_seen, kept.page_id, kept.unit_ids, kept.overall.label) == (NOW, 2, ("u3",), Label.NEGATIVE)
    assert store.search(Query("便民举措")).total == 0
    assert store.search(Query("卫生院")).ids == (first,)
    assert store.search(Query(units=("u1",))).total == 0
    with store.write() as w:
        assert [(s.article_id, s.simhash) for s in w.signatures_after(0)] == [(first, 5)]
        assert w.held(article().canonical) == (first, record(article(text="区卫生院推出新办法")).content_sha, 2)
        assert w.held("http://news.example/unknown") is None


def test_the_same_article_twice_in_one_transaction_leaves_one(store):
    ids = saved(store, record(article(text="便民举措")), record(article(text="惠民办法")))
    assert ids[0] == ids[1]
    assert (store.search(Query("便民")).total, store.search(Query("惠民")).total, store.search(Query()).total) == (0, 1, 1)


def test_signatures_keep_all_64_bits_and_their_keys(store):
    ids = saved(store, *(record(article(n), simhash=h) for n, h in enumerate((0, 1, 2**63 - 1, 2**63, 2**64 - 1))))
    with store.write() as w:
        assert [s.simhash for s in w.signatures_after(0)] == [0, 1, 2**63 - 1, 2**63, 2**64 - 1]
        [last] = w.signatures_after(ids[3])
        assert (last.article_id, last.length, last.keys) == (ids[4], len(article().text), (1, 2**63 - 1))


def test_an_unmatched_article_is_held_but_is_no_clipping(store):
    [kept_id] = saved(store, record(matched=False))
    assert store.search(Query()).total == 0
    assert store.search(Query("人民医院")).total == 0
    assert store.search(Query("人民医院", matched_only=False)).ids == (kept_id,)
    assert store.clippings_between(later(days=-1), later(days=1)) == []
    with store.write() as w:
        assert w.held(article().canonical)[0] == kept_id
        assert w.signatures_after(0) == []


def test_one_that_comes_to_be_matched_is_shown_to_the_workers_as_new(store):
    [page_id] = store.enqueue([fetched(article(1).url)], NOW)
    [old] = saved(store, record(article(1), page_id, matched=False))
    with store.write() as w:
        w.finish_page(page_id, PageStatus.UNMATCHED, "", NOW, old)
    [between] = saved(store, record(article(2)))
    mark = store.change_mark()
    [new] = saved(store, record(article(1), page_id), now=later(days=1))
    with store.write() as w:
        assert [s.article_id for s in w.signatures_after(between)] == [new]
    assert store.clipping(new).first_seen == NOW
    assert store.clipping(old) is None
    assert store.change_mark() > mark


def test_one_no_longer_matched_leaves_search_and_story(store):
    a, b = saved(store, record(article(1)), record(article(2)))
    with store.write() as w:
        alone, both = w.new_story("一", NOW), w.new_story("二", NOW)
        w.join(alone, founder(a), NOW)
        w.join(both, founder(b), NOW)
    saved(store, record(article(1), matched=False))
    assert store.story(alone) is None
    assert store.story(both).copies == 1
    assert store.search(Query("人民医院")).ids == (b,)
    assert store.clipping(a).matched is False


def test_purging_drops_the_text_of_the_old_unmatched_alone(store):
    ids = saved(store, *(record(article(n, text=f"第{n}篇无关文字"), matched=False) for n in range(3)), record(article(9)))
    [young] = saved(store, record(article(10, text="新的无关文字"), matched=False), now=later(days=2))
    assert store.purge(later(days=1), later(days=30)) == 3
    assert store.purge(later(days=1), later(days=30)) == 0
    assert [store.clipping(i).article.text for i in ids[:3]] == ["", "", ""]
    assert store.clipping(ids[3]).article.text and store.clipping(young).article.text
    with store.write() as w:
        assert w.held(article(0).canonical) is not None        # a page seen before is still known
    saved(store, record(article(0)))                            # and may still come to be matched
    assert store.search(Query("人民医院")).total == 2


def test_unresolved_mentions_wait_for_a_person(store):
    a, b, _ = saved(store, record(article(1), unresolved=True), record(article(2), unresolved=True), record(article(3)))
    assert [c.id for c in store.unresolved()] == [b, a]
    saved(store, record(article(2)))
    assert [c.id for c in store.unresolved()] == [a]


def test_counts_by_unit_and_by_day_in_shanghai(store):
    late = later(hours=14, minutes=1)                          # 00:01 of the next day in Shanghai
    ids = saved(store, record(article(1), units=("u1", "u2")), record(article(2), label=Label.NEGATIVE, tier="central"),
                record(article(3, published=late)), record(article(4), matched=False))
    with store.write() as w:
        story = w.new_story("t", NOW)
        w.join(story, founder(ids[0]), NOW)
        from model.story import First, FirstState
        w.set_first(story, First(ids[0], FirstState.CONFIRMED, "来源为本媒体"), "t", "municipal")
    week = (later(days=-3), later(days=4))
    assert store.unit_counts(*week) == {"u1": {"clippings": 3, "firsts": 1, "negative": 1},
                                        "u2": {"clippings": 1, "firsts": 1, "negative": 0}}
    assert store.day_counts(*week) == [("2026-11-20", "central", 1), ("2026-11-20", "municipal", 1), ("2026-11-21", "municipal", 1)]
    assert store.unit_counts(later(days=2), later(days=4)) == {}


def test_an_exception_undoes_everything(store):
    with pytest.raises(RuntimeError):
        with store.write() as w:
            w.save_article(record(), NOW)
            w.put("alert", "k", {}, NOW)
            store.put_value("mark", "1")                       # a write inside a write is part of it
            raise RuntimeError
    assert (store.search(Query()).total, store.task_counts()["pending"], store.get("mark")) == (0, 0, "")


def test_nothing_is_seen_outside_before_the_end(store):
    with store.write() as w:
        kept_id = w.save_article(record(), NOW)
        assert w.clipping(kept_id) is not None
        assert store.clipping(kept_id) is None
    assert store.clipping(kept_id) is not None


def test_hostile_text_is_stored_and_shown_as_text(store):
    nasty = "<script>alert(1)</script>'; DROP TABLE article; --\ud800\x00终"
    [kept_id] = saved(store, replace(record(), article=article(title=nasty, text=nasty, source=nasty, original_title=nasty)))
    kept = store.clipping(kept_id).article
    assert kept.title == kept.text == "<script>alert(1)</script>'; DROP TABLE article; --?终"
    assert kept.source.startswith("<script>") and kept.source.endswith("终")
    assert store.search(Query()).total == 1
