"""The clipping booklet: one clip a story, its text as printed, with address, capture time, hash and reposts; contents with page numbers."""

import re
import struct
import subprocess
import zlib

import pytest
from dashboards import booklet
from dashboards.weeks import span_at
from dashboards_office import NOW, world


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("booklet"))
    made.fill()
    return made


def png(width=40, height=20):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + b"\x80\x20\x20" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def pages(data, tmp_path):
    (tmp_path / "b.pdf").write_bytes(data)
    try:
        text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "b.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("pdftotext is not on this machine")
    return [re.sub(r"\s+", "", page) for page in text.split("\f")[:-1]]


def test_one_clip_a_story_with_its_text_and_its_proof(made):
    desk = made.office.digests
    digest = desk.digest(span_at("week", NOW))
    items = booklet.chosen(digest)
    assert len(items) == len({i.story_id for i in digest.items}) and all(i.is_first for i in items)
    for item in items:
        clip, held = booklet.clip(made.store, item, desk.mask), made.store.clipping(item.article_id)
        assert "\n".join(clip.paragraphs) == held.article.text and clip.sha256 == held.ref.sha256 and clip.url == held.article.url
        copies = [c for c in made.store.story_copies(item.story_id) if c.id != item.article_id]
        assert [c[0] for c in clip.copies] == [c.outlet_name for c in copies] and clip.more == 0
    first = next(i for i in items if i.title == "云川市人民医院开设夜间门诊")
    assert len(booklet.clip(made.store, first, desk.mask).copies) == 2


def test_contents_name_the_pages_on_which_the_clips_stand(made, tmp_path):
    desk = made.office.digests
    digest = desk.digest(span_at("week", NOW))
    items = booklet.chosen(digest)
    got = pages(desk.file(digest.span, "booklet")[2], tmp_path)
    assert len(got) == 2 + len(items) and "内部资料注意保存" in got[0] and digest.number in got[0] and "目录" in got[1]
    for number, item in enumerate(items):
        page = got[2 + number]
        assert re.sub(r"\s+", "", item.title) in page and f"—{number + 2}—" in page and "SHA-256" in page and re.sub(r"\s+", "", item.url) in page
        assert re.search(re.escape(re.sub(r"\s+", "", item.title)) + r".{0,60}?" + str(number + 2), got[1])


def test_a_left_out_piece_is_not_in_it_and_a_captured_picture_is(made, tmp_path):
    desk = made.office.digests
    digest = desk.digest(span_at("week", NOW))
    bare = booklet.made(made.store, digest, desk.mask)
    pictured = booklet.made(made.store, digest, desk.mask, lambda article_id: png())
    assert b"/Subtype/Image" in pictured.replace(b" ", b"") and b"/Subtype/Image" not in bare.replace(b" ", b"")
    patient = made.clip("患者来信反映云川市人民医院候诊久", "患者张三（男，35岁）来信，电话13812345678，云川市人民医院已答复。")
    held_back = booklet.made(made.store, desk.digest(digest.span), desk.mask, lambda article_id: png() if article_id == patient else None)
    assert b"/Subtype/Image" not in held_back.replace(b" ", b"") and "未附" in "".join(pages(held_back, tmp_path))
    gone = digest.items[0]
    desk.edit(digest.span, "李处长", "leave_out", gone.article_id)
    assert gone.article_id not in {i.article_id for i in booklet.chosen(desk.digest(digest.span))}
