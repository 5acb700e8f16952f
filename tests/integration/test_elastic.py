"""A real Elasticsearch beside the record: the same hits, told in any order, rebuilt while in use, away without harm."""

import os
import random
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from analysis.words import cut_for_index, fold
from model.opinion import Label
from model.search import Query, SearchServer
from model.story import First, FirstState
from pipelines.store import open_store
from pipelines.store.elastic import Doc, Index, Unavailable
from pipelines.store.elastic_query import LONGEST, holding
from pipelines.store.store import SqlStore
from servers import elasticsearch
from servers.gate import KEY, authority, gate
from store_samples import NOW, article, founder, later, record, saved

UNITS, OUTLETS = ("u1", "u2", "u3"), ("o1", "o2", "o3", "o4")
WORDS = ["市人民医院", "夜间门诊", "患者", "投诉", "收费", "疫苗", "接种", "食品", "抽检", "疾控中心", "卫生健康委", "通报", "义诊", "乡镇", "医保", "报销", "医生", "护士",
         "急诊", "排队", "挂号", "体检", "流感", "学校", "社区", "健康", "讲座", "COVID", "19", "人民", "医院"]


@pytest.fixture(scope="module")
def node():
    if not elasticsearch.possible():
        pytest.fail(elasticsearch.ABSENT) if os.environ.get("JIANBAO_REQUIRE_ELASTICSEARCH") == "1" else pytest.skip(elasticsearch.ABSENT)
    with elasticsearch.running() as running:
        yield running


@pytest.fixture
def server(node, request):
    """Settings with an alias of the test's own."""
    return SearchServer((node.address,), f"t{abs(hash(request.node.nodeid)) % 10**9}", timeout_s=5)


@pytest.fixture
def store(tmp_path, server):
    made = open_store(tmp_path / "a.db", search=server)
    made.rebuild_search()
    yield made
    made.close()


@pytest.fixture
def either(place, server):
    """The same on each engine of the record."""
    made = open_store(place(), search=server)
    made.rebuild_search()
    yield made
    made.close()


def fill(store, number: int, seed: int = 1) -> list[int]:
    dice = random.Random(seed)
    records = []
    for n in range(number):
        text = "，".join("".join(dice.choices(WORDS, k=dice.randint(2, 6))) for _ in range(dice.randint(2, 12)))
        piece = article(seed * 100_000 + n, "".join(dice.choices(WORDS, k=4)), text, published=NOW - timedelta(minutes=dice.randint(0, 200_000)))
        records.append(record(piece, units=tuple(dice.sample(UNITS, dice.randint(1, 2))), outlet=dice.choice(OUTLETS),
                              tier=dice.choice(("central", "county")), label=dice.choice((Label.NEGATIVE, Label.POSITIVE))))
    return saved(store, *records, now=later(seconds=seed))


def synced(store) -> None:
    for _ in range(20):
        store.tell_search()
        if not store.search_state().waiting:
            break
        time.sleep(1)
    store.index.refresh()
    assert store.search_state().waiting == 0


def answered(store, query: Query):
    """What the server finds, which may need a moment on a busy machine."""
    for _ in range(20):
        hits = store.search(query)
        if not hits.note:
            return hits
        time.sleep(1)
    pytest.fail(hits.note)


def own(store, query: Query):
    """What the record itself finds."""
    return SqlStore.search(store, query)


def hundred(seed: int = 5) -> list[Query]:
    dice, asked = random.Random(seed), []
    for n in range(100):
        a, b, c = dice.sample(WORDS, 3)
        words = ("", a, f"{a} {b}", f'"{a}{b}"', f"{a} -{b}", a[:2], f"-{c}", f'"{a}" {c}', f"{a}{b}", b[:1])[n % 10]
        asked.append(Query(words, units=dice.choice(((), (), ("u1",))), outlets=dice.choice(((), (), ("o1", "o2"))),
                           labels=dice.choice(((), (), ("N",))), since=dice.choice((None, None, later(days=-30))), until=dice.choice((None, later(days=-3))),
                           firsts_only=dice.random() < .05, per_page=dice.choice((10, 500)), page=dice.choice((1, 1, 2))))
    return asked


