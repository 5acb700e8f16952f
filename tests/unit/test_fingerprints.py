"""Fingerprints: equal to the simhash package, exact look-up, keys that find cut copies."""

import random

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from press_texts import CLINIC, CLINIC_TITLE, PHARMACY, PHARMACY_TITLE
from simhash import Simhash

from analysis.cleaning import clean
from analysis.fingerprints import FingerprintIndex, gram_hash, grams, probes, signature, simhash, simhash_of
from analysis.hamming import Prints
from analysis.keys import Keys
from model.clipping import Signature


def by_package(text: str) -> int:
    return Simhash(grams(text), hashfunc=lambda gram: gram_hash(gram.decode())).value


@pytest.mark.parametrize("text", [CLINIC, PHARMACY, CLINIC[:2], "医" * 400, "医院" * 150 + "abc"])
def test_simhash_equals_the_package(text):
    assert simhash_of(text) == by_package(text)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x2FFFF, exclude_categories=("Cs",)), min_size=1, max_size=300))
def test_simhash_equals_the_package_on_any_text(text):
    assert simhash_of(text) == by_package(text)


def test_simhash_is_taken_over_the_cleaned_body():
    dressed = "据新华社北京11月16日电（记者 李明）" + CLINIC + "\n（责任编辑：王五）\n声明：未经授权不得转载，违者将追究法律责任。"
    assert simhash(dressed) == simhash_of(clean(dressed).text)
    assert clean(dressed).text == clean(CLINIC).text


def test_near_is_exact_at_any_radius():
    rng = random.Random(1)
    index = FingerprintIndex()
    held = [rng.getrandbits(64) for _ in range(3000)]
    for article_id, fingerprint in enumerate(held, 1):
        index.add(article_id, fingerprint)
    wanted = held[17] ^ 0b1011
    for radius in (0, 3, 13, 25):
        brute = {(i, (f ^ wanted).bit_count()) for i, f in enumerate(held, 1) if (f ^ wanted).bit_count() <= radius}
        assert set(index.near(wanted, radius)) == brute
    assert index.near(held[17], 0) == [(18, 0)]
    assert len(index) == 3000 and index.last_id == 3000


@pytest.fixture(scope="module")
def many():
    """A million and a half fingerprints as edits make them: crowds around a few thousand texts."""
    noise = np.random.default_rng(4)
    held = noise.integers(0, 2**64, 3000, dtype=np.uint64)[noise.integers(0, 3000, 1_500_000)]
    for _ in range(20):
        held ^= np.where(noise.random(len(held)) < 0.5, np.uint64(1) << noise.integers(0, 64, len(held), dtype=np.uint64), np.uint64(0))
    return held


@pytest.mark.parametrize("lot", [1_500_000, 100_000], ids=["loaded at once", "grown by lots"])
def test_near_is_exact_in_blocks_and_tail(many, lot):
    prints = Prints()
    for start in range(0, len(many), lot):
        prints.extend(many[start:start + lot])
    assert len(prints) == len(many) and (prints.whole() == many).all()
    for row in (0, 262_144, 800_001, 1_200_000, 1_499_999):
        wanted = int(many[row]) ^ 1 << row % 64
        distances = np.bitwise_count(many ^ np.uint64(wanted))
        for radius in (0, 1, 2, 5, 12, 13, 15):
            assert prints.near(wanted, radius) == {int(r): int(distances[r]) for r in np.flatnonzero(distances <= radius)}


def test_fingerprints_added_one_by_one_are_put_in_order(many):
    prints, count = Prints(), 300_000
    for fingerprint in many[:count].tolist():
        prints.append(fingerprint)
    wanted = int(many[7])
    distances = np.bitwise_count(many[:count] ^ np.uint64(wanted))
    assert prints.near(wanted, 13) == {int(r): int(distances[r]) for r in np.flatnonzero(distances <= 13)}


def test_keys_are_found_however_many_there_are():
    rows = np.repeat(np.arange(300_000), 5)
    held = np.random.default_rng(5).integers(0, 2**63, len(rows), dtype=np.uint64)
    at_once, by_lots = Keys(), Keys()
    at_once.extend(held, rows)
    for start in range(0, len(held), 70_000):
        by_lots.extend(held[start:start + 70_000], rows[start:start + 70_000])
    for key in range(100):
        by_lots.append(key, 300_000 + key)
    assert by_lots.rows([7, 99], 40) == [300_007, 300_099]
    for place in (0, 5, 599_999, 700_001, len(held) - 1):
        for keys in (at_once, by_lots):
            assert int(rows[place]) in keys.rows([int(held[place])], 40)
    assert len(at_once.rows(held[::1000].tolist(), 40)) <= len(held[::1000]) + 60         # hardly one taken for another
    keys, owners = at_once.whole()
    order = np.lexsort((held & np.uint64(2**31 - 1), rows))
    assert (owners == rows[order]).all() and (keys == (held & np.uint64(2**31 - 1))[order]).all()
    assert at_once.nbytes < 6 * len(held)


