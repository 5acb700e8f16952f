"""What a defaced page had put into it: gambling, pornography and trade in papers, as links or hidden text.

An article *about* gambling is no defacement: words count only in links that lead elsewhere, in
hidden text, or in the head of the page where the article does not have them.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipelines.extract.document import Block, Document

SPAM = re.compile(
    r"博彩|赌博网|赌场|网上赌|真人(?:荷官|视讯|娱乐|百家乐)|百家乐|百家樂|六合彩|时时彩|時時彩|北京赛车|pk10|幸运飞艇|老虎机|老虎機|娱乐城|娛樂城|投注(?:平台|网站|站)|彩票(?:平台|网站|投注|注册)|澳门(?:新?葡京|威尼斯|"
    r"金沙|银河|永利|皇冠|太阳城)|"
    r"新葡京|威尼斯人|太阳城集团|皇冠(?:体育|足球|投注|备用)|bet365|188bet|明升|立博|万博|亚博|开元棋牌|棋牌(?:平台|游戏下载|真钱)|真钱(?:棋牌|游戏|麻将)|送彩金|开户送|注册送\d|下注|"
    r"成人(?:视频|电影|网站|小说|用品)|色情|裸聊|一夜情|约炮|A片|AV(?:女优|在线|视频)|无码|黄色(?:网站|电影|视频)|代开(?:增值税)?发票|办证刻章|办理假证|代办(?:文凭|学历)|私服|迷药|枪支出售", re.I)
MAX_FOUND = 20


def find(doc: Document, url: str, title: str, lines: list[str]) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """(texts put in, their spans); empty unless two things at least were put in."""
    if not SPAM.search(doc.text) and not SPAM.search(doc.title) and not SPAM.search(doc.meta("keywords") + doc.meta("description")):
        return (), []
    host = urlsplit(url).hostname or ""
    found: list[str] = []
    spans: list[tuple[int, int]] = []
    for el in doc.els:
        if el.tag != "a" and not el.hidden or el.end - el.start > 400:
            continue
        text = doc.span(el).strip()
        if not text or not SPAM.search(text):
            continue
        away = _away(el.attrs.get("href") or "", host) if el.tag == "a" else False
        if away or _concealed(el):
            spans.append((el.start, el.end))
            note = text[:60] + (f" → {(el.attrs.get('href') or '')[:80]}" if away else "（隐藏）")
            if note not in found:
                found.append(note)
        if len(found) >= MAX_FOUND:
            break
    shown = title + "".join(lines[:40])
    for name, text in (("标题", doc.title), ("关键词", doc.meta("keywords")), ("描述", doc.meta("description"))):
        words = SPAM.findall(text)
        if len(words) >= 2 and not any(w in shown for w in words):
            found.append(f"页面{name}：{text[:60]}")
    if len(found) < 2:
        return (), []
    return tuple(found), spans


def drop(blocks: tuple[Block, ...], spans: list[tuple[int, int]]) -> tuple[Block, ...]:
    """The blocks without what was put in: a block goes when it is hidden or most of it is links, else the words are cut out of it."""
    out = []
    for block in blocks:
        held = sorted((max(low, block.start), min(high, block.end)) for low, high in spans if low < block.end and high > block.start)
        if not held:
            out.append(block)
        elif not (block.owner.hidden or block.link * 2 > len(block.text)):
            text, at = "", block.start
            for low, high in held:
                between = block.text[at - block.start:max(at, low) - block.start]
                text += between if between.strip() or not text else ""          # the gap between two links went in with them
                at = max(at, high)
            text = (text + block.text[at - block.start:]).strip(" \u3000")
            if len(text) >= 8:
                out.append(Block(block.start, block.end, block.owner, text))
    return tuple(out)


def _away(href: str, host: str) -> bool:
    try:
        there = urlsplit(href.strip()).hostname or ""
    except ValueError:
        return True
    return bool(there) and there.split(".")[-2:] != host.split(".")[-2:]


def _concealed(el) -> bool:
    for k, above in enumerate(el.above()):
        style = (above.attrs.get("style") or "").replace(" ", "").lower()
        if above.hidden or re.search(r"font-size:[01]px|text-indent:-\d{3,}|left:-\d{3,}|top:-\d{3,}|height:[01]px|opacity:0(?:[^.\d]|$)|"
                                     r"visibility:hidden", style):
            return True
        if k >= 4:
            return False
    return False
