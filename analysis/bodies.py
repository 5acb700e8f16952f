"""Health bodies named in a text: found by the end of the name, then read back to where the name begins.

A body is `named` (云川市第一人民医院) or generic (医院, 院方); its kind says whether it serves (provider), oversees
(authority) or sells (company).
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple, Sequence

from analysis.terms import Found

PROVIDER, AUTHORITY, COMPANY, GENERIC = "provider", "authority", "company", "generic"
_LONGEST = 20                  # characters a name may have before its end word
_HAN = "\u4e00-\u9fff"
_BEFORE = re.compile(rf"[{_HAN}0-9A-Za-z·（()）]*$")
# places and names that hold a letter which elsewhere ends the reading back
_WHOLE = re.compile("和平|和田|和县|和顺|于都|于田|于洪|从化|从江|向阳|东至|将乐|的里|通化|协和|同济|同仁|大同|对口|至诚|为民|新会|会昌|会理|会宁|解放军"
                    "|都江堰|成都|都匀|江都|即墨|即海|及第|被服|与时|由拳|他士|她他|经开|经济开发|去病|有色|因美纳|红会|来宾|来安|来凤|到保")
_STOP = re.compile(
    r"以及|记者|前往|进入|来到|位于|联系|致电|一家|一名|一个|两家|多家|三家|这家|那家|当地|涉事|当事|送往|转入|转至|转到|送至|送到|获悉|责成|督促|要求|责令"
    r"|查处|通报|约谈|处罚|曝光|举报|投诉|质疑|起诉|状告|指责|批评|出现|发生|导致|入住|住进|走出|离开|回到|来自|名为|所谓|包括|其中|目前|随后|此前|此后|日前|近日"
    r"|昨日|今天|昨天|上午|下午|晚间|凌晨|夜间|期间|前述|上述|声称|介绍|表示|认为|指出|发布|公布|证实|披露|报道|显示|关于|针对|反映|同意|委托|指定|依托|支援|帮扶"
    r"|组织|召开|开展|协调|医生|护士|院长|主任|患者|家属|产妇|孕妇|丈夫|妻子|孩子|女儿|儿子|父亲|母亲|男子|女子|网友|事发|就职|任职|供职|曾经|已经|正在|现在|仍在|直接"
    r"|隔壁|附近|周边|其他|有关|相关|部分|某些|一些|许多|不少|各级|各类|各地|所有|全部|任何|每个|上级|下属|所属|直属|辖区|定点|三甲|公立|民营|私立|综合性|大型|基层"
    r"|陪同|陪着|抵达|赶到|赶往|跑到|转诊|接诊|收治|经过|通过|根据|按照|使用|利用|成为|作为|担任|兼任|聘请|邀请|访问|考察|调研|检查|督查|督导|指导|走访|慰问|进驻"
    r"|日电|月电|一位|首家|首个|我们|你们|他们|她们|咱们|大家|自己|本人|该市|该省|该县|该区"
    r"|[在对由从被是向将把让给了称说据赴某因系即而也又就至及他她你们但或并且才再已还只与赵钱孙的了为被使令到进去来经]|(?<![协])和|(?<!成)都|第?\d+[日月年时点分]|[日号](?=[^照喀])|[（()）]"
)
_GENERIC_HEAD = re.compile(r"^(?:该|这|那|这家|那家|一家|某|各|各大|大|全院|本|我|贵|其|两|多|三级|三甲|二级|公立|民营|私立|综合|定点|专科|省级|市级|县级|基层|乡镇|社区|中|小|村|新|老|总|全国|国内|国外|当|住|医|后|前|上|下|整个|每|别的|"
                           r"[一二三四五六七八九十两几多][家所个]|\d+[家所个]|另|好|接诊|私人|地方|正规|外地|本地|外国|百姓|人民)?$")
_TAIL = re.compile(rf"[（(]?[{_HAN}]{{1,6}}?(?:院区|分院|总院|医院|卫生室|门诊部|产房)[)）]?")
_AFTER_SHORT = frozenset("士长落线两制")


class Body(NamedTuple):
    start: int
    end: int
    name: str
    kind: str
    named: bool


def bodies(folded: str, ends: Iterable[tuple[Found, str]], title_end: int, company_words: Sequence[str] = ()) -> list[Body]:
    """Bodies in order, not overlapping.  `ends`: the end words found, with their kind; longest names win."""
    found: list[Body] = []
    for end_word, kind in ends:
        body = _read_back(folded, end_word, kind, title_end, company_words)
        if body is None:
            continue
        while found and found[-1].start >= body.start and found[-1].end <= body.end:
            found.pop()
        if found and body.start < found[-1].end:
            last = found[-1]
            if body.end <= last.end:
                continue
            body = Body(last.start, body.end, folded[last.start:body.end], last.kind, last.named or body.named)
            found.pop()
        found.append(body)
    return found


def _read_back(folded: str, word: Found, kind: str, title_end: int, company_words: Sequence[str]) -> Body | None:
    start, end = word.start, word.end
    if kind == GENERIC:
        return Body(start, end, word.term, GENERIC, False)
    low = max(0, start - _LONGEST, title_end if start > title_end else 0)
    before = _BEFORE.search(folded, low, start)
    head = before[0] if before else ""
    whole = [m.span() for m in _WHOLE.finditer(head + word.term[:1])]
    cut = 0
    for stop in _STOP.finditer(head):
        if not any(a < stop.end() and stop.start() < b for a, b in whole):
            cut = stop.end()
    head = head[cut:].lstrip("·")
    if kind == "short":
        if len(head) < 1 or len(head) > 8 or (end < len(folded) and folded[end] in _AFTER_SHORT):
            return None
        kind = PROVIDER
    named = len(head) >= 2 and not _GENERIC_HEAD.match(head) or (len(head) == 1 and head in "省市县区州镇乡" and len(word.term) >= 3)
    if kind == COMPANY:
        if not named or not any(w in head or w in word.term for w in company_words):
            return None
    if kind == PROVIDER:
        tail = _TAIL.match(folded, end) if named and folded[end:end + 10] else None
        if tail and not _STOP.search(tail[0].strip("（()）")):
            end = tail.end()
            if folded[end - 1] in ")）" and not tail[0].startswith(("（", "(")):
                end -= 1
    if not named and kind != COMPANY:
        return Body(start, end, folded[start:end], GENERIC if kind == PROVIDER else kind, False)
    start -= len(head)
    return Body(start, end, folded[start:end], kind, named)
