"""引题 and 副题: the lines just above and below the title that belong to it."""

from __future__ import annotations

import re

from pipelines.extract import cms
from pipelines.extract.body import Body
from pipelines.extract.document import Block, Document
from pipelines.extract.headline import fold, tidy

_SUB = re.compile(
    r"sub-?_?(?:title|tit|head)|fu-?_?(?:ti|biaoti|title|bt)\b|futi|second-?title|vice-?title|title-?2\b|xiaobiaoti|deck", re.I
)
_KICK = re.compile(r"yinti|yin-?bt|kicker|shoulder|jianti|pre-?title|introtitle|jianbiaoti|eyebrow|(?:^|\s)pre(?=$|\s)", re.I)
_NOT = re.compile(r"(?:19|20)\d\d\s?[-/年.]|来源|來源|作者|记者|编辑|发布|字号|浏览|点击|阅读|评论|分享|当前位置|首页|[>»]|^\d+$|打印|关闭|原标题|摘要|责编|第.{1,3}版|上一|下一|时间|"
                  r"^[\d:：\s-]+$")
_SENTENCE = re.compile("。")


def around(doc: Document, body: Body, title: str, title_at: int) -> tuple[str, str]:
    """(kicker, subtitle), empty where none is printed: told by class, or by a heading tag right beside the title's."""
    if title_at < 0:
        return "", ""
    key = fold(title)
    blocks = doc.within(max(0, title_at - 300), max(body.start + 200, title_at + 400))
    at = next((k for k, b in enumerate(blocks) if b.end > title_at and fold(b.text) and (fold(b.text) in key or key in fold(b.text))), None)
    if at is None:
        return "", ""
    end = at
    while end + 1 < len(blocks) and fold(blocks[end + 1].text) and fold(blocks[end + 1].text) in key:
        end += 1
    subtitle = kicker = ""
    for k, block in enumerate(blocks[end + 1:end + 5]):
        if _plausible(block, key) and (
            _named(block, _SUB)
            or k == 0
            and (_heading(block) or re.match(r"\s{0,3}(?:——|--|──)", block.text))
            and block.start < body.start + 60
            and not _named(block, _KICK)
        ):
            subtitle = re.sub(r"^(?:—|─|-)+\s?", "", tidy(block.text))
            break
    for k, block in enumerate(reversed(blocks[max(0, at - 3):at])):
        if _plausible(block, key) and (
            _named(block, _KICK) or k == 0 and _heading(block) and not _named(block, _SUB) and len(block.text) >= 6
        ):
            kicker = tidy(block.text)
            break
    for name, held in (("subtitle", cms.field(doc, "subtitle")), ("introtitle", cms.field(doc, "introtitle"))):
        held = tidy(held)
        if name == "subtitle" and not subtitle and 4 <= len(held) <= 120:
            subtitle = held
        elif name == "introtitle" and not kicker and 4 <= len(held) <= 120:
            kicker = held
    return kicker, subtitle


def _plausible(block: Block, key: str) -> bool:
    text = block.text.strip(" \u3000")
    return (
        4 <= len(text) <= 80
        and block.link * 2 <= len(text)
        and not _NOT.search(text)
        and not _SENTENCE.search(text)
        and fold(text) not in key
        and key not in fold(text)
    )


def _named(block: Block, pattern: re.Pattern[str]) -> bool:
    return any(k < 2 and el.key and pattern.search(el.key) for k, el in enumerate(block.owner.above()))


def _heading(block: Block) -> bool:
    return block.owner.tag in ("h1", "h2", "h3", "h4", "h5") and len(block.text) >= 6
