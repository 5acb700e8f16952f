"""Stories: joining, leaving, who was first, what a person decided."""

import pytest

from model.article import Dateline
from model.search import Query
from model.story import Copy, Edge, First, FirstState, Relation
from store_samples import NOW, article, founder, incident, later, record, saved


def copy_of(parent, child, relation=Relation.REPOST):
    return Edge(child, parent, relation, 0.93, "同文 93%")


@pytest.fixture
def told(store):
    """(store, article ids, story id): three copies of one story."""
    ids = saved(store, *(record(article(n), outlet=f"o{n}", tier="central" if n == 2 else "municipal") for n in range(3)))
    with store.write() as w:
        story = w.new_story("门诊", NOW)
        w.join(story, founder(ids[0]), NOW)
        for child in ids[1:]:
            w.join(story, copy_of(ids[0], child), NOW)
        w.set_first(story, First(ids[1], FirstState.PROBABLE, "时间最早"), "夜间门诊", "central")
    return store, ids, story


def test_a_story_knows_its_members_and_why(told):
    store, ids, story = told
    held = store.story(story)
    assert (held.title, held.copies, held.highest_tier, held.first) == ("夜间门诊", 3, "central", First(ids[1], FirstState.PROBABLE, "时间最早"))
    with store.write() as w:
        assert w.members(story) == ids
        assert w.edges(story) == [founder(ids[0]), copy_of(ids[0], ids[1]), copy_of(ids[0], ids[2])]
        assert [w.story_of(i) for i in (*ids, 999)] == [story, story, story, None]
    copies = store.story_copies(story)
    assert [(c.id, c.is_first, c.edge.reason) for c in copies] == [(ids[0], False, "首篇"), (ids[1], True, "同文 93%"),
                                                                   (ids[2], False, "同文 93%")]


def test_copies_tell_what_the_judgement_of_first_needs(store):
    piece = article(source="新华社", reposted_from="健康报", original_title="原题", dateline=Dateline("新华社武汉电", "新华社"), is_original=False)
    [kept_id] = saved(store, record(piece))
    with store.write() as w:
        story = w.new_story("t", NOW)
        w.join(story, founder(kept_id), NOW)
        assert w.copies(story) == [Copy(kept_id, "o1", "o1报", ("o1报",), "municipal", piece.title, "新华社", "健康报", "原题", "新华社", False, False,
                                        NOW, "minute", NOW, len(piece.text))]


def test_one_article_is_first_and_search_knows_it(told):
    store, ids, story = told
    assert store.search(Query(firsts_only=True)).ids == (ids[1],)
    with store.write() as w:
        w.set_first(story, First(None, FirstState.CONFIRMED, "各稿均注明来源", "健康报"), "夜间门诊", "central")
    assert store.search(Query(firsts_only=True)).total == 0
    assert store.story(story).first.outlet == "健康报"


def test_joining_again_changes_the_reason_not_the_count(told):
    store, ids, story = told
    with store.write() as w:
        w.join(story, copy_of(ids[1], ids[2], Relation.EXCERPT), NOW)
        assert w.edges(story)[2] == copy_of(ids[1], ids[2], Relation.EXCERPT)
    assert store.story(story).copies == 3


def test_moving_to_another_story_leaves_the_old_one(told):
    store, ids, story = told
    with store.write() as w:
        other = w.new_story("另一篇", NOW)
        w.join(other, founder(ids[1]), NOW)
    assert (store.story(story).copies, store.story(other).copies) == (2, 1)
    assert store.story(story).first == First(None, FirstState.UNKNOWN, "")     # its first has left
    assert store.search(Query(firsts_only=True)).total == 0


def test_an_empty_story_goes_and_leaves_its_incident(told):
    store, ids, story = told
    with store.write() as w:
        incident_id = w.new_incident(incident(stories=(story,)))
        other = w.new_story("另一篇", NOW)
        w.link_story(incident_id, other)
        for child in ids:
            w.join(other, founder(child), NOW)
        assert w.story_of(ids[0]) == other
    assert store.story(story) is None
    assert store.incident(incident_id).stories == (other,)


def test_the_number_of_a_gone_story_is_not_used_again(told):
    store, ids, story = told
    with store.write() as w:
        second = w.new_story("二", NOW)
        w.join(second, founder(ids[0]), NOW)
        w.join(story, copy_of(ids[1], ids[0]), NOW)            # the second is empty now, and gone
        assert w.new_story("三", NOW) > second


def test_decisions_of_a_person_are_found_from_either_side(store):
    with store.write() as w:
        assert w.pins([1, 2]) == []
        w.pin(5, 2, "split", "王", NOW)
        w.pin(2, 7, "merge", "王", NOW)
        w.pin(2, 5, "merge", "李", later(days=1))              # decided anew
        assert w.pins([5]) == [(2, 5, "merge")]
        assert w.pins([2]) == [(2, 5, "merge"), (2, 7, "merge")]
        with pytest.raises(ValueError):
            w.pin(1, 2, "maybe", "王", NOW)


def test_texts_are_whole(told):
    store, ids, story = told
    with store.write() as w:
        texts = w.texts([*ids, 999])
        assert sorted(texts) == ids
        assert texts[ids[0]].article.text == article(0).text
        assert [c.id for c in w.story_clippings([story, story])] == ids
