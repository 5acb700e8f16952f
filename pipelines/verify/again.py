"""A credited page looked at again: is it still there, and does it still say the same?"""

from __future__ import annotations

from difflib import SequenceMatcher

from analysis.cleaning import fold
from model.bureau import Bureau
from model.claim import PageState
from model.clipping import Clipping
from model.errors import Decision
from model.page import PageStatus
from model.ports import Clock
from pipelines import extract
from pipelines.fetcher import Fetcher, FetchFailed
from pipelines.owner import owner
from pipelines.verify.alike import titles

_SAME = 0.98                       # share of equal text: a counter or a corrected comma is no edit
_MOST = 20_000                     # characters compared


def look(bureau: Bureau, fetcher: Fetcher, piece: Clipping, clock: Clock) -> tuple[PageState, str]:
    """(state, what was seen, in words)"""
    url = piece.article.url
    try:
        page = fetcher.get(url)
        now = extract.read(page, owner(bureau, page.url, piece.outlet_id), clock.now())
    except FetchFailed as error:
        return (PageState.DELETED if error.kind == "gone" else PageState.UNREACHED), error.reason
    except Decision as decision:
        gone = decision.status in (PageStatus.GONE, PageStatus.NOT_ARTICLE)
        return (PageState.DELETED if gone else PageState.UNREACHED), decision.reason
    if titles(now.title, [piece.article.title]).kind == "different":
        return PageState.EDITED, f"标题由“{piece.article.title}”变为“{now.title}”"
    before, after = fold(piece.article.text)[:_MOST], fold(now.text)[:_MOST]
    if before == after:
        if now.title != piece.article.title:
            return PageState.EDITED, f"标题由“{piece.article.title}”改为“{now.title}”"
        return PageState.SAME, ""
    share = (
        SequenceMatcher(None, before, after, autojunk=False).ratio()
        if len(before) + len(after) < 12_000
        else SequenceMatcher(None, before, after).ratio()
    )
    return (PageState.SAME, "") if share >= _SAME else (PageState.EDITED, f"正文有改动（与采集时相同 {share:.0%}）")
