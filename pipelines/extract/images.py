"""Pictures of the body with their captions, and what kind of piece it is: text, pictures or video."""

from __future__ import annotations

import re

from model.article import Image
from pipelines import urls
from pipelines.extract.body import Body
from pipelines.extract.document import Document, El

MAX_IMAGES = 60
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazysrc", "_src", "original", "data-url", "src")
_JUNK = re.compile(r"(?:^|[/_.-])(?:logo|icon|ico|blank|spacer|loading|lazy|pixel|1x1|grey|gray|transparent|avatar|head|qr|qrcode|ewm|"
                   r"erweima|share|weixin|wechat|weibo|btn|button|arrow|bg|line|dot|ad|banner|code|copyright|print|close|play|"
                   r"default)[\w]{0,6}[._/-]|^data:", re.I)
_CAPTION = re.compile(r"caption|tu_?shuo|tuzhu|img_?(?:desc|txt|text|title|info)|pic_?(?:desc|txt|text|title|info)|photo_?(?:desc|txt|"
                      r"text)|figcaption|zhushi|note", re.I)
_CAPTION_TEXT = re.compile(r"^[\s\u3000]{0,4}(?:[▲▼△◎●■（(]{0,2}(?:图|圖)(?:为|為|片|①|\d|说|：|:|/|／|\s)|[▲▼△↑↓])|(?:摄|攝|摄影|供图|资料图|资料图片|"
                           r"图源[^。]{0,12}|截图|翻攝[^。]{0,8}|提供)[）)。]?$|(?:图片|视频|照片)?(?:来源|截图|：)[^。]{0,16}$|视觉中国|新华社发|中新社发")
_DURATION = re.compile(
    r"""["']?(?:duration|video_?duration|videoTime|time_?length|playtime)["']?\s{0,3}[:=]\s{0,3}["']?(?:(\d{1,2}):(\d{2})(?::(\d{2}))?|"""
    r"""PT(?:(\d{1,2})H)?(?:(\d{1,3})M)?(?:(\d{1,3})S)?|(\d{1,6})(?:\.\d{1,6})?)["'\s,;}]""",
    re.I,
)
_VIDEO_FRAME = re.compile(r"video|player|v\.qq\.com|youku|bilibili|iqiyi|tv\.cctv|mp4|m3u8", re.I)


def find(doc: Document, body: Body, base: str, title: str) -> tuple[Image, ...]:
    """Pictures between the first and last line of the body (and at its edges inside the same box), in order."""
    box = body.box
    if box is None:
        return ()
    low, high = max(box.start, body.start - 1200), max(body.end, min(box.end, body.end + 200))
    out: list[Image] = []
    seen: set[str] = set()
    for el in doc.els[box.i:box.last + 1]:
        if el.tag != "img" or not low <= el.start <= high or len(out) >= MAX_IMAGES:
            continue
        address = _address(el, base)
        if not address or address in seen:
            continue
        seen.add(address)
        out.append(Image(address, _caption(doc, el, title)))
    return tuple(out)


def kind(doc: Document, body: Body, images: tuple[Image, ...], title: str, text: str) -> str:
    """"video" for a player with little text, "pictures" for pictures that carry the piece, else "text"."""
    box = body.box
    low = box.start if box is not None else body.start
    playing = any(el.tag == "video" and low - 400 <= el.start <= body.end + 200 for el in doc.els) or any(
        _VIDEO_FRAME.search(frame.get("src", "") + frame.get("data-src", "") + frame.get("class", ""))
        for at, frame in doc.frames
        if low - 400 <= at <= body.end + 200
    )
    size = len(text)
    if playing and (size < 300 or re.match(r"[\s【\[（(]{0,2}(?:视频|微视频|短视频|vlog)", title, re.I)):
        return "video"
    if re.match(r"[\s【\[（(]{0,2}(?:视频)[丨|｜】\]：:]", title) and size < 400:
        return "video"
    if re.search(r"图片新闻|图片故事|组图|高清图|高清大图|图集|多图|【图】|\(图\)|（图）|画说|光影", title) and images and size < 600:
        return "pictures"
    if images and size < 120 or len(images) >= 3 and size < 80 * len(images):
        return "pictures"
    return "text"


def video(doc: Document, base: str) -> tuple[str, int]:
    """(cover, seconds) of the page's video: poster, og:image or JSON-LD thumbnail; 0 seconds where none is told."""
    cover = next((urls.absolute(base, el.attrs.get("poster") or "") for el in doc.els if el.tag == "video" and el.attrs.get("poster")), "")
    cover = cover or urls.absolute(base, doc.meta("og:image", "twitter:image") or "x:")
    seconds = 0
    meta = doc.meta("og:video:duration", "video:duration", "duration")
    if meta.isdigit():
        seconds = int(meta)
    for text in (*doc.ld[:5], *doc.scripts[:40]):
        if seconds:
            break
        found = _DURATION.search(text[:200_000])
        if found:
            seconds = _seconds(found)
    return cover, seconds if 0 < seconds < 86_400 else 0


def _seconds(found: re.Match[str]) -> int:
    a, b, c, hours, minutes, seconds, plain = found.groups()
    if a:
        return int(a) * 3600 + int(b) * 60 + int(c) if c else int(a) * 60 + int(b)
    if hours or minutes or seconds:
        return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    value = int(plain or 0)
    return value // 1000 if value > 86_400 else value


def _address(el: El, base: str) -> str:
    for name in _SOURCES:
        value = el.attrs.get(name)
        if value and not value.startswith("data:"):
            if _JUNK.search(value.rsplit("?", 1)[0][-80:]):
                return ""
            for side in ("width", "height"):
                size = re.match(r"(\d{1,5})", el.attrs.get(side) or el.attrs.get(f"data-{side[0]}") or "")
                if size and int(size.group(1)) < 60:
                    return ""
            return urls.absolute(base, value)
    return ""


def _caption(doc: Document, el: El, title: str) -> str:
    """figcaption, a line named or shaped as a caption right after the picture, else a telling alt text."""
    for above in el.above():
        if above.tag == "figure":
            for inner in doc.els[above.i:above.last + 1]:
                if inner.tag == "figcaption":
                    return _plain(doc.span(inner))
        if above.i < el.i - 6:
            break
    for block in doc.within(el.start, el.start + 300)[:2]:
        text = block.text.strip(" \u3000")
        if block.start - el.start > 4 or len(text) > 140:
            break
        keys = " ".join(a.key for k, a in enumerate(block.owner.above()) if k < 2)
        if _CAPTION.search(keys) or _CAPTION_TEXT.search(text):
            return _plain(text)
    alt = _plain(el.attrs.get("alt") or el.attrs.get("title") or "")
    if 6 <= len(alt) <= 120 and alt != title and not re.search(r"\.(?:jpg|png|gif|jpeg)|^\d+$|^图片|点击|查看", alt, re.I):
        return alt
    return ""


def _plain(text: str) -> str:
    return re.sub(r"[\s\u3000]+", " ", text).strip()
