"""The first words of a body: 电头 with its agency and place, 原标题, and from whom it was taken."""

from __future__ import annotations

import re

from model.article import Dateline

_HAN = "\u4e00-\u9fff"
_OPEN = r"[\s\u3000【\[（(“]{0,4}"
_DAY = r"(?:\d{1,2}月)?\d{1,2}日"
_WIRES = "新华社|新華社|中新社|中新网|中国新闻社|中央社|法新社|路透社|美联社|塔斯社|共同社|韩联社"
_WIRE = re.compile(rf"^{_OPEN}(?P<whole>(?P<taken>据)?(?P<agency>{_WIRES})(?P<place>[{_HAN}、·]{{0,14}}?)(?P<day>"
                   rf"{_DAY})?(?:综合)?(?:专)?(?P<kind>电|電|消息|讯|訊))")
_SITE = re.compile(rf"^{_OPEN}(?P<whole>(?P<agency>[{_HAN}A-Za-z]{{2,12}}?(?:社|网|網|报|報|台|臺|客户端|新闻(?!社)|在线|频道|财经|"
                   rf"发布))(?P<place>[{_HAN}]{{0,8}}?)(?P<day>{_DAY})(?:综合)?(?P<kind>电|電|讯|訊|消息|报道))")
_OWN = re.compile(rf"^{_OPEN}(?P<text>本(?P<what>报|報|台|臺|网|站|刊|社)(?:综合)?(?P<place>[{_HAN}]{{0,8}}?)(?P<day>{_DAY})?(?:综合)?(?:讯|訊|消息))")
_PLAIN = re.compile(rf"^{_OPEN}(?P<whole>(?P<agency>[{_HAN}A-Za-z]{{2,12}}(?:社|网|網|报|報|台|臺|客户端|新闻|快))(?P<kind>讯|訊))(?=[\s\u3000（(，,:：]|"
                    rf"[{_HAN}])")
_ORIGINAL = re.compile(r"(?:原标题|原標題|原题)\s{0,2}(?:为|為|是)?\s{0,2}[:：]?\s{0,2}([《“\"]?[^\n]{3,120}?)\s{0,2}[）)】\]]?\s{0,3}$")
_FROM = re.compile(r"(?:转自|转载自|转载于|摘自|选自|轉自|轉載自|原载于?|原文(?:刊|载)于)\s{0,3}[:：]?\s{0,3}[《“]?([^\s，。；,;）)》”\]】]{2,24})")
_SOURCE = re.compile(r"[\s\u3000（(【\[]{0,4}(?:本文|文章|稿件|信息)?(?:来源|來源|稿源)\s{0,2}[:：]\s{0,3}([^\s，。；,;）)】\]|｜]{2,24})")
_TAKEN = re.compile(rf"^[\s\u3000]{{0,4}}据(?P<who>《[^》]{{2,16}}》|[{_HAN}A-Za-z]{{2,14}}?(?:社|网|報|报|台|新闻|客户端|公众号|日报|"
                    rf"晚报))(?:[{_HAN}]{{0,6}}?)?(?:{_DAY})?(?:电|電|报道|報導|消息|讯|微信公众号|官方微博)")


def read(lines: list[str]) -> Dateline | None:
    """The dateline of the first three lines, or None."""
    for line in lines[:3]:
        head = line[:60]
        found = _OWN.match(head)
        if found:
            return Dateline(found.group("text"), "本" + found.group("what"), found.group("place"), found.group("day") or "", True)
        for pattern in (_WIRE, _SITE, _PLAIN):
            found = pattern.match(head)
            if found:
                held = found.groupdict()
                return Dateline(held["whole"], held["agency"], held.get("place") or "", held.get("day") or "", False)
    return None


def original_title(lines: list[str]) -> str:
    """The title printed as 原标题 in one of the lines, its outer quotation marks off."""
    for line in lines:
        if len(line) > 200 or "原" not in line:
            continue
        found = _ORIGINAL.search(line.strip())
        if found:
            text = found.group(1).strip(" \u3000")
            for opened, closed in ("《》", "“”", "\"\""):
                if text.startswith(opened) and text.endswith(closed):
                    text = text[1:-1]
            if text.startswith("《") and "》" not in text or text.startswith("“") and "”" not in text:
                text = text[1:]
            return text
    return ""


def reposted_from(lines: list[str]) -> str:
    """The outlet named by 转自 or 据…报道, "" when none is."""
    for k, line in enumerate(lines):
        if (k < 3 or k >= len(lines) - 4) and len(line) < 160:
            found = _FROM.search(line)
            if found:
                return found.group(1).strip("《》“”：: \u3000")
    for line in lines[-3:]:
        found = _SOURCE.match(line)
        if found:
            return found.group(1).strip("《》“”")
    for line in lines[:2]:
        found = _TAKEN.match(line[:60])
        if found:
            return found.group("who").strip("《》")
    return ""
