"""Placing articles into stories in the real store: chains, bridges, late originals, a person's word, two processes at once."""

import hashlib
import multiprocessing
from datetime import datetime, timedelta, timezone

import pytest
from press_texts import CLINIC, CLINIC_TITLE, PHARMACY, PHARMACY_TITLE, bulletin

from analysis.fingerprints import signature
from model.article import Article
from model.clipping import Record
from model.page import ArchiveRef, Page
from model.story import FirstState
from pipelines.reposts import Stories
from pipelines.store.store import open_store

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=timezone.utc)
NAMES = {"daily": ("云川日报",), "portal": ("某门户",), "wire": ("中国新闻网", "中新社")}
LINES = CLINIC.split("\n")


def record(page_id: int, url: str, title: str, text: str, outlet: str = "daily", hours: float = 0, tier: str = "municipal",
           **fields) -> Record:
    article = Article(url, url, title, text, NOON + timedelta(hours=hours), "minute", **fields)
    sha = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    return Record(page_id, outlet, NAMES[outlet][0] if outlet else "host.example", tier, article, (), (), True, sha, signature(title, text))


class Desk:
    """A store with a page queue behind it, and one process's stories."""

    def __init__(self, path):
        self.place = path
        self.store, self.stories, self.urls = open_store(path), Stories(NAMES), 0

    def page(self, url: str) -> int:
        body = url.encode()
        ref = ArchiveRef("a.warc.gz", 0, len(body), hashlib.sha256(body).hexdigest())
        return self.store.enqueue([(Page(url, NOON, body), ref)], NOON)[0]

    def put(self, title: str, text: str, outlet: str = "daily", hours: float = 0, url: str = "", **fields) -> tuple[int, int]:
        """(article id, story id)"""
        self.urls += 1
        url = url or f"https://press.example/{self.urls}"
        got = record(self.page(url), url, title, text, outlet, hours, **fields)
        with self.store.write() as w:
            article_id = w.save_article(got, NOON)
            return article_id, self.stories.place(w, article_id, got, NOON)

    def members(self, story_id: int) -> list[int]:
        with self.store.write() as w:
            return w.members(story_id)

    def home(self, article_id: int) -> int:
        with self.store.write() as w:
            return w.story_of(article_id)


@pytest.fixture
def desk(place):
    made = Desk(place())
    yield made
    made.store.close()


def test_copies_make_one_story_and_others_their_own(desk):
    a, story = desk.put(CLINIC_TITLE, CLINIC, source="云川日报")
    b, same = desk.put("体检车开进山村", "据《云川日报》报道 " + CLINIC, "portal", 3, source="云川日报")
    _, other = desk.put(PHARMACY_TITLE, PHARMACY)
    assert same == story != other and desk.members(story) == [a, b]
    held = desk.store.story(story)
    assert held.first.article_id == a and held.first.state is FirstState.CONFIRMED and held.copies == 2
    assert "%" in desk.store.clipping(b).edge.reason and desk.store.clipping(b).edge.parent == a


def test_each_days_bulletin_is_its_own_story(desk):
    stories = [desk.put("流感样病例日报", bulletin(day, 10 + day, 300 + 11 * day, 280 + 9 * day), hours=24 * day)[1] for day in range(1, 8)]
    assert len(set(stories)) == 7
    _, again = desk.put("云川市昨日新增14例", bulletin(4, 14, 344, 316).replace("云川市报告", "我市报告"), "portal", 97)
    assert again == stories[3]


def test_a_late_original_joins_and_becomes_first(desk):
    copy, story = desk.put("体检车开进山村", CLINIC, "portal", 5, source="云川日报")
    before = desk.store.story(story).first
    assert before.article_id is None and before.outlet == "云川日报" and "本库未收录" in before.reason
    original, same = desk.put(CLINIC_TITLE, CLINIC, "daily", 6, source="云川日报")
    assert same == story
    first = desk.store.story(story).first
    assert first.article_id == original and first.state is FirstState.CONFIRMED
    assert desk.store.story(story).title == CLINIC_TITLE and desk.store.clipping(original).is_first


def test_aliases_of_an_outlet_are_known(desk):
    original, story = desk.put(CLINIC_TITLE, CLINIC, "wire", 2, source="中新社", tier="central")
    desk.put("体检车开进山村", CLINIC, "portal", 1, source="中新社")
    held = desk.store.story(story)
    assert held.first.article_id == original and held.highest_tier == "central"


