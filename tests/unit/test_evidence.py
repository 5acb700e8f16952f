"""Evidence: the chain tells any change, packs are whole and offline-verifiable, and cost no memory."""

from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from docx import Document
from fsspec.implementations.local import LocalFileSystem
from openpyxl import load_workbook

from model.claim import Form, FormRow
from model.page import Page
from pipelines import packs
from pipelines.archive import WarcArchive
from pipelines.archive_object import ObjectArchive
from pipelines.archive_place import SHARED, BesideShared
from pipelines.evidence import Evidence, EvidenceError, chain_of
from pipelines.store import open_store

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=timezone.utc)


class Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def desk(tmp_path):
    """(evidence, the claims of one submission)"""
    store = open_store(tmp_path / "jianbao.db")
    rows = (
        FormRow("1", '=HYPERLINK("http://x")', "2026-11-05", "云川日报"),
        FormRow("2", "标题/里有:斜线*和问号?", "2026-11-06", "云川网"),
        FormRow("3", "第三篇", "2026-11-07", "云川网"),
    )
    store.hand_in("syy", "2026Q4", "联络员", Form("表.xlsx", "00", rows), NOW)
    yield Evidence(store, tmp_path / "evidence", WarcArchive(tmp_path / "archive", "test"), Clock()), store.claims(unit_id="syy")
    store.close()


def fill(evidence, claims, each: int = 2) -> None:
    for claim in claims:
        for n in range(each):
            evidence.keep(
                claim,
                "material",
                f"图{n}.jpg",
                "image/jpeg",
                f"{claim.id}-{n}".encode() * 100,
                NOW,
                "http://a.example/1",
                {"title": claim.row.title},
            )


def pack(evidence, claims, folder: Path) -> Path:
    return packs.make(evidence, claims, "云川市第一人民医院", "syy", "2026Q4", folder, NOW).path


def test_items_are_chained_and_the_same_bytes_are_kept_once(desk):
    evidence, claims = desk
    fill(evidence, claims)
    fill(evidence, claims)
    items = evidence.store.evidence_chain(chain_of("syy", "2026Q4"))
    assert (
        [i.seq for i in items] == [1, 2, 3, 4, 5, 6]
        and all(b.previous == a.hash for a, b in zip(items, items[1:]))
        and items[0].previous == ""
    )
    assert evidence.faults(chain_of("syy", "2026Q4")) == []


def test_the_record_cannot_be_changed_in_the_database(desk, tmp_path):
    evidence, claims = desk
    fill(evidence, claims)
    with sqlite3.connect(tmp_path / "jianbao.db") as raw:
        for change in (
            "UPDATE evidence SET url = 'x'",
            "DELETE FROM evidence",
            "DELETE FROM claim_event",
            "UPDATE recheck SET state = 'same'",
        ):
            if "recheck" not in change:
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    raw.execute(change)


def test_a_changed_removed_or_forged_item_shows(desk, tmp_path):
    evidence, claims = desk
    fill(evidence, claims)
    items, chain = evidence.store.evidence_chain(chain_of("syy", "2026Q4")), chain_of("syy", "2026Q4")
    place = tmp_path / "evidence" / items[2].file
    place.chmod(0o600)
    place.write_bytes(b"other")
    assert any("第3号" in f and "SHA-256" in f for f in evidence.faults(chain))
    with pytest.raises(EvidenceError):
        evidence.copy_to(items[2], io.BytesIO())
    place.unlink()
    assert any("第3号" in f and "读不出" in f for f in evidence.faults(chain))
    with sqlite3.connect(tmp_path / "jianbao.db") as raw:
        raw.execute("DROP TRIGGER evidence_no_update")
        raw.execute("DROP TRIGGER evidence_no_delete")
        raw.execute("UPDATE evidence SET seen_at = seen_at - 86400000000 WHERE seq = 2")
        raw.execute("DELETE FROM evidence WHERE seq = 5")
    found = evidence.faults(chain)
    assert any("第2号" in f and "改动" in f for f in found) and any("第5号缺失" in f for f in found)


