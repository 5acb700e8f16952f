"""The body as it is compared: what every outlet adds of its own is taken off, spelling is folded.

Taken off: dateline, credits, source and editor lines, notices of law, links to other pieces, the outlet's learned boilerplate.
What is left is Han, letters and digits only, in simplified script and lower case, each with its place in the printed text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from zhconv import zhconv

LIMIT = 200_000          # characters of one text that are looked at; an article is never longer
_SENTENCE = re.compile(r"[^\n。！？!?；;]*[\n。！？!?；;]+[”’」』）)】]*|[^\n。！？!?；;]+")
_POINT = re.compile(r"(?<=\d)[.．](?=\d)")                      # a decimal point is part of its number
_RANGE = re.compile(r"(?<=\d)(?<!\d{4})[-－—–―~～](?=\d{1,3}(?!\d))")      # 0-24时 and 0至24时 are the same
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")   # 2018.04.15 is a date, not a decimal
_KEPT_POINT = "\ue000"    # stands for the point while the rest of the punctuation goes
_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")

# A line that begins like this is the outlet's, not the article's; the number is the most it may be long.
_FURNITURE = (
    (re.compile(r"^[（(【\[]?(?:原标题|原题|原文标题)[:：]"), 120),
    (re.compile(r"^[（(【\[《]*(?:推荐阅读|相关阅读|相关新闻|相关报道|相关链接|延伸阅读|精彩推荐|热点推荐|更多新闻|点击查看|点击进入|往期回顾)"), 120),
    (re.compile(r"^[（(【\[]?(?:本文)?(?:来源|稿源|稿件来源|文章来源|信息来源|资料来源|转自|摘自|编辑|责任编辑|责编|主编|编审|审核|审校|校对|校审"
                r"|监制|监审|值班编委|一审|二审|三审|终审|供稿|撰稿|作者|通讯员|记者|文图|图文|供图|摄影|视频|图片|配图|制图|统筹|策划|版式|美编)"
                r"(?:来源|来自)?[:：/ 丨|]"), 60),
    (re.compile(r"^[（(【\[]?(?:免责|版权|特别|郑重|重要)?(?:声明|提示)[:：]"), 400),
    (re.compile(r"^[（(【\[]?(?:返回\w{0,6}[，,]?查看更多|阅读原文|查看原文|点击阅读|查看更多)"), 40),
    (re.compile(r"^(?:扫一扫|扫码|扫描二维码|长按|微信扫|关注我们|欢迎关注|点击关注|分享到|下载客户端|打开\w{0,10}客户端)"), 120),
)
# Words of notices; a sentence that holds two different ones is a notice.
_NOTICE = (
    "版权", "转载", "授权", "未经", "许可证", "icp备", "公网安备", "免责", "法律责任", "不代表本", "不代表", "本站", "本网站", "仅供参考", "投稿", "稿酬",
    "联系我们", "侵权", "客服", "二维码", "违者", "摘编", "镜像", "追究", "书面", "不作任何保证", "自行核实", "个人观点", "与本网无关", "无关", "纠错电话",
    "举报电话", "编辑邮箱", "广告", "专栏作者", "招募", "小编", "公众号", "微博", "原创性", "真实性", "完整性", "及时性", "商业资讯", "热线", "注明来源",
    "转载请", "本网", "总机", "刊用", "第三方", "合法权", "请及时与", "谢绝", "登载图片", "更多信息之目的", "赞同其观点", "来源标注", "本报及", "本平台",
    "不承担", "删除",
)
_NOTICE_RE = re.compile("|".join(sorted(map(re.escape, _NOTICE), key=len, reverse=True)))
_NOTICE_LENGTH = 260
_HEAD = 90               # characters of a line that may be the title printed again
_CREDIT = r"[　 ]*(?:[（(][^（）()\n]{0,40}[）)])?[　 ：:，,]*"      # （记者 张三） behind a dateline
_DATELINE = re.compile(
    r"^[　 ]*(?:"
    r"[\w·]{2,12}[　 ]?\d{1,2}月\d{1,2}日(?:电|讯|消息)" + _CREDIT
    + r"|据《[^》\n]{2,14}》(?:\d{1,2}月)?(?:\d{1,2}日)?(?:报道|消息)" + _CREDIT
    + r"|[（(【\[]?据?[\w·]{1,14}?(?:社|网|报|台|客户端|频道|快讯|财经|新闻|本刊)[\w·/（）()、　 ]{0,14}?"
    r"(?:\d{1,2}月)?(?:\d{1,2}日)?\w{0,3}(?:电|讯|消息|报道)" + _CREDIT + ")")
_BYLINE = re.compile(r"[（(【\[](?:[\w　 ·•]{0,12}?)(?:记者|通讯员|编辑|责编|作者|来源|摄影|供图|图片|资料图|完)[^（）()【】\[\]\n]{0,40}[）)】\]]")
_END = re.compile(r"[（(]完[）)]|返回搜狐[，,]?查看更多|【详细】|\[详细\]|@\w{1,20}$")
_HASHTAG = re.compile(r"【[^】#\n]{0,80}#[^】\n]{0,80}】")          # 【#…#】 with which a microblog begins
_HASHTAGGED = 300
_TITLE_TAIL = re.compile(r"\s*(?:[|｜_—–]|--|\s-\s?|-(?=[^-]{0,24}(?:网|频道|报|社|台|资讯|新闻|在线|之家)$)|丨).*$")
_TITLE_HEAD = re.compile(r"^(?:[\[【（(][^\]】）)]{1,14}[\]】）)]|[\w]{2,8}网?[-—](?:视频|图片|图)[-—])\s*")


@dataclass(frozen=True)
class Cleaned:
    """`text` to compare; `places[i]` is the offset of `text[i]` in the printed text; `removed` the sentences taken off."""

    text: str
    places: Sequence[int]
    removed: tuple[str, ...] = ()


class _Fold(dict[int, str]):
    """Code point → its comparison form, one character for one, "\\0" where it is not compared; filled as characters are met."""

    def __init__(self) -> None:
        super().__init__({ord(_KEPT_POINT): "."})
        zhconv.loaddict()
        self.simplified = {k: v for k, v in zhconv.zhcdicts["zh2Hans"].items() if len(k) == len(v) == 1}

    def __missing__(self, point: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(point)).lower()[:1]
        plain = self.simplified.get(plain, plain)
        self[point] = form = plain if plain.isalnum() else "\0"
        return form


@lru_cache(maxsize=1)
def _fold() -> _Fold:
    return _Fold()


def fold(text: str) -> str:
    """Han, letters and digits only; simplified, half width, lower case."""
    return text[:LIMIT].translate(_fold()).replace("\0", "")


def clean_title(title: str) -> str:
    """The title without the outlet's name, section and keywords behind it, folded."""
    title = title[:400].strip()
    bare = _TITLE_HEAD.sub("", title) or title
    short = _TITLE_TAIL.sub("", bare).strip()
    return fold(short if len(fold(short)) >= 6 else bare)


