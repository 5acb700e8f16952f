"""Are two titles, or two names of an outlet, the same?  Exact, a variant of it, near, or different; with the reason in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from analysis.cleaning import fold
from model.bureau import Bureau
from model.outlet import Outlet

VARIANT, NEAR = 0.80, 0.55         # share of equal text, by difflib on folded titles
_TAIL = re.compile(
    r"^(?:社|网|报|台|报社|集团|官网|官方|网站|网络版|电子版|电子报|数字报|纸质版|融媒体?|融媒体中心|新媒体|客户端|app|手机报|视频号|抖音号?|快手号?|头条号?|微博|微信|公众号|公众平台|订阅号|服务号|"
    r"官方账号|第?[a-d]?\d{1,3}版|第?[一二三四五六七八九十]{1,3}版|头版|要闻版?|号|版|[\u4e00-\u9fff]{0,6}(?:频道|栏目|专栏|专版|版块|版面|副刊|周刊))*$")
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十百千万两]+(?=[例名人次家个日月号期届届批年级岁万亿])")
_FIGURE = re.compile(r"(?<![〇一二三四五六七八九十百千万亿两])[一二三四五六七八九两](?=[万亿千百个名例人次项批家所台张条年月日岁天届期])")
_DENIALS = frozenset("不未无没非")
_TURNING = frozenset("零〇一二三四五六七八九十百千万亿0123456789甲乙丙东西南北上下省市县区")
_TITLE_PREFIX = re.compile(r"^(?:\[[^\]]{1,12}\]|【[^】]{1,12}】|[(（][^)）]{1,8}[)）]|(?:图文|组图|视频|快讯|聚焦|关注|要闻|头条)[丨|｜:：·])\s*")
_TITLE_SUFFIX = re.compile(r"\s*(?:[-—_|丨｜]{1,2}\s*[\u4e00-\u9fffA-Za-z·]{2,14}|[(（](?:图|组图|视频|附图|上|下|附?名单)[)）])$")


@dataclass(frozen=True)
class Likeness:
    """`kind`: exact | variant | near | different; `best` the title found that is closest."""

    kind: str
    score: float
    best: str = ""


def titles(claimed: str, found: Iterable[str]) -> Likeness:
    """The claimed title against those the page may be said to have; differing numbers never make a variant."""
    best = Likeness("different", 0.0)
    order = {"different": 0, "near": 1, "variant": 2, "exact": 3}
    for title in dict.fromkeys(t for t in found if t):
        got = _pair(claimed, title)
        if (order[got.kind], got.score) > (order[best.kind], best.score) or not best.best:
            best = got
    return best


def _pair(claimed: str, title: str) -> Likeness:
    mine, theirs = fold(unicodedata.normalize("NFKC", claimed)), fold(unicodedata.normalize("NFKC", title))
    if not mine or not theirs:
        return Likeness("different", 0.0, title)
    if mine == theirs:
        return Likeness("exact", 1.0, title)
    a, b = fold(_bare(claimed)), fold(_bare(title))
    if (a == b or _figures(a) == _figures(b)) and len(a) >= 4:
        return Likeness("variant", 1.0, title)
    score = SequenceMatcher(None, mine, theirs, autojunk=False).ratio()
    short, long = sorted((a, b), key=len)
    inside = len(short) >= 6 and short in long
    if inside and len(short) * 10 >= len(long) * 4 and not re.search(r"\d|[不未无没非]", long.replace(short, "", 1)):
        return Likeness("variant", max(score, VARIANT), title)
    if inside or sorted(_NUMBER.findall(mine)) != sorted(_NUMBER.findall(theirs)):
        return Likeness("near" if score >= NEAR or inside else "different", score, title)
    if score >= VARIANT and not _turned(a, b):
        return Likeness("variant", score, title)
    return Likeness("near" if score >= NEAR else "different", score, title)


def _figures(text: str) -> str:
    """Small Chinese numbers before a measure as figures: 两万 and 2万 are one number, written twice."""
    return _FIGURE.sub(lambda m: str("〇一二三四五六七八九".find(m.group()) if m.group() != "两" else 2), text)


def _turned(a: str, b: str) -> bool:
    """One of two names, places or words against another in an otherwise equal title (石泉市 for 云川市, 三级 for 二级): no variant."""
    changes = [(op, a[i:j], b[k:m]) for op, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if op != "equal"]
    return any(op == "replace" and (len(x) >= 2 and len(y) >= 2 or set(x + y) & _TURNING) or set(x + y) & _DENIALS for op, x, y in changes)


def _bare(title: str) -> str:
    return _TITLE_SUFFIX.sub("", _TITLE_PREFIX.sub("", title.strip())) or title


def outlet_key(name: str) -> str:
    return fold(unicodedata.normalize("NFKC", name))


def names_outlet(claimed: str, outlet: Outlet) -> bool:
    """Does the claimed name mean this outlet: its name or an alias, alone or with what may stand behind it (客户端, 第3版, 健康频道)?"""
    key = outlet_key(re.sub(r"[（(][^）)]{0,30}[）)]", "", claimed)) or outlet_key(claimed)
    inside = [outlet_key(q) for q in re.findall(r"《([^》]{2,20})》", claimed)]
    for name in (outlet.name, *outlet.aliases):
        mine = outlet_key(name)
        if not mine:
            continue
        if key == mine or mine in inside:
            return True
        if len(mine) >= 2 and key.startswith(mine) and _TAIL.match(key[len(mine):]):
            return True
        bare = re.sub(r"(?:社|网|报社|网站|客户端|官网)$", "", mine)
        if len(bare) >= 3 and key == bare and bare != mine:
            return True
    return False


def listed(bureau: Bureau, claimed: str) -> Outlet | None:
    """The outlet of the list that a claimed name means; the longest name wins; None when it is in no list."""
    fits = [(max(len(n) for n in (o.name, *o.aliases) if outlet_key(claimed).startswith(outlet_key(n)) or n == o.name), o)
            for o in bureau.outlets if names_outlet(claimed, o)]
    return max(fits, key=lambda f: f[0])[1] if fits else None