def test_an_item_may_not_lie_outside_its_folder(desk):
    from dataclasses import replace
    evidence, claims = desk
    fill(evidence, claims, 1)
    item = evidence.store.evidence_chain(chain_of("syy", "2026Q4"))[0]
    for file in ("../jianbao.db", "/etc/passwd", "warc:../../etc/passwd:0:10"):
        with pytest.raises(EvidenceError):
            evidence.copy_to(replace(item, file=file), io.BytesIO())


def test_a_pack_is_named_indexed_and_verified(desk, tmp_path):
    evidence, claims = desk
    fill(evidence, claims)
    path = pack(evidence, claims, tmp_path / "out")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheet = load_workbook(io.BytesIO(archive.read("目录.xlsx")))["目录"]
        text = "\n".join(p.text for p in Document(io.BytesIO(archive.read("目录.docx"))).paragraphs)
        manifest = json.loads(archive.read("manifest.json"))
    assert (
        "1+=HYPERLINK( http x )/图0.jpg" in names
        and "3+第三篇/图1.jpg" in names
        and not any(set(n.split("/")[0]) & set('\\:*?"<>|') for n in names)
    )
    assert sheet["C2"].value == '=HYPERLINK("http://x")' and sheet["C2"].data_type == "s" and sheet["C2"].quotePrefix
    assert manifest["last_hash"] in text and "不是公证" in text and sheet.max_row >= 8
    found = packs.check(path, evidence.store.evidence_chain("syy/2026Q4"))
    assert found.wrong == () and (found.count, found.chain, found.last_hash) == (6, "syy/2026Q4", manifest["last_hash"])