def is_notice(sentence: str) -> bool:
    """Does the sentence speak of rights, contacts or the site itself rather than of news?"""
    if len(sentence) > _NOTICE_LENGTH:
        return False
    return len(set(_NOTICE_RE.findall(sentence.lower()))) >= 2


def _is_furniture(line: str) -> bool:
    return any(len(line) <= limit and rule.match(line) for rule, limit in _FURNITURE)


def _blank(mask: bytearray, start: int, end: int) -> None:
    mask[start:end] = b"\x01" * (end - start)


@lru_cache(maxsize=512)
def _known(boilerplate: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, boilerplate)) - {""}


@lru_cache(maxsize=512)
def clean(text: str, title: str = "", boilerplate: tuple[str, ...] = ()) -> Cleaned:
    """The comparison form of a body; the last few are remembered, an article is looked at several times.

    `boilerplate`: lines and sentences that the outlet puts into many pieces (`analysis.boilerplate`), in any spelling.
    """
    text = text[:LIMIT]
    known = _known(boilerplate)
    heads = {h for h in (fold(title), clean_title(title)) if len(h) >= 6}
    mask = bytearray(len(text))
    removed: list[str] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        bare = _SPACE.sub("", line)
        if bare and (_is_furniture(bare) or len(bare) <= _HEAD and fold(bare) in heads or known and fold(bare) in known):
            _blank(mask, start, end)
            removed.append(bare)
        elif bare:
            for found in _SENTENCE.finditer(line):
                sentence = found.group()
                if is_notice(sentence) or (known and fold(sentence) in known):
                    _blank(mask, start + found.start(), start + found.end())
                    removed.append(sentence)
            lead = 0
            for _ in range(2):             # the agency's, then the paper's own
                dateline = _DATELINE.match(line[lead:lead + 120])
                if dateline:
                    _blank(mask, start + lead, start + lead + dateline.end())
                    lead += dateline.end()
            for found in (*_BYLINE.finditer(line), *_END.finditer(line), *_HASHTAG.finditer(line[:_HASHTAGGED])):
                _blank(mask, start + found.start(), start + found.end())
        start = end + 1
    folded = _RANGE.sub("至", _POINT.sub(_KEPT_POINT, _DATE.sub(r"\1年\2月\3", text))).translate(_fold())
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kept = (codes != 0) & (np.frombuffer(mask, dtype=np.uint8) == 0)
    places = np.flatnonzero(kept)
    return Cleaned(codes[places].tobytes().decode("utf-32-le", "surrogatepass"), places.tolist(), tuple(removed))


def points(text: str) -> np.ndarray:
    """The code points of a text as 64-bit unsigned integers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)


def stir(values: np.ndarray) -> np.ndarray:
    """SplitMix64's finaliser (Steele, Lea, Flood 2014) over an array of 64-bit integers."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def shingles(text: str, width: int) -> np.ndarray:
    """A 64-bit hash of every run of `width` characters, in order; empty for a shorter text."""
    codes = points(text)
    windows = max(0, len(codes) - width + 1)
    total = np.zeros(windows, dtype=np.uint64)
    for i in range(width):
        total = total * np.uint64(0x9E3779B97F4A7C15) + codes[i:i + windows]
    return stir(total)


def parts(text: str, shortest: int = 8) -> set[str]:
    """The lines and sentences of a body, folded: what boilerplate is counted in."""
    found = {fold(p) for line in text[:LIMIT].split("\n") for p in (line, *_SENTENCE.findall(line))}
    return {p for p in found if len(p) >= shortest}