def test_an_outlet_in_no_list_may_be_first_by_the_name_it_prints(desk):
    original, story = desk.put("走廊里的护士", CLINIC, "", 1, source="健康先知道")
    desk.put("她抱着陌生人的孩子", CLINIC, "portal", 2, source="健康先知道")
    first = desk.store.story(story).first
    assert first.article_id == original and "健康先知道" in desk.store.clipping(original).article.source
    taken, other = desk.put(PHARMACY_TITLE, PHARMACY, "", 1, source="云川日报")
    assert desk.store.story(other).first.article_id is None


def test_an_outlet_in_no_list_is_known_by_what_its_page_calls_itself(desk):
    original, story = desk.put("走廊里的护士", CLINIC, "", 1, site="青湖健康")
    desk.put("她抱着陌生人的孩子", CLINIC, "portal", 2, source="青湖健康")
    first = desk.store.story(story).first
    assert first.article_id == original and first.outlet == "青湖健康（host.example）" and "青湖健康" in first.reason
    taken, other = desk.put(PHARMACY_TITLE, PHARMACY, "", 1, site="青湖健康", source="沧浪晚报")        # says itself that it is another's
    assert desk.store.story(other).first.article_id is None and desk.store.story(other).first.outlet == "沧浪晚报"


def test_no_page_becomes_a_listed_outlet_by_what_it_calls_itself(desk):
    false, story = desk.put("走廊里的护士", CLINIC, "", 1, site="云川日报客户端")
    desk.put("她抱着陌生人的孩子", CLINIC, "portal", 2, source="云川日报")
    first = desk.store.story(story).first
    assert first.article_id is None and first.outlet == "云川日报"


def test_two_cuts_become_one_story_when_the_whole_arrives(desk):
    head, one = desk.put("体检车开到村口", CLINIC[:240], "portal", 2)
    tail, two = desk.put("村医把体检报告讲给老人听", CLINIC[-240:], "wire", 3)
    assert one != two
    whole, story = desk.put(CLINIC_TITLE, CLINIC, "daily", 1)
    assert desk.home(head) == desk.home(tail) == story and desk.members(story) == [head, tail, whole]
    with desk.store.write() as w:
        assert all(e.reason for e in w.edges(story))


def test_slow_drift_does_not_swallow_another_story(desk):
    """Each version shares most with the one before; the last shares next to nothing with the first."""
    sentences = [s + "。" for s in (CLINIC + PHARMACY).replace("\n", "").split("。") if s]
    window = len(sentences) // 2
    ids = [desk.put(f"第{k}版 标题各不相同之{k}", "".join(sentences[k:k + window]), "portal", k) for k in range(len(sentences) - window + 1)]
    assert ids[0][1] != ids[-1][1]
    with desk.store.write() as w:
        for story in {s for _, s in ids}:
            assert len(w.members(story)) < len(ids)


def test_placing_again_changes_nothing(desk):
    desk.put(CLINIC_TITLE, CLINIC, url="https://press.example/a")
    _, story = desk.put("体检车开进山村", CLINIC, "portal", 3, url="https://press.example/b")
    with desk.store.write() as w:
        before = w.edges(story)
    for _ in range(2):
        assert desk.put("体检车开进山村", CLINIC, "portal", 3, url="https://press.example/b")[1] == story
    with desk.store.write() as w:
        assert w.edges(story) == before


def test_a_corrected_article_leaves_the_story_it_was_never_of(desk):
    _, story = desk.put(CLINIC_TITLE, CLINIC, url="https://press.example/a")
    b, joined = desk.put("体检车开进山村", CLINIC, "portal", 3, url="https://press.example/b")
    assert joined == story
    again, moved = desk.put(PHARMACY_TITLE, PHARMACY, "portal", 3, url="https://press.example/b")
    assert again == b and moved != story and desk.members(moved) == [b] and b not in desk.members(story)


def test_a_persons_split_holds_against_a_rerun(desk):
    a, story = desk.put(CLINIC_TITLE, CLINIC, url="https://press.example/a")
    b, _ = desk.put("体检车开进山村", CLINIC, "portal", 3, url="https://press.example/b")
    with desk.store.write() as w:
        new = desk.stories.split(w, b, "李敏", NOON)
    assert new != story and desk.members(story) == [a] and desk.members(new) == [b]
    assert desk.store.clipping(b).edge.reason == "人工拆出（李敏）"
    assert desk.put("体检车开进山村", CLINIC, "portal", 3, url="https://press.example/b")[1] == new
    assert desk.put(CLINIC_TITLE, CLINIC, url="https://press.example/a")[1] == story
    assert desk.members(story) == [a] and desk.members(new) == [b]