def rewritten(path: Path, target: Path, change) -> Path:
    """The pack with `change(name, data)` applied to each member; None leaves it out."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def without(number: int, total: bool):
    """A manifest from which an item was taken out, with or without mending the head."""
    def change(name, data):
        if name != "manifest.json":
            return data
        manifest = json.loads(data)
        del manifest["items"][number]
        if total:
            manifest["count"], manifest["last_hash"] = len(manifest["items"]), manifest["items"][-1]["hash"]
        return json.dumps(manifest).encode()
    return change


def forged(name, data):
    if name != "manifest.json":
        return data
    manifest = json.loads(data)
    manifest["items"][1]["seen_at"] = "2026-10-01T00:00:00.000000Z"
    return json.dumps(manifest).encode()


CHANGES = {
    "a file altered": (lambda n, d: d + b"x" if n.endswith("图1.jpg") else d, "被改动"),
    "a file removed": (lambda n, d: None if n.startswith("3+") else d, "文件缺失"),
    "an item removed": (without(2, False), "缺失"),
    "an item removed and the head mended": (without(2, True), "缺失"),
    "the end cut off": (without(5, False), "末尾"),
    "a time altered": (forged, "记录被改动"),
    "the index altered": (lambda n, d: d + b" " if n == "目录.xlsx" else d, "目录.xlsx"),
    "no manifest": (lambda n, d: None if n == "manifest.json" else d, "缺少清单"),
    "a broken manifest": (lambda n, d: b"{" if n == "manifest.json" else d, "读不出"),
}


@pytest.mark.parametrize("change, why", CHANGES.values(), ids=CHANGES)
def test_any_change_to_a_pack_is_told_by_us_and_by_the_script_inside(desk, tmp_path, change, why):
    evidence, claims = desk
    fill(evidence, claims)
    path = pack(evidence, claims, tmp_path)
    bad = rewritten(path, tmp_path / "bad.zip", change)
    assert any(why in w for w in packs.check(bad).wrong), packs.check(bad)
    with zipfile.ZipFile(path) as archive:
        (tmp_path / "verify_pack.py").write_bytes(archive.read("verify_pack.py"))
    told = {
        p: subprocess.run([sys.executable, "-I", "-S", str(tmp_path / "verify_pack.py"), str(p)], capture_output=True, text=True)
        for p in (bad, path)
    }
    assert told[bad].returncode == 1 and why in told[bad].stdout
    assert told[path].returncode == 0 and "完好" in told[path].stdout


def test_an_added_file_and_a_flipped_bit_are_told(desk, tmp_path):
    evidence, claims = desk
    fill(evidence, claims)
    path = pack(evidence, claims, tmp_path)
    added = rewritten(path, tmp_path / "added.zip", lambda n, d: d)
    with zipfile.ZipFile(added, "a") as archive:
        archive.writestr("4+补充/图.jpg", b"x")
    assert any("多出" in w for w in packs.check(added).wrong)
    data, rng = path.read_bytes(), random.Random(7)
    with zipfile.ZipFile(path) as archive:
        info = next(i for i in archive.infolist() if i.filename.endswith("图0.jpg"))
    for _ in range(20):
        at = info.header_offset + 30 + len(info.orig_filename.encode()) + rng.randrange(50, info.compress_size)
        (tmp_path / "flip.zip").write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1:])
        assert packs.check(tmp_path / "flip.zip").wrong


def test_a_pack_rewritten_as_a_whole_is_told_by_the_record(desk, tmp_path):
    from pipelines.packs.verify_pack import seal
    evidence, claims = desk
    fill(evidence, claims)
    path = pack(evidence, claims, tmp_path)

    def forge(name, data):
        if name != "manifest.json":
            return data
        manifest, previous = json.loads(data), ""
        for item in manifest["items"]:
            item["seen_at"], item["previous"] = "2026-10-01T00:00:00.000000Z", previous
            previous = item["hash"] = seal(item)
        manifest["last_hash"] = previous
        return json.dumps(manifest).encode()

    forged_pack = rewritten(path, tmp_path / "forged.zip", forge)
    assert packs.check(forged_pack).wrong == ()
    assert any("留存" in w for w in packs.check(forged_pack, evidence.store.evidence_chain("syy/2026Q4")).wrong)


def test_an_unpacked_folder_is_verified_too(desk, tmp_path):
    evidence, claims = desk
    fill(evidence, claims)
    with zipfile.ZipFile(pack(evidence, claims, tmp_path)) as archive:
        archive.extractall(tmp_path / "open")
    assert packs.check(tmp_path / "open").wrong == ()
    (tmp_path / "open" / "核验说明.txt").write_text("x", encoding="utf-8")
    assert packs.check(tmp_path / "open").wrong


def test_no_pack_is_left_when_an_item_is_gone(desk, tmp_path):
    evidence, claims = desk
    fill(evidence, claims)
    item = evidence.store.evidence_chain("syy/2026Q4")[3]
    (tmp_path / "evidence" / item.file).unlink()
    with pytest.raises(EvidenceError, match="第4号"):
        pack(evidence, claims, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_five_hundred_items_are_packed_in_bounded_memory(desk, tmp_path):
    evidence, claims = desk
    big = random.Random(1).randbytes(400_000)
    for n in range(500):
        evidence.keep(claims[n % 3], "material", f"图{n}.jpg", "image/jpeg", big + str(n).encode(), NOW)
    tracemalloc.start()
    path = pack(evidence, claims, tmp_path)
    wrong = packs.check(path).wrong
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert wrong == () and path.stat().st_size > 200_000_000 and peak < 30_000_000


@pytest.mark.parametrize("place", ["own", "shared", "bucket"])
def test_the_raw_answer_is_had_from_wherever_the_archive_lies(desk, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)                # a bucket's name is no path: it has no slash before it
    evidence, claims = desk
    own, bucket = WarcArchive(tmp_path / "own", "a"), ObjectArchive(lambda: LocalFileSystem(auto_mkdir=True), "bucket", "b")
    kept = {"own": own, "shared": WarcArchive(tmp_path / "shared", "c"), "bucket": bucket}[place]
    ref = kept.append(Page("http://a.example/1", NOW, b"<p>page</p>", 200, {"content-type": "text/html"}))
    kept.flush()
    evidence.archive = BesideShared(own, kept) if place == "shared" else kept
    ref = replace(ref, file=SHARED + ref.file) if place == "shared" else ref
    raw, told = evidence.attempt(claims[0], "http://a.example/1", NOW, "不是一篇稿件", 200, ref)
    held = io.BytesIO()
    evidence.copy_to(raw, held)
    assert b"<p>page</p>" in gzip.decompress(held.getvalue()) and told.meta["status"] == "200"
    assert evidence.faults(chain_of("syy", "2026Q4")) == []
    with pytest.raises(EvidenceError):
        evidence.attempt(claims[0], "http://a.example/1", NOW, "x", 200, replace(ref, length=ref.length + 9_000_000))