def test_a_hundred_queries_find_the_same_by_id(either):
    store = either
    ids = fill(store, 800)
    with store.write() as w:
        for n in range(0, 60, 3):
            story = w.new_story("t", NOW)
            w.join(story, founder(ids[n]), NOW)
            w.set_first(story, First(ids[n], FirstState.PROBABLE, "r"), "t", "central")
    synced(store)
    found = 0
    for query in hundred():
        assert answered(store, query) == own(store, query), query
        found += own(store, query).total > 0
    assert found > 80
    for words in ("患者 投诉 收费", '"夜间门诊" 流感', "疫苗 -医院"):
        query = Query(words, ranked=True, per_page=500)
        assert 0 < own(store, query).total <= 500
        assert sorted(answered(store, query).ids) == sorted(own(store, query).ids)
    assert store.search(Query("！！！")).ids == ()
    assert store.search(Query(matched_only=False)).total == own(store, Query(matched_only=False)).total


def test_counts_add_up_to_what_is_listed(store):
    fill(store, 300)
    synced(store)
    counts = store._count(Query("医院"))
    assert counts.total == own(store, Query("医院")).total == sum(counts.tiers.values()) == sum(counts.outlets.values()) == sum(counts.days.values())
    assert counts.labels["N"] == own(store, Query("医院", labels=("N",))).total
    assert counts.units["u1"] == own(store, Query("医院", units=("u1",))).total
    everything = store._count(Query(), most=1000)
    assert everything.days == {day: sum(n for d, _, n in store.day_counts(later(days=-400), later(days=1)) if d == day)
                               for day in {d for d, _, _ in store.day_counts(later(days=-400), later(days=1))}}


def test_the_record_counts_what_the_server_counts(either):
    store = either
    fill(store, 400)
    synced(store)
    for query in hundred():
        assert store._count(query) == SqlStore.counts(store, query), query
    store.index.client.indices.delete_alias(index="*", name=store.index.alias)
    assert store.counts(Query("医院")) == SqlStore.counts(store, Query("医院"))     # without the server the record counts


def test_changes_arrive_and_what_left_is_gone(either):
    store = either
    one, two = saved(store, record(article(1, "夜间门诊")), record(article(2, "急诊排队")))
    synced(store)
    saved(store, record(article(1, "体检讲座")), record(article(2, "急诊排队"), matched=False))
    synced(store)
    assert answered(store, Query("讲座")).ids == (one,) and answered(store, Query("急诊")).ids == answered(store, Query('"夜间门诊" -医院')).ids == ()
    [three] = saved(store, record(article(2, "急诊排队")))          # matched again: it comes back under a new number
    synced(store)
    assert three > two and answered(store, Query("急诊")).ids == (three,)


def test_one_that_left_and_came_back_before_the_server_heard_is_there_once(store):
    [one] = saved(store, record(article(2, "急诊排队")))
    synced(store)
    saved(store, record(article(2, "急诊排队"), matched=False))
    [two] = saved(store, record(article(2, "急诊排队")))
    synced(store)
    assert one != two and answered(store, Query("急诊")).ids == (two,)


