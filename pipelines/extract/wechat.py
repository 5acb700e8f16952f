"""WeChat official-account posts, from the page's own fields and `#js_content`.

Dead and verification pages are told apart by the visible text alone, and only when it is short.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime

from model.errors import Drop, Retry
from model.page import PageStatus
from pipelines.extract.document import Document, El
from pipelines.extract.moments import ZONE, When, moment

_GONE = re.compile(r"该内容已被发布者删除|内容已被发布者删除|已被发布者删除|因违规无法查看|无法查看此内容|此内容被投诉|该内容暂时无法查看|内容涉嫌|链接已过期|(?:帐号|账号|公众号)已(?:自主)?(?:迁移|注销|冻结)|(?:帐号|账号|"
                   r"公众号)已被(?:封|屏蔽|停用|永久)|已停止访问该网页|"
                   r"内容已删除|该文章已被删除|临时链接已失效|参数错误|此内容发送失败")
_LATER = re.compile(r"环境异常|完成验证后|去验证|访问过于频繁|操作频繁|操作过于频繁|系统繁忙|请输入验证码|网络出错|轻点两下|请稍后再试")
_VARS = (
    "ct",
    "msg_title",
    "nickname",
    "user_name",
    "biz",
    "mid",
    "idx",
    "sn",
    "appmsgid",
    "_copyright_stat",
    "item_show_type",
    "publish_time",
    "oriCreateTime",
    "createTime",
    "msg_cdn_url",
    "author",
    "source_username",
    "reprint_ticket",
    "source_mid",
)
_VAR = re.compile(r"(?:\bvar\s+|window\.|\bd\.|[{,;]\s{0,4})(" + "|".join(_VARS) + r")\s{0,4}[=:]\s{0,4}((?:htmlDecode\(|"
        r"decodeURIComponent\(|xml\s{0,2}\?\s{0,2}[^:]{0,60}:)?\s{0,3}(?:(?:\"[^\"\n]{0,1500}\"|"
        r"'[^'\n]{0,1500}')\s{0,4}(?:\|\|)?\s{0,4}(?:\.html\(false\))?){1,4}|\d{1,12})")
_STRING = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|(\d+)")
_NOTE = re.compile(
    r"(?:content_noencode|text_page_info\s{0,3}[:=]\s{0,3}\{\s{0,3}content)\s{0,3}:\s{0,3}(?:JsDecode\()?'((?:[^'\\\n]|\\.){2,40000})'"
)
_PICTURE = re.compile(r"cdn_url\s{0,3}:\s{0,3}(?:JsDecode\()?'(https?:[^'\n]{10,600})'")
_KINDS = {"5": "video", "7": "video", "8": "pictures"}
SHORT = 420


@dataclass(frozen=True)
class Post:
    """What a post says of itself; `box` is `#js_content` or None; `original` True for 原创, False for a shared post."""

    title: str
    account: str
    author: str
    when: When | None
    identity: str
    original: bool | None
    box: El | None
    cover: str
    kind: str                      # text | pictures | video, by the post's own type number
    note: str                      # the words of a picture or short post, which has no `#js_content`
    pictures: tuple[str, ...]


def is_post(doc: Document, url: str) -> bool:
    """A page of the WeChat platform, wherever it was saved."""
    if "://mp.weixin.qq.com/" in url[:40]:
        return True
    if any("js_content" in el.key.split() for el in doc.els):
        return any("rich_media" in el.key for el in doc.els)
    return len(doc.text) < SHORT and any("weui-msg" in el.key for el in doc.els)


def check(doc: Document) -> None:
    """Raise `Drop` (GONE) for deleted, moved and expired posts, `Retry` for verification pages."""
    box = _by_id(doc, "js_content")
    if box is not None and len(doc.text[box.start:box.end].strip()) > 30:
        return
    text = doc.text.strip()
    if len(text) > SHORT:
        return
    gone = _GONE.search(text)
    later = _LATER.search(text)
    if gone and not (later and later.start() < gone.start()):
        raise Drop(f"微信文章已失效：{gone.group()}", PageStatus.GONE)
    if later:
        raise Retry(f"微信验证页：{later.group()}", after_s=6 * 3600)


def fields(doc: Document) -> Post:
    held = _variables(doc)
    og = doc.meta("og:title", "twitter:title")
    heading = next((doc.span(el) for el in doc.els if "rich_media_title" in el.key and "activity-name" in el.key), "") or next(
        (doc.span(el) for el in doc.els if el.tag in ("h1", "h2") and "rich_media_title" in el.key), "")
    nickname_el = _by_id(doc, "js_name") or next((el for el in doc.els if "rich_media_meta_nickname" in el.key), None)
    printed = _plain(doc.span(nickname_el).split("\n")[0]) if nickname_el else ""
    account = held.get("nickname", "") or printed
    return Post(
        title=_plain(og or held.get("msg_title", "") or heading),
        account=account,
        author=_author(doc, account, printed),
        when=_when(doc, held),
        identity=_identity(held),
        original=_original(doc, held),
        box=_by_id(doc, "js_content"),
        cover=held.get("msg_cdn_url", "") or doc.meta("og:image"),
        kind=_KINDS.get(held.get("item_show_type", ""), "text"), note=_note(doc),
        pictures=_pictures(doc),
    )


def _note(doc: Document) -> str:
    """The words of a post without `#js_content`, from its script; "" for ordinary posts."""
    for script in doc.scripts:
        found = _NOTE.search(script[:600_000])
        if found:
            text = (
                re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m.group(1), 16)), found.group(1)).replace("\\n", "\n").replace("\\'", "'")
            )
            text = html.unescape(re.sub(r"<br\s?/?>|</p>", "\n", html.unescape(text)))
            return "\n".join(line for line in (_plain(re.sub(r"<[^>]{1,300}>", "", part)) for part in text.split("\n")) if line)
    return ""


def _pictures(doc: Document) -> tuple[str, ...]:
    """Addresses of the pictures of a picture post."""
    for script in doc.scripts:
        at = script.find("picture_page_info_list")
        if at >= 0:
            return tuple(
                dict.fromkeys(
                    html.unescape(u.replace("\\x26amp;", "&").replace("\\x26", "&")) for u in _PICTURE.findall(script[at : at + 60_000])
                )
            )[:60]
    return ()


def _variables(doc: Document) -> dict[str, str]:
    out: dict[str, str] = {}
    for script in doc.scripts:
        if (
            "msg_title" not in script
            and "nickname" not in script
            and "oriCreateTime" not in script
            and "var ct" not in script
            and "user_name" not in script
            and "biz" not in script
        ):
            continue
        for found in _VAR.finditer(script[:600_000]):
            name = found.group(1)
            if out.get(name):
                continue
            value = next((a or b or c for a, b, c in _STRING.findall(found.group(2)) if a or b or c), "")
            if value:
                out[name] = html.unescape(value.replace("\\x26", "&").replace("\\/", "/")).strip()
    return out


def _identity(held: dict[str, str]) -> str:
    biz, mid, idx = held.get("biz", ""), held.get("mid", "") or held.get("appmsgid", ""), held.get("idx", "")
    return f"{biz},{mid},{idx or '1'}" if biz and mid.isdigit() else ""


def _when(doc: Document, held: dict[str, str]) -> When | None:
    for name in ("ct", "oriCreateTime", "createTime"):
        value = held.get(name, "")
        if re.fullmatch(r"1\d{9}", value):
            return When(datetime.fromtimestamp(int(value), ZONE), "minute")
    for text in (held.get("createTime", ""), held.get("publish_time", "")):
        found = re.match(r"(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d))?", text)
        if found:
            return moment(*found.groups())
    return None


def _author(doc: Document, account: str, printed: str) -> str:
    """The author line: `#js_author_name`, a plain `rich_media_meta_text` that is no date, or a printed account that is not the account."""
    for el in doc.els:
        if "js_author_name" in el.key.split() and doc.span(el).strip():
            return _plain(doc.span(el))
    for el in doc.els:
        names = el.key.split()
        if (
            "rich_media_meta_text" in names
            and "post-date" not in names
            and "publish_time" not in names
            and "rich_media_meta_nickname" not in names
            and not el.hidden
        ):
            text = _plain(doc.span(el))
            if 2 <= len(text) <= 30 and text != account and not re.search(r"\d{4}-\d|^\d|前天|昨天|今天|原创|发表于", text):
                return text
    author = _plain(doc.meta("author", "og:article:author"))
    if author and author != account:
        return author
    return printed if printed and printed != account else ""


def _original(doc: Document, held: dict[str, str]) -> bool | None:
    share = _by_id(doc, "js_share_content")
    if share is not None and not share.hidden or held.get("source_mid") or held.get("reprint_ticket"):
        return False
    logo = next((el for el in doc.els if "copyright_logo" in el.key.split()), None)
    if held.get("_copyright_stat") == "1" or (logo is not None and not logo.hidden and "原创" in doc.span(logo)):
        return True
    return None


def _by_id(doc: Document, name: str) -> El | None:
    return next((el for el in doc.els if name in el.key and name in el.key.split()), None)


def _plain(text: str) -> str:
    text = re.sub("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+", "", html.unescape(text))
    return re.sub(r"[\s\u3000]+", " ", text).strip()