def test_a_persons_merge_holds_against_a_rerun(desk):
    a, story = desk.put(CLINIC_TITLE, CLINIC, url="https://press.example/a")
    b, other = desk.put(PHARMACY_TITLE, PHARMACY, "portal", 3, url="https://press.example/b")
    c, _ = desk.put("共享中药房投用", PHARMACY, "wire", 4)
    with desk.store.write() as w:
        assert desk.stories.merge(w, a, b, "李敏", NOON) == story
    assert desk.members(story) == [a, b, c] and desk.store.story(other) is None
    assert desk.put(PHARMACY_TITLE, PHARMACY, "portal", 3, url="https://press.example/b")[1] == story
    assert desk.members(story) == [a, b, c]


def test_after_an_undone_transaction_the_index_is_read_again(desk):
    got = record(desk.page("https://press.example/x"), "https://press.example/x", CLINIC_TITLE, CLINIC)
    with pytest.raises(RuntimeError), desk.store.write() as w:
        desk.stories.place(w, w.save_article(got, NOON), got, NOON)
        raise RuntimeError("the power fails")
    desk.stories.forget()
    a, story = desk.put(PHARMACY_TITLE, PHARMACY)
    _, other = desk.put("体检车开进山村", CLINIC, "portal", 3)
    assert story != other and desk.members(story) == [a]


def test_boilerplate_is_learned_per_outlet_and_by_a_fresh_process(desk):
    tail = "\n每晚八点，主播在直播间等您，聊聊身边的健康事，还有小礼物相送。\n我们为您准备了四季养生手册，进店即可领取，先到先得，领完为止。"
    for text in (CLINIC, PHARMACY, bulletin(3, 14, 344, 316)):
        desk.put(text[:12], text + tail, "portal")
    fresh = Desk(desk.place)
    fresh.put("另一篇稿件", PHARMACY[:60], "daily", url="https://fresh.example/1")
    fresh.store.close()
    for stories in (desk.stories, fresh.stories):
        assert sorted(len(line) for line in stories.boilerplate("portal")) == [27, 27]
        assert stories.boilerplate("daily") == ()


def test_what_is_kept_on_disk_is_only_used_for_the_database_it_was_made_of(desk, place, tmp_path):
    kept = tmp_path / "fingerprints.npz"
    a, story = desk.put(CLINIC_TITLE, CLINIC)
    desk.put(PHARMACY_TITLE, PHARMACY)
    desk.stories.index.save(kept)
    desk.stories = Stories(NAMES, kept=kept)
    assert desk.put("体检车开进山村", CLINIC, "portal", 3)[1] == story
    other = Desk(place())
    other.stories = Stories(NAMES, kept=kept)
    for text in (bulletin(1, 10, 300, 290), CLINIC, bulletin(2, 20, 320, 300)):
        b, home = other.put(text[:12], text)
    _, copy = other.put("体检车开进山村", CLINIC, "portal", 3)
    assert other.members(copy) == [b - 1, b + 1]
    other.store.close()


def _work(path, start, outlet, number):
    desk = Desk(path)
    start.wait()
    for k in range(number):
        desk.put(CLINIC_TITLE, CLINIC, outlet, k, url=f"https://{outlet}.example/{k}")
        desk.put(f"日报{k}", bulletin(k + 1, 10 + 3 * k, 300 + 7 * k, 280 + 5 * k), outlet, 24 * k, url=f"https://{outlet}.example/b{k}")
    desk.store.close()


def test_two_processes_with_two_copies_at_once_make_one_story(place):
    path, number = place(), 12
    open_store(path).close()
    context = multiprocessing.get_context("spawn")
    start = context.Event()
    workers = [context.Process(target=_work, args=(path, start, outlet, number)) for outlet in ("daily", "portal")]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    store = open_store(path)
    with store.write() as w:
        homes = {}
        for got in w.texts(list(range(1, 4 * number + 1))).values():
            homes.setdefault(got.article.title if got.article.title.startswith("日报") else "体检车", set()).add(w.story_of(got.id))
    store.close()
    assert len(homes) == number + 1 and all(len(stories) == 1 for stories in homes.values()), homes
    assert len(set().union(*homes.values())) == number + 1
