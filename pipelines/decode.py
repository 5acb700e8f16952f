"""Bytes to text, once: byte-order mark, then evidence, then what the page or the server declares.

A declaration is only believed where the bytes do not contradict it: Chinese pages say gb2312 and
hold GBK or UTF-8, and the reverse.  gb2312 and gbk are always read as gb18030, big5 as its
Hong Kong superset.  No other module of this house turns page bytes into text.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Mapping

from model.errors import Drop
from model.page import PageStatus

MAX_BYTES = 12_000_000

_FAMILY = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "hz-gb-2312": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cp950": "big5hkscs",
    "utf8": "utf-8", "utf-8": "utf-8", "unicode": "utf-8",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BINARY = ((b"%PDF", "PDF 文件"), (b"PK\x03\x04", "压缩包或 Office 文件"), (b"\x89PNG", "PNG 图片"), (b"GIF8", "GIF 图片"),
           (b"\xff\xd8\xff", "JPEG 图片"), (b"\x1f\x8b", "gzip 数据"), (b"Rar!", "RAR 压缩包"), (b"\xd0\xcf\x11\xe0", "Office 文件"),
           (b"\x7fELF", "可执行文件"), (b"MZ\x90", "可执行文件"), (b"RIFF", "音视频文件"), (b"OggS", "音视频文件"), (b"ID3", "音频文件"))
_META = re.compile(rb"""<(?:meta[^>]{0,300}?charset|\?xml[^>]{0,100}?encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_:.-]{1,40})""", re.I)
_HEADER = re.compile(r"""charset\s{0,5}=\s{0,5}["']?([A-Za-z0-9_:.-]{1,40})""", re.I)
_CONTROL = bytes((*range(9), 11, 12, *range(14, 27), *range(28, 32), 127))
_CONTROL_TEXT = dict.fromkeys(_CONTROL)
_COMMON = re.compile("[的一是在不了有人和中大为上个国年这这時会會說说日月新，。、：]")
_MOJIBAKE = re.compile("[\u00c3-\u00e9][\u0080-\u00bf\u2013-\u2122\u0152-\u017e]{1,2}")
_HAN = re.compile("[\u4e00-\u9fff]")
_WRITTEN = re.compile("[\\t\\r\\n\x20-\x7e\u00a0-\u00ff\u2000-\u206f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_MAX_MENDED = 20_000
_MAX_RUN = 160         # bytes tried as another encoding amid UTF-8


@dataclass(frozen=True)
class Decoded:
    """`damaged`: characters U+FFFD left in the text; `reason`: what decided the encoding, in Chinese."""

    text: str
    encoding: str
    damaged: int
    reason: str


def decode(body: bytes, headers: Mapping[str, str] | None = None) -> Decoded:
    """The text of a page.  Raises `Drop` (REFUSED) for what is too large, empty or not text."""
    if len(body) > MAX_BYTES:
        raise Drop(f"页面过大：{len(body)} 字节", PageStatus.REFUSED)
    if not body.strip(b" \t\r\n\x00"):
        raise Drop("页面为空", PageStatus.REFUSED)
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _finish(body[len(bom):].decode(name, "replace"), name, "字节序标记")
    for magic, what in _BINARY:
        if body.startswith(magic):
            raise Drop(f"不是网页：{what}", PageStatus.REFUSED)
    wide = _wide(body)
    if wide:
        return _finish(body.decode(wide, "replace"), wide, "零字节的位置")
    if _binary(body[:65536]):
        raise Drop("不是网页：二进制数据", PageStatus.REFUSED)
    body = body.translate(None, _CONTROL)
    said, who = _declared(body, headers or {})
    try:
        text = body.decode("utf-8")
        reason = "全部字节为合法 UTF-8" if said == "utf-8" or not said else f"声明 {said}，但全部字节为合法 UTF-8"
        mended = _undouble(text)
        if mended:
            return _finish(mended, "utf-8", "二次编码的 UTF-8 已还原")
        if said == "hz" and "~{" in text:
            return _finish(body.decode("hz", "replace"), "hz", f"{who}声明")
        return _finish(text, "utf-8", reason)
    except UnicodeDecodeError:
        pass
    return _weigh(body, said, who)


def _weigh(body: bytes, said: str, who: str) -> Decoded:
    """Not valid UTF-8: each likely encoding is tried, and the one with the most Chinese and least damage is taken."""
    if said and said != "utf-8":
        text = _try(body, said)
        if text is not None and "\ufffd" not in text and _plausible(text) > 0.1:
            return _finish(text, said, f"{who}声明")
    best: tuple[float, str, str] | None = None
    for name in dict.fromkeys(n for n in (said, "gb18030", "big5hkscs", "utf-8") if n):
        text = _mend(body) if name == "utf-8" else _try(body, name)
        if text is None or name == "utf-8" and not _mostly_utf8(body, text):
            continue
        score = _plausible(text) + (0.02 if name == said else 0.0)
        if best is None or score > best[0]:
            best = (score, name, text)
    if best is None or (best[0] <= 0 and not said):
        return _finish(body.decode("cp1252", "replace"), "cp1252", "没有中文，按西文读取")
    _, name, text = best
    if name == said:
        reason = f"{who}声明"
    else:
        reason = f"{who}声明 {said}，但按 {name} 读取更合理" if said else f"未声明，按 {name} 读取最合理"
    return _finish(text, name, reason)


def _plausible(text: str) -> float:
    """Share of common Chinese characters among the non-ASCII ones, less four times the share of damage."""
    sample = re.sub(r"[\x00-\x7f]+", "", text[:2_000_000])
    if not sample:
        return 0.0
    bad = sample.count("\ufffd") + len(re.findall("[\ue000-\uf8ff]", sample))
    return (len(_COMMON.findall(sample)) - 4 * bad) / len(sample)


def _mostly_utf8(body: bytes, mended: str) -> bool:
    """Is at least half of the non-ASCII text sound UTF-8, not foreign runs that were read as something else?"""
    sound = sum(1 for c in body.decode("utf-8", "ignore") if c > "\x7f")
    return sound * 2 >= sum(1 for c in mended if c > "\x7f")


def _try(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name, "replace")
    except LookupError:
        return None


def _mend(body: bytes) -> str:
    """UTF-8 with foreign runs: a broken run that is sound gb18030 is read as that, else it becomes U+FFFD."""
    out: list[str] = []
    at, mended = 0, 0
    while at < len(body):
        try:
            out.append(body[at:].decode("utf-8") if not mended else body[at:at + 65536].decode("utf-8"))
            at = len(body) if not mended else at + 65536
        except UnicodeDecodeError as error:
            bad = at + error.start
            out.append(body[at:bad].decode("utf-8"))
            mended += 1
            if mended > _MAX_MENDED:
                out.append(body[bad:].decode("utf-8", "replace"))
                break
            end = bad
            while (
                end < len(body) and end - bad < 400 and (body[end] >= 0x80 or (end > bad and body[end - 1] >= 0x81 and body[end] >= 0x40))
            ):
                end += 1
            piece, end = _run(body, bad, max(end, bad + 1))
            out.append(piece)
            at = end
    return "".join(out)


def _run(body: bytes, start: int, end: int) -> tuple[str, int]:
    """(text, end) of a broken run: Chinese of the gb18030 family as far as UTF-8 does not begin again behind it, else one U+FFFD."""
    run = body[start:end]
    for size in (len(run), *range(4, min(len(run), _MAX_RUN), 2)):
        try:
            text = run[:size].decode("gb18030")
        except UnicodeDecodeError:
            continue
        if size >= 4 and len(_HAN.findall(text)) * 2 >= len(text) and _usual(run[:size]) and _resumes(run[size:]):
            return text, start + size
    step = 1
    while start + step < len(body) and step < 4 and 0x80 <= body[start + step] < 0xC0:
        step += 1
    return "\ufffd", start + step


def _usual(run: bytes) -> bool:
    """Are nearly all pairs everyday characters of GB2312?  What remains of broken UTF-8 has its lead bytes (E4–E9) elsewhere."""
    pairs = list(zip(run[0::2], run[1::2]))
    return sum(1 for first, second in pairs if (0xB0 <= first <= 0xD7 or 0xA1 <= first <= 0xA3) and second >= 0xA1) * 10 >= 8 * len(pairs)


def _resumes(rest: bytes) -> bool:
    """Does UTF-8 go on here, up to a character that the run's end cuts?"""
    try:
        rest.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= 6 or error.start >= 3 and error.reason == "unexpected end of data"
    return True


def _undouble(text: str) -> str:
    """UTF-8 read as cp1252 and written as UTF-8 again: the page as it was meant, or ""."""
    sample = text[:200_000]
    if _HAN.search(sample) or len(_MOJIBAKE.findall(sample)) < 20:
        return ""
    for name in ("cp1252", "latin-1"):
        try:
            again = text.encode(name).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if _HAN.search(again):
            return again
    return ""


def _declared(body: bytes, headers: Mapping[str, str]) -> tuple[str, str]:
    """(encoding, who said so): the server's header, else the page's meta within its first 8 KB."""
    found = _HEADER.search(headers.get("content-type", ""))
    if found:
        name = _known(found.group(1))
        if name:
            return name, "服务器"
    meta = _META.search(body[:8192])
    if meta:
        name = _known(meta.group(1).decode("ascii"))
        if name:
            return name, "页面"
    return "", ""


def _known(label: str) -> str:
    label = label.strip().lower()
    if label in _FAMILY:
        return _FAMILY[label]
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    return info.name if getattr(info, "_is_text_encoding", True) else ""


def _wide(body: bytes) -> str:
    """utf-16 without a mark: of the beginning's bytes many are zero, all on one side."""
    head = body[:400]
    if len(head) < 40:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd > len(head) * 0.2 and even * 20 <= odd else "utf-16-be" if even > len(head) * 0.2 and odd * 20 <= even else ""
    return name if name and len(_WRITTEN.findall(head.decode(name, "replace"))) * 5 >= len(head) * 2 else ""


def _binary(head: bytes) -> bool:
    control = len(head) - len(head.translate(None, b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"))
    return control > max(64, len(head) // 25)


def _finish(text: str, encoding: str, reason: str) -> Decoded:
    if "\x00" in text or encoding.startswith("utf-16") or encoding.startswith("utf-32"):
        text = text.translate(_CONTROL_TEXT)
    if "\x1b" in text:
        text = text.replace("\x1b", "")
    return Decoded(text, encoding, text.count("\ufffd"), reason)