def test_keys_are_found_across_runs_and_newest_come_first():
    index = FingerprintIndex()
    for article_id in range(1, 20_001):
        index.add(article_id, article_id, keys=(article_id % 500, 10_000_000 + article_id))
    assert index.sharing([10_000_007]) == {7: 1}
    found = index.sharing([3, 10_019_503], most=5)
    assert found == {19503: 2, 19003: 1, 18503: 1, 18003: 1, 17503: 1}
    assert index.sharing([999_999_999]) == {}


def test_loading_at_once_equals_adding_one_by_one():
    rng = random.Random(2)
    prints = [rng.getrandbits(64) for _ in range(5000)]
    keys = [rng.getrandbits(63) for _ in range(5000)]
    one, two = FingerprintIndex(), FingerprintIndex()
    for i, (fingerprint, key) in enumerate(zip(prints, keys)):
        one.add(i + 1, fingerprint, (key,))
    two.load(np.arange(1, 5001), np.array(prints, dtype=np.uint64), np.array(keys, dtype=np.uint64), np.arange(5000))
    assert two.near(prints[77], 20) == one.near(prints[77], 20)
    assert two.sharing([keys[4321]]) == one.sharing([keys[4321]]) == {4322: 1}
    two.add(9001, 5, (keys[4321],))
    assert two.sharing([keys[4321]]) == {4322: 1, 9001: 1} and two.last_id == 9001


def test_many_signatures_at_once_are_found_as_one_by_one():
    rng = random.Random(6)
    held = [Signature(n, rng.getrandbits(64), 300, tuple(rng.getrandbits(62) for _ in range(n % 4))) for n in range(1, 6001)]
    at_once, one_by_one = FingerprintIndex(), FingerprintIndex()
    at_once.add_signatures(held)
    for one in held:
        one_by_one.add_signature(one)
    for one in held[::500]:
        assert at_once.near(one.simhash, 20) == one_by_one.near(one.simhash, 20)
        assert at_once.sharing(one.keys) == one_by_one.sharing(one.keys) == ({one.article_id: len(one.keys)} if one.keys else {})
    assert at_once.last() == one_by_one.last() == (6000, held[-1].simhash)


CUTS = {
    "opening kept": CLINIC[:170],
    "closing kept": CLINIC[-170:],
    "a foreword added": PHARMACY[:150] + "\n" + CLINIC,
    "another piece behind": CLINIC + "\n" + PHARMACY,
}


@pytest.mark.parametrize("text", CUTS.values(), ids=CUTS)
def test_cut_and_extended_copies_are_candidates(text):
    index = FingerprintIndex()
    index.add_signature(signature(CLINIC_TITLE, CLINIC, article_id=1))
    index.add_signature(signature("另一件事", "完全不相干的文字，说的是足球比赛的比分和观众的反应。" * 9, article_id=2))
    title = "换了的标题不相同"
    assert index.candidates(signature(title, text, article_id=3), probes(title, text)) == [1]


@pytest.mark.parametrize("start", range(0, 200, 40))
def test_a_middle_part_and_the_whole_find_each_other(start):
    part, title = clean(CLINIC).text[start:start + 120], "换了的标题不相同"
    for held, wanted in ((part, CLINIC), (CLINIC, part)):
        index = FingerprintIndex()
        index.add_signature(signature("", held, article_id=1))
        found = index.candidates(signature(title, wanted, article_id=2), probes(title, wanted))
        assert found == [1] or held == CLINIC      # what is kept of the whole need not lie in so small a part


def test_equal_titles_are_candidates_whatever_the_outlet_adds():
    index = FingerprintIndex()
    index.add_signature(signature(PHARMACY_TITLE + " - 云川新闻网", "短讯一则，详见视频。", article_id=1))
    assert index.candidates(signature("【图】" + PHARMACY_TITLE, PHARMACY, article_id=2)) == [1]


def test_a_signature_is_small_and_never_its_own_candidate():
    held = signature(CLINIC_TITLE, CLINIC, article_id=5)
    assert len(held.keys) <= 8 and all(0 <= k < 2**63 for k in held.keys) and 0 <= held.simhash < 2**64
    index = FingerprintIndex()
    index.add_signature(held)
    assert index.candidates(held) == []
    assert signature("", "").keys == () and signature("", "").length == 0


def test_an_index_is_kept_on_disk_and_read_again(tmp_path):
    index, rng = FingerprintIndex(), random.Random(3)
    for article_id in range(1, 6001):
        index.add(article_id, rng.getrandbits(64), (article_id * 7919, 5))
    index.save(tmp_path / "held.npz", unsaved=1000)
    again = FingerprintIndex.read(tmp_path / "held.npz")
    assert len(again) == again.last_id == 5000 and again.last() is not None
    assert again.sharing([4000 * 7919]) == {4000: 1} and again.sharing([5500 * 7919]) == {}
    assert again.near(again.last()[1], 0) == [(5000, 0)] == index.near(again.last()[1], 0)
    assert FingerprintIndex.read(tmp_path / "none.npz") is None
    (tmp_path / "broken.npz").write_bytes((tmp_path / "held.npz").read_bytes()[:500])
    assert FingerprintIndex.read(tmp_path / "broken.npz") is None
