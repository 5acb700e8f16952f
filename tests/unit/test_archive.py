"""The archive of raw pages: what goes in comes out byte for byte, readable by others, whatever breaks in between."""

import gzip
import io
import os
import random
import zlib
from collections import Counter
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from model.page import Page
from pipelines.archive import ArchiveError, WarcArchive, iterate

NOW = datetime(2026, 11, 20, 2, 0, 5, 250000, tzinfo=timezone.utc)
GBK = "<title>市人民医院</title>".encode("gb18030")


def page(n: int = 1, body: bytes = GBK, **fields) -> Page:
    return Page(f"http://news.example/{n}.html", NOW, body, **{"headers": {"content-type": "text/html; charset=gb2312"}} | fields)


@pytest.fixture
def archive(tmp_path):
    kept = WarcArchive(tmp_path / "archive", "crawl")
    yield kept
    kept.close()


def whole(archive):
    return sorted(archive.folder.rglob("*.warc.gz"))


@pytest.mark.parametrize("body", [GBK, b"", b"\r\n\r\n\r\n\r\n", bytes(range(256)) * 999, b"WARC/1.1\r\n\r\nHTTP/1.1 200\r\n\r\n"],
                         ids=["gbk", "empty", "blank lines", "binary", "a record inside"])
def test_a_body_comes_back_byte_for_byte(archive, body):
    refs = [archive.append(page(n, body)) for n in range(3)]
    archive.flush()
    assert [archive.read(r) for r in refs] == [body] * 3
    assert refs[1].offset == refs[0].offset + refs[0].length


def test_other_programs_read_the_file(archive):
    archive.append(page(1, headers={"content-type": "text/html", "content-encoding": "gzip", "transfer-encoding": "chunked",
                                    "content-length": "5"},
                        status=404))
    archive.close()
    with open(whole(archive)[0], "rb") as file:
        info, record = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read(), r.http_headers)
                        for r in ArchiveIterator(file, check_digests=True)]
    assert info[0] == "warcinfo"
    assert record[:3] == ("response", "http://news.example/1.html", GBK)
    assert record[3].get_statuscode() == "404"
    assert record[3].get_header("X-Archive-Orig-content-encoding") == "gzip"   # what is kept is decoded: the header would lie
    assert record[3].get_header("Content-Length") == str(len(GBK))


def test_pages_of_our_own_file_come_back(archive):
    given = [page(n) for n in range(3)]
    for one in given:
        archive.append(one)
    archive.close()
    back = list(iterate(whole(archive)))
    assert [(p.url, p.body, p.status, p.fetched_at) for p in back] == [(p.url, p.body, 200, NOW) for p in given]
    assert back[0].headers["content-type"] == "text/html; charset=gb2312"


def test_hostile_headers_stay_in_their_line(archive):
    archive.append(replace(page(1), url="http://a.example/\r\nWARC-Type: evil",
                           headers={"x\r\n\r\nbody": "1\r\n\r\n<script>", "location": "坏\ud800"}))
    archive.close()
    [back] = iterate(whole(archive))
    assert (back.body, back.url) == (GBK, "http://a.example/%20%20WARC-Type:%20evil")


def test_what_is_not_flushed_can_be_read_by_its_own_process(archive):
    assert archive.read(archive.append(page())) == GBK


def test_each_process_name_time_and_size_has_its_file(tmp_path):
    archive = WarcArchive(tmp_path, "work/1", max_mb=1)
    noise = os.urandom(400_000)
    refs = [archive.append(page(n, noise)) for n in range(5)]
    archive.close()
    names = list(dict.fromkeys(r.file for r in refs))
    assert [sum(r.file == n for r in refs) for n in names] == [2, 2, 1]
    assert all(n.split("/")[1].startswith(f"work-1-{os.getpid()}-") for n in names)
    assert archive.read_many(refs) == [noise] * 5


