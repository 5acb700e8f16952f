"""Bytes to text: evidence over declaration, damage counted, what is no text refused."""

import pytest

from model.errors import Drop
from model.page import PageStatus
from pipelines.decode import MAX_BYTES, decode

TEXT = "青林市人民医院启动春季义诊，二十名医护人员走进社区，居民们说医生到了家门口，看病更方便了。"
TRADITIONAL = "青林市立醫院啟動春季義診，二十名醫護人員走進社區，居民們說醫生到了家門口，看病更方便了。"


def _page(text: str, charset: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}<title>义诊</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("said, real, read_as", [
    ("utf-8", "utf-8", "utf-8"),
    ("gb2312", "gb18030", "gb18030"),
    ("gb2312", "utf-8", "utf-8"),          # declared gb2312, truly UTF-8
    ("utf-8", "gb18030", "gb18030"),       # the reverse
    ("", "gb18030", "gb18030"),
    ("", "utf-8", "utf-8"),
    ("iso-8859-1", "utf-8", "utf-8"),
    ("iso-8859-1", "gb18030", "gb18030"),
    ("nonsense-7", "gb18030", "gb18030"),
])
def test_declared_and_real(said, real, read_as):
    decoded = decode(_page(TEXT, said).encode(real), {})
    assert TEXT in decoded.text
    assert (decoded.encoding, decoded.damaged) == (read_as, 0)
    assert decoded.reason


@pytest.mark.parametrize("said", ["big5", "", "gb2312"])
def test_big5(said):
    page = _page(TRADITIONAL, said).replace("<title>义诊", "<title>義診").encode("big5")
    decoded = decode(page, {})
    assert TRADITIONAL in decoded.text and decoded.encoding == "big5hkscs"


def test_rare_characters_beyond_gb2312():
    decoded = decode(_page("记者朱镕、李喆、王㛃、陈䶮报道：" + TEXT, "gb2312").encode("gb18030"), {})
    assert "朱镕、李喆、王㛃、陈䶮" in decoded.text and decoded.damaged == 0


def test_header_beats_silence_and_marks_beat_all():
    assert decode(_page(TEXT).encode("gb18030"), {"content-type": "text/html; charset=GBK"}).encoding == "gb18030"
    assert decode(b"\xef\xbb\xbf" + _page(TEXT, "gb2312").encode(), {"content-type": "text/html; charset=gbk"}).encoding == "utf-8"
    for name, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        decoded = decode(mark + _page(TEXT).encode(name), {})
        assert TEXT in decoded.text and decoded.encoding == name
    assert TEXT in decode(_page(TEXT).encode("utf-16-le"), {}).text


def test_foreign_run_inside_utf8_is_read():
    page = _page(TEXT, "utf-8").encode() + "<div>相关链接：本地天气预报</div>".encode("gb18030")
    decoded = decode(page, {})
    assert TEXT in decoded.text and "本地天气预报" in decoded.text and decoded.damaged == 0


def test_broken_bytes_are_counted():
    whole = _page(TEXT, "utf-8").encode()
    cut = whole.replace("居民".encode(), "居民".encode()[:-1])
    decoded = decode(cut, {})
    assert decoded.encoding == "utf-8" and decoded.damaged == 1 and "青林市人民医院" in decoded.text


def test_twice_encoded_utf8_is_restored():
    twice = _page(TEXT * 3, "utf-8").encode().decode("latin-1").encode("utf-8")
    decoded = decode(twice, {})
    assert TEXT in decoded.text and "二次编码" in decoded.reason


def test_null_bytes_and_controls_go():
    decoded = decode(_page(TEXT).replace("医护", "医\x00护\x07").encode(), {})
    assert TEXT in decoded.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n\t ",
        b"%PDF-1.7 x",
        b"PK\x03\x04abc",
        b"\x89PNG\r\n",
        b"\xff\xd8\xff\xe0",
        b"\x1f\x8b\x08\x00",
        bytes(range(256)) * 400,
        b"a" * (MAX_BYTES + 1),
    ],
    ids=["empty", "blank", "pdf", "zip", "png", "jpeg", "gzip", "binary", "huge"],
)
def test_what_is_no_text_is_refused(body):
    with pytest.raises(Drop) as decision:
        decode(body, {})
    assert decision.value.status is PageStatus.REFUSED and decision.value.reason


@pytest.mark.parametrize("foreign", ["据介绍", "这项活动将持续到四月底", "“义诊”"])
def test_a_run_of_another_encoding_amid_utf8_is_read_and_utf8_goes_on_behind_it(foreign):
    head, tail = "<meta charset=utf-8><p>青林市人民医院启动春季义诊，", "，覆盖全市十二个社区，每个周末安排一场。</p>"
    found = decode(head.encode() + foreign.encode("gb18030") + tail.encode())
    assert (found.text, found.damaged) == (head + foreign + tail, 0)