def test_documents_in_any_order_and_twice_leave_the_newest(server):
    index = Index(server)
    index.prepare(1)
    index.turn_to(1)

    def doc(version: int, title: str | None) -> Doc:
        fields = None if title is None else {"title": title, "text": "", "outlet_id": "o", "tier": "t", "label": "", "units": [], "negative_units": [],
                                             "sort_at": 1, "day": "2026-11-21", "is_first": False}
        return Doc(7, version, "2026.11", fields)

    for docs in ([doc(3, "丙")], [doc(1, "甲"), doc(2, "乙")], [doc(3, "丙")]):
        assert index.tell(1, docs) == {}
    index.refresh()
    titles = lambda t: index.window({"query": {"match": {"title": t}}, "sort": [{"id": "desc"}], "docvalue_fields": ["id"], "track_total_hits": True}, 0, 5)  # noqa: E731
    assert titles("丙") == (1, [7]) and titles("甲") == titles("乙") == (0, [])
    index.tell(1, [doc(5, None)])
    index.tell(1, [doc(4, "丁")])
    index.refresh()
    assert titles("丁") == (0, [])
    strange = Doc(8, 1, "2026.11", {**doc(1, "戊").fields, "another": 1})
    assert "another" in index.tell(1, [strange, doc(6, "己")])[8]      # the mapping is strict; the others of the lot are taken
    index.close()


def test_rebuilding_goes_on_while_searched_and_written(store):
    fill(store, 700)
    synced(store)
    stop, errors, totals = threading.Event(), [], []

    def watch() -> None:
        while not stop.is_set():
            hits = store.search(Query(per_page=1))
            if hits.note:
                errors.append(hits.note)
            totals.append(hits.total)

    watcher = threading.Thread(target=watch)
    watcher.start()

    def step(n: int) -> None:
        if n and not any(t > 700 for t in totals):
            fill(store, 5, seed=2)
            store.tell_search()

    assert store.rebuild_search(step) >= 700
    stop.set()
    watcher.join(30)
    synced(store)
    assert errors == [] and min(totals) >= 700
    assert answered(store, Query(per_page=500)) == own(store, Query(per_page=500))
    assert len({name.split("-")[1] for name in store.index._indices()}) == 1


def test_deep_pages_are_the_records_own(store):
    fill(store, 900)
    synced(store)
    store.index.reach = 100            # the server's own is 10,000
    for page in (1, 3, 9, 18, 19):
        query = Query(page=page, per_page=50)
        assert answered(store, query) == own(store, query)


def test_without_an_answer_it_is_said_and_saving_goes_on(tmp_path, server, node):
    store = open_store(tmp_path / "b.db", search=replace(server, timeout_s=.5))
    open_store(tmp_path / "b.db", search=server).rebuild_search()
    ids = fill(store, 50)
    synced(store)
    node.freeze(True)
    try:
        hits = store.search(Query("医院", per_page=500))
        assert "检索服务超时" in hits.note and hits.ids == own(store, Query("医院", per_page=500)).ids
        more = fill(store, 50, seed=2)
        assert store.tell_search() == 0 and store.search_state().waiting == 50
    finally:
        node.freeze(False)
    synced(store)
    hits = answered(store, Query(per_page=500))
    assert hits.total == len(ids) + len(more) and hits == own(store, Query(per_page=500))
    store.close()


def test_with_a_key_over_tls_of_ones_own_authority_and_a_node_that_is_gone(tmp_path, node, server):
    ca, both = authority(tmp_path, "ours")
    with gate(node.address, both) as one, gate(node.address, both) as two:
        secured = replace(server, hosts=(one.address, two.address), api_key=KEY, ca=str(ca))
        store = open_store(tmp_path / "a.db", search=secured)
        store.rebuild_search()
        fill(store, 60)
        synced(store)
        assert answered(store, Query("医院")) == own(store, Query("医院")) and one.asked and two.asked
        one.shutdown()
        one.server_close()
        for _ in range(4):                       # whichever node is asked first
            hits = store.search(Query("医院"))
            assert hits == own(store, Query("医院")) and not hits.note
        store.close()


