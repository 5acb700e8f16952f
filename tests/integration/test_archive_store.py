"""The archive in an object store, against a real S3 server: what is flushed is there for every host, what cannot be had is told apart."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from warcio.archiveiterator import ArchiveIterator

from app.house import House
from app.work import Worker
from config.init import make
from model.bureau import ArchiveSettings
from model.page import Page
from pipelines.archive import ArchiveAway, ArchiveError, iterate
from pipelines.archive_place import SHARED, BesideShared, open_archive
from servers import s3

NOW = datetime(2026, 11, 20, 2, 0, 5, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def store():
    if not s3.possible():
        pytest.fail(s3.ABSENT) if os.environ.get("JIANBAO_REQUIRE_S3") == "1" else pytest.skip(s3.ABSENT)
    with s3.running() as server:
        yield server


def at(store, prefix: str = "one", process: str = "crawl", **fields):
    settings = ArchiveSettings(f"s3://{s3.BUCKET}/{prefix}", store.endpoint, "us-east-1", s3.KEY, s3.SECRET, timeout_s=1)
    return open_archive(replace(settings, **fields), store.folder / "unused" / "archive", process, 500)


def page(n: int, body: bytes | None = None) -> Page:
    return Page(f"http://news.example/{n}.html", NOW, body or f"<p>稿件{n}</p>".encode() * 50, headers={"content-type": "text/html"})


def test_another_host_reads_what_one_has_flushed(store):
    writer, reader = at(store, "hosts"), at(store, "hosts", "work")
    refs = []
    for begin in (0, 20, 40):
        refs += [writer.append(page(n)) for n in range(begin, begin + 20)]
        writer.flush()
    assert len({r.file for r in refs}) == 3                       # one object a flush, no more
    assert reader.read_many(refs) == [page(n).body for n in range(60)]
    assert reader.read(refs[33]) == page(33).body
    writer.flush()
    assert len({p for p in store.objects() if "hosts" in p.parts}) == 3


def test_other_programs_read_the_object(store):
    archive = at(store, "whole")
    archive.append(page(1))
    archive.append(page(2))
    archive.close()
    [made] = [p for p in store.objects() if "whole" in p.parts]
    with open(made, "rb") as file:
        assert [r.rec_type for r in ArchiveIterator(file, check_digests=True)] == ["warcinfo", "response", "response"]
    assert [p.url for p in iterate([made])] == [page(1).url, page(2).url]


def test_what_is_held_can_be_read_by_its_own_process_and_grows_into_several_objects(store):
    archive = at(store, "large")
    refs = [archive.append(page(n, os.urandom(9_000_000))) for n in range(5)]
    assert len({r.file for r in refs}) == 2                       # memory is bounded, asked or not
    bodies = archive.read_many(refs)
    archive.flush()
    assert archive.read_many(refs) == bodies and all(isinstance(b, bytes) and len(b) == 9_000_000 for b in bodies)


def test_gone_changed_and_outside_are_named(store):
    archive = at(store, "gone")
    ref = archive.append(page(1))
    archive.flush()
    for wrong in (replace(ref, file="20200101/none.warc.gz"), replace(ref, sha256="0" * 64), replace(ref, file="../whole/x.warc.gz"),
                  replace(ref, offset=ref.offset + 10_000_000)):
        with pytest.raises(ArchiveError) as told:
            archive.read(wrong)
        assert not isinstance(told.value, ArchiveAway)


def test_a_store_that_is_away_is_not_a_page_that_is_lost(store):
    archive, later = at(store, "away"), at(store, "away", "work")
    ref = archive.append(page(1))
    archive.flush()
    store.stop()
    try:
        lost = archive.append(page(2))
        with pytest.raises(ArchiveAway, match="存档写不进去"):
            archive.flush()
        with pytest.raises(ArchiveAway, match="恢复后自动继续"):
            later.read(ref)
    finally:
        store.start()
    again = archive.append(page(2))
    archive.flush()
    assert later.read_many([ref, again]) == [page(1).body, page(2).body]
    assert isinstance(later.read_many([lost])[0], ArchiveError)    # never acknowledged, so never queued


def test_a_store_that_hangs_does_not_hang_us(store):
    archive = at(store, "hangs", timeout_s=0.5)
    ref = archive.append(page(1))
    archive.flush()
    store.hold()
    try:
        with pytest.raises(ArchiveAway):
            archive.read(ref)
    finally:
        store.go_on()
    assert archive.read(ref) == page(1).body


def test_work_gives_its_pages_back_and_goes_on_when_the_store_is_there_again(store, tmp_path, monkeypatch):
    monkeypatch.setenv("KEY_OF_TESTS", s3.KEY)
    monkeypatch.setenv("SECRET_OF_TESTS", s3.SECRET)
    make(tmp_path / "bureau", sample=True)
    with open(tmp_path / "bureau" / "settings.yaml", "a", encoding="utf-8") as file:
        file.write(f"archive: {{place: 's3://{s3.BUCKET}/work', endpoint: '{store.endpoint}', region: us-east-1, timeout_s: 1, "
                   "key_env: KEY_OF_TESTS, secret_env: SECRET_OF_TESTS}\n")
    house = House(tmp_path / "bureau", "test")
    pages = [page(n) for n in range(5)]
    refs = [house.archive.append(p) for p in pages]
    house.archive.flush()
    house.store.enqueue(list(zip(pages, refs, strict=True)), NOW)
    worker = Worker(house)
    store.stop()
    try:
        for _ in range(6):                                        # more often than a page may break before it is put aside
            with pytest.raises(ArchiveAway):
                worker.once()
            assert house.store.page_counts()["queued"] == 5
    finally:
        store.start()
    assert worker.once() and not worker.once()
    counts = house.store.page_counts()
    assert not counts["queued"] + counts["leased"] + counts["quarantined"]
    house.close()


def test_a_wrong_key_and_a_missing_bucket_are_told_without_the_key(store):
    for fields in ({"secret": "wrong-secret"}, {"place": "s3://nobody-made-it/x"}):
        archive = at(store, **fields)
        archive.append(page(1))
        with pytest.raises(ArchiveAway) as told:
            archive.flush()
        assert "wrong-secret" not in str(told.value) and s3.SECRET not in repr(ArchiveSettings(secret=s3.SECRET))


def test_a_bureau_reads_the_shared_archive_and_writes_its_own(store, tmp_path):
    shared, own = at(store, "province"), open_archive(ArchiveSettings(), tmp_path / "var" / "archive", "verify", 500)
    both = BesideShared(own, at(store, "province", "work"))
    ref = shared.append(page(1))
    shared.flush()
    mine = both.append(page(2))
    both.flush()
    public = replace(ref, file=SHARED + ref.file)
    assert both.read_many([mine, public, mine]) == [page(2).body, page(1).body, page(2).body]
    assert both.read(public) == page(1).body and (tmp_path / "var" / "archive" / mine.file).exists()
    both.close()


def test_a_folder_that_hosts_share(tmp_path):
    """As NFS gives it: one writes, another reads; a folder that is not there any more is away, not empty."""
    settings = ArchiveSettings(str(tmp_path / "nfs"))
    writer, reader = (open_archive(settings, tmp_path / name / "var" / "archive", name, 500) for name in ("a", "b"))
    ref = writer.append(page(1))
    writer.flush()
    assert reader.read(ref) == page(1).body and not (tmp_path / "a").exists()
    (tmp_path / "nfs").rename(tmp_path / "elsewhere")
    with pytest.raises(ArchiveAway):
        reader.read(ref)
    writer.close()