def test_a_changed_byte_is_noticed(archive):
    ref = archive.append(page())
    archive.close()
    with pytest.raises(ArchiveError, match="SHA-256"):
        archive.read(replace(ref, sha256="0" * 64))
    data = bytearray(whole(archive)[0].read_bytes())
    data[ref.offset + ref.length // 2] ^= 0xFF
    whole(archive)[0].write_bytes(data)
    with pytest.raises(ArchiveError, match="处理办法"):
        archive.read(ref)


def test_a_lost_file_and_a_cut_record_are_named(archive):
    ref, other = archive.append(page(1)), archive.append(page(2))
    archive.close()
    assert isinstance(archive.read_many([replace(ref, file="20200101/none.warc.gz")])[0], ArchiveError)
    with open(whole(archive)[0], "r+b") as file:
        file.truncate(other.offset + 20)
    first, second = archive.read_many([ref, other])
    assert first == GBK and isinstance(second, ArchiveError)


def test_a_reference_cannot_lead_outside(archive, tmp_path):
    ref = archive.append(page())
    (tmp_path / "secret").write_bytes(b"x")
    with pytest.raises(ArchiveError, match="目录之外"):
        archive.read(replace(ref, file="../secret"))


def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="处理办法"):
        WarcArchive(tmp_path / "file", "crawl").append(page())


def test_after_a_fork_the_child_has_its_own_file(archive):
    mine = archive.append(page(1))
    child = os.fork()
    if not child:
        try:
            theirs = archive.append(page(2))
            archive.flush()
            os._exit(0 if theirs.file != mine.file else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    second = archive.append(page(3))
    archive.flush()
    assert (second.file, archive.read(mine), archive.read(second)) == (mine.file, GBK, GBK)
    assert len(whole(archive)) == 2
    assert sorted(p.url[-6] for p in iterate(whole(archive))) == ["1", "2", "3"]


def other_warc(tmp_path, *records, packed: bool = True):
    """A WARC as other crawlers write it: (kind, url, headers, content)."""
    path = tmp_path / ("other.warc.gz" if packed else "other.warc")
    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=packed)
        for kind, url, headers, content in records:
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1") if kind in ("response", "request") else None
            writer.write_record(writer.create_warc_record(url, kind, payload=io.BytesIO(content), http_headers=http,
                                                          warc_content_type=None if http else "text/html"))
    return path


def test_content_is_decoded_and_what_is_no_page_left_out(tmp_path):
    packed = gzip.compress(GBK)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    path = other_warc(
        tmp_path,
        ("response", "http://a/1", [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")], chunked),
        ("response", "http://a/2", [("Content-Encoding", "deflate")], zlib.compress(GBK)),
        ("request", "http://a/2", [], b""), ("metadata", "http://a/3", None, b"x"), ("resource", "http://a/4", None, GBK),
        ("response", "dns:a", [], b"1.2.3.4"))
    skipped = Counter()
    assert [(p.url, p.body, p.status) for p in iterate([path], skipped)] == [(f"http://a/{n}", GBK, 200) for n in (1, 2, 4)]
    assert skipped == {"不是网页地址": 1}


def test_a_small_record_cannot_become_a_large_page(tmp_path):
    bomb = gzip.compress(b"0" * 3_000_000)
    path = other_warc(tmp_path, ("response", "http://a/1", [("Content-Encoding", "gzip")], bomb), ("response", "http://a/2", [], GBK))
    skipped = Counter()
    assert [p.url for p in iterate([path], skipped, max_bytes=1_000_000)] == ["http://a/2"]
    assert skipped == {"内容过大": 1}


@pytest.mark.parametrize("packed, into", [(True, 0), (True, 40), (True, 300), (True, 1400), (False, 2)])
def test_a_broken_record_costs_only_itself(tmp_path, packed, into):
    chance = random.Random(into)
    noise = [chance.randbytes(3000).hex().encode() for _ in range(5)]
    path = other_warc(tmp_path, *(("response", f"http://a/{n}", [], noise[n]) for n in range(5)), packed=packed)
    with open(path, "rb") as file:
        records = ArchiveIterator(file)
        starts = [(records.offset, record.content_stream().read())[0] for record in records]
    data = bytearray(path.read_bytes())
    data[starts[2] + into:starts[2] + into + 60] = chance.randbytes(60)
    path.write_bytes(data)
    skipped = Counter()
    assert [(p.url, p.body) for p in iterate([path], skipped)] == [(f"http://a/{n}", noise[n]) for n in (0, 1, 3, 4)]
    assert skipped


def test_files_that_are_no_warc_are_not_fatal(tmp_path, archive):
    archive.append(page())
    archive.close()
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    (tmp_path / "junk.warc.gz").write_bytes(random.Random(5).randbytes(5000))
    (tmp_path / "page.warc").write_bytes(b"<html>" * 500)
    skipped = Counter()
    pages = list(iterate([tmp_path / "empty.warc.gz", tmp_path / "junk.warc.gz", tmp_path / "page.warc", *whole(archive)], skipped))
    assert [p.body for p in pages] == [GBK]
    assert sum(skipped.values()) == 2