@pytest.mark.parametrize("change", [{"ca": ""}, {"ca": "other"}, {"api_key": "bm8="}, {"api_key": ""}])
def test_without_the_authority_or_the_key_it_is_said_and_the_record_answers(tmp_path, node, server, change):
    ca, both = authority(tmp_path, "ours")
    other, _ = authority(tmp_path, "other")
    if change.get("ca") == "other":
        change = {"ca": str(other)}
    with gate(node.address, both) as before:
        store = open_store(tmp_path / "a.db", search=replace(server, hosts=(before.address,), **{"api_key": KEY, "ca": str(ca), **change}))
        fill(store, 20)
        hits = store.search(Query("医院"))
        assert ("证书" if "ca" in change else "密钥") in hits.note and hits.ids == own(store, Query("医院")).ids and KEY not in hits.note
        assert store.search_state().trouble
        store.close()


def test_killed_while_being_told_nothing_is_lost_or_doubled(store, node):
    fill(store, 1200)
    teller = threading.Thread(target=store.tell_search)
    teller.start()
    teller.join(random.Random(3).uniform(0, .4))
    node.stop(kill=True)
    teller.join(60)
    fill(store, 20, seed=2)
    assert "连不上检索服务" in store.search(Query("医院")).note and store.tell_search() == 0
    node.start()
    synced(store)
    for query in (Query(per_page=500), Query("医院", per_page=500), Query(page=3, per_page=500)):
        assert answered(store, query) == own(store, query)


def test_a_read_only_index_is_told(store):
    fill(store, 5)
    synced(store)
    names = ",".join(store.index._indices())
    store.index.patient.indices.put_settings(index=names, settings={"index.blocks.read_only_allow_delete": True})
    fill(store, 5, seed=2)
    assert store.tell_search() == 0
    assert "只读" in store.search_state().trouble and store.search_state().waiting == 5
    store.index.patient.indices.put_settings(index=names, settings={"index.blocks.read_only_allow_delete": None})
    synced(store)
    assert answered(store, Query()).total == 10


def test_without_an_index_it_says_what_to_run(tmp_path, server):
    made = open_store(tmp_path / "a.db", search=server)
    saved(made, record())
    hits = made.search(Query("医院"))
    assert "jianbao reindex" in hits.note and hits.total == 1 and made.tell_search() == 0
    with pytest.raises(Unavailable, match="reindex"):
        made._count(Query())
    assert made.counts(Query()).total == 1
    made.close()


def test_what_may_hold_a_word_is_asked_for_and_the_rest_is_not_read(either):
    """Also words that lie across those the text was cut into, an article the server has not heard of, and a server that is away."""
    store = either
    fill(store, 500)
    saved(store, record(article(1, "医保局长被约谈", "他说医\u200b院长期拖欠款项", published=NOW)))
    synced(store)
    [untold] = saved(store, record(article(2, "护士长离职", "护士长期加班", published=NOW)))
    since, until, dice, fewer = later(days=-60), later(days=1), random.Random(3), 0
    texts = [s.text for s in store.past(since, until, lambda title, text: True)[1]]
    starts = [(t, dice.randrange(len(t) - 4)) for t in dice.choices(texts, k=40)]
    for words in (["院长期"], ["士长期", "局长被"], ["医院"], ["没有的词", "保局"], *([fold(t[at:at + dice.randint(2, 4)]).text] for t, at in starts)):
        asked = []

        def wanted(title: str, text: str) -> bool:
            asked.append(title)
            return any(word in fold(f"{title}\n{text}").text for word in words)

        found = store.past(since, until, wanted, words)
        looked_at = len(asked)
        assert found == SqlStore.past(store, since, until, wanted), words
        assert looked_at < found[0] or holding(words, since, until) is None, words
        fewer += looked_at < found[0]
    assert fewer > 20
    assert [s.id for s in store.past(since, until, lambda title, text: "士长期" in text, ["士长期"])[1]] == [untold]
    store.index.client.indices.delete_alias(index="*", name=store.index.alias)
    assert len(store.past(since, until, lambda title, text: "院长" in text, ["院长"])[1]) == 1     # without the server the record is read


def test_very_long_tokens_are_cut_alike():
    assert len(max(cut_for_index("x" * 600).split(), key=len)) > LONGEST    # so the cutting of `_words` and `_phrase` is needed
