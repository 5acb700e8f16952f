"""The search: what a person types finds what it says, newest first, and nothing typed can break it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.opinion import Label
from model.search import Hits, Query
from pipelines.store import open_store
from store_samples import NOW, article, later, record, saved

TEXTS = ["患者投诉市人民医院乱收费", "市人民医院夜间门诊方便患者", "卫生局通报食品抽检结果", "疾控中心提醒市民接种疫苗，人民很满意，医院有序"]


@pytest.fixture(scope="module")
def store(places):
    store = open_store(places[0]())
    saved(store, *(record(article(n, f"标题{n}", text, published=later(hours=n)), units=(f"u{n % 2}",), outlet=f"o{n % 2}",
                          tier="central" if n == 2 else "county", label=Label.NEGATIVE if n == 0 else Label.POSITIVE)
                   for n, text in enumerate(TEXTS)))
    saved(store, record(article(9, "无关", "某地投诉建筑噪声"), matched=False))
    yield store
    store.close()


def found(store, words="", **fields):
    return [i - 1 for i in store.search(Query(words, **fields)).ids]


def test_newest_first_without_words(store):
    assert found(store) == [3, 2, 1, 0]


@pytest.mark.parametrize("words, hits", [
    ("患者", [1, 0]), ("患者 投诉", [0]), ("　患者　门诊 ", [1]), ("卫生局", [2]), ("衛生局", [2]), ("医院", [3, 1, 0]),
    ("患者 -投诉", [1]), ("-患者", [3, 2]), ("-患者 -疫苗", [2]), ("“市人民医院”", [1, 0]), ('"人民医院" 患者', [1, 0]), ("没有这个词", []),
    ("标题2", [2]),
])
def test_words(store, words, hits):
    assert found(store, words) == hits


def test_an_exact_phrase_wants_the_words_side_by_side(store):
    assert found(store, "人民 医院") == [3, 1, 0]
    assert found(store, '"人民医院"') == [1, 0]


@pytest.mark.parametrize("fields, hits", [
    ({"units": ("u0",)}, [2, 0]), ({"outlets": ("o1", "o0")}, [3, 2, 1, 0]), ({"tiers": ("central",)}, [2]), ({"labels": ("N",)}, [0]),
    ({"since": later(hours=1), "until": later(hours=3)}, [2, 1]),
    ({"units": ("u1",), "since": later(hours=2)}, [3]), ({"firsts_only": True}, []),
])
def test_filters(store, fields, hits):
    assert found(store, **fields) == hits


def test_filters_and_words_together(store):
    assert found(store, "患者", labels=("N",)) == [0]
    assert found(store, "患者", units=("u1",), ranked=True) == [1]


def test_pages_and_total(store):
    assert store.search(Query(page=2, per_page=3)) == Hits(4, (1,))
    assert store.search(Query(page=9, per_page=3)) == Hits(4, ())
    assert store.search(Query(page=-1, per_page=0)) == Hits(4, (4,))


def test_ranked_puts_the_title_first(place):
    store = open_store(place())
    ids = saved(store, record(article(1, "云川医院", "别的文字" * 20, published=NOW)),
                record(article(2, "别的标题", "别的文字" * 20 + "医院", published=later(hours=1))))
    assert store.search(Query("医院")).ids == (ids[1], ids[0])
    assert store.search(Query("医院", ranked=True)).ids == (ids[0], ids[1])
    store.close()


def test_texts_outside_the_index_are_found_when_asked_for(store):
    assert len(found(store, "投诉")) == 1
    assert len(found(store, "投诉", matched_only=False)) == 2
    assert len(found(store, "投诉 -建筑", matched_only=False)) == 1
    assert len(found(store, matched_only=False)) == 5


@pytest.mark.parametrize("words", ['"', '""', "“", "*", "AND", "NOT", "NEAR(", "title:医院", "医院*", "^医院", "a OR b", "(", "' OR 1=1 --",
                                   "\x00", "-", "--",
                                   "{title text}:x", "+", "\ud800", "“医院", '医院"', "字" * 5000, "a " * 3000])
def test_nothing_typed_raises(store, words):
    for ranked in (False, True):
        store.search(Query(words, ranked=ranked))
        store.search(Query(words, ranked=ranked, matched_only=False))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from(list('医院患者"“”-－*():^ANDORNOT \n\t\'\\;%_é\u3000')), max_size=40))
def test_nothing_generated_raises(store, words):
    store.search(Query(words))


def test_signs_alone_find_nothing_rather_than_everything(store):
    assert store.search(Query("！！！")) == Hits(0, ())
