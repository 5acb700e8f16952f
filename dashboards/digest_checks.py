"""What is looked at before a digest leaves the house.  Every fault says where; while there is one, sending waits for a person."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from model.bureau import Bureau
from model.circular import PLACEHOLDER
from model.digest import Digest, DigestEdit, DigestItem, Fault
from model.ports import Store

from dashboards import show
from dashboards.digest import check
from dashboards.digest_paper import Draft, Figure, Grid, Heading, draft

SHORTEST, LONGEST = 4, 60          # characters of a headline
_HIDDEN = re.compile(r"\d{3}\*{4,}\w*")          # what masking leaves is no placeholder
_FIELD = re.compile(r"\{\{.{0,80}?\}\}|\{%.{0,80}?%\}|«.{1,40}?»")
_OURS = re.compile(r"/(clippings|incidents)/(\d{1,15})")
_POSTS = ("副主任", "主任", "副局长", "局长", "副院长", "院长", "书记", "处长", "科长", "委员")

Leaks = Callable[[str], list[str]]


def faults(digest: Digest, store: Store, bureau: Bureau, leaks: Leaks, edits: Sequence[DigestEdit] = ()) -> list[Fault]:
    """Everything found, in the order of the paper."""
    made = draft(digest)
    return [
        *(Fault("数字", line) for line in check(digest)), *_placeholders(digest, made), *_links(digest, store), *_other_span(digest, edits),
        *_twice(digest), *_names(digest, bureau), *_leaking(digest, made, leaks), *_titles(digest),
    ]


def _printed(digest: Digest) -> Iterator[DigestItem]:
    yield from digest.printed
    yield from (i for i in digest.own_items if i.article_id not in digest.left_out)


def _named(item: DigestItem) -> str:
    return f"稿件《{item.title[:30]}》（{item.outlet}）"


def _ours(digest: Digest) -> Iterable[tuple[str, str, int]]:
    """(where, text, article id) of what people of the house wrote or configured."""
    yield "导语", digest.lead, 0
    yield "编辑单位", digest.office, 0
    yield "单位名称", digest.bureau, 0
    for article_id, note in digest.notes.items():
        if article_id not in digest.left_out:
            yield "按语", note, article_id


def _placeholders(digest: Digest, made: Draft) -> Iterator[Fault]:
    if not digest.office:
        yield Fault("编辑单位", "没有填写（在“设置”里填写编辑单位）")
    texts = [*_ours(digest), *((_named(i), i.title, i.article_id) for i in _printed(digest)),
             *((f"舆情事件《{i.title[:30]}》", i.title, 0) for i in digest.incidents)]
    for where, text, article_id in texts:
        plain = _HIDDEN.sub("", text)
        if found := PLACEHOLDER.search(plain) or _FIELD.search(plain):
            yield Fault(where, f"有没填完的内容“{found.group()[:20]}”", article_id)


def _links(digest: Digest, store: Store) -> Iterator[Fault]:
    wanted = {i.article_id: i for i in _printed(digest)}
    held = {c.id for c in store.clippings(list(wanted))}
    for article_id in wanted.keys() - held:
        yield Fault(_named(wanted[article_id]), "站内链接打不开：剪报已不在库中", article_id)
    for incident in digest.incidents:
        if store.incident(incident.id) is None:
            yield Fault(f"舆情事件《{incident.title[:30]}》", "站内链接打不开：事件已不在库中")
    for where, text, article_id in _ours(digest):
        for kind, number in _OURS.findall(text):
            if not (store.clippings([int(number)]) if kind == "clippings" else store.incident(int(number))):
                yield Fault(where, f"站内链接打不开：/{kind}/{number}", article_id)


def _other_span(digest: Digest, edits: Sequence[DigestEdit]) -> Iterator[Fault]:
    for item in _printed(digest):
        at = item.published or item.seen
        if at is None or not digest.since <= at < digest.until:
            yield Fault(_named(item), f"时间不在本期之内：{show.minute(at)}", item.article_id)
    for event in digest.incidents:
        if not digest.since <= event.opened_at < digest.until:
            yield Fault(f"舆情事件《{event.title[:30]}》", f"立案时间不在本期之内：{show.minute(event.opened_at)}")
    held = {i.article_id for i in (*digest.items, *digest.own_items)}
    for edit in {e.target: e for e in edits if e.target and e.target not in held}.values():
        yield Fault("编辑", f"{edit.who}编辑过的稿件（编号{edit.target}）已不在本期", edit.target)


def _twice(digest: Digest) -> Iterator[Fault]:
    """One piece listed twice: the same address, or the same headline in the same outlet on one day; or a story with two first publications.

    A daily bulletin keeps its headline from day to day, and a paper's page and its site are two publications: neither is a piece listed twice.
    """
    seen: dict[tuple[str, ...], list[DigestItem]] = defaultdict(list)
    for item in _printed(digest):
        seen["同一网址", item.url].append(item)
        seen["同一媒体同日同一标题", item.outlet, "".join(item.title.split()), show.digest_day(item.published or item.seen, "day"), item.page_no].append(item)
        if item.is_first and item.story_id:
            seen["同一稿件有两个首发", str(item.story_id)].append(item)
    told: set[int] = set()
    for (why, *_), items in seen.items():
        for item in items[1:]:
            if item.article_id not in told:
                told.add(item.article_id)
                yield Fault(_named(item), f"重复：{why}", item.article_id)


def _names(digest: Digest, bureau: Bureau) -> Iterator[Fault]:
    """Units and leaders are called as configured in what the house itself writes."""
    today = digest.made_at.date().isoformat()
    former = {a.name: u.label for u in bureau.units for a in u.aliases if a.until and a.until < today and len(a.name) > 3}
    titles = {p.name: p.title for p in bureau.duty.people if p.title}
    for where, text, article_id in _ours(digest):
        for old, label in former.items():
            if old in text:
                yield Fault(where, f"“{old}”是旧称，现为“{label}”", article_id)
        for name, title in titles.items():
            for match in re.finditer(f"{re.escape(name)}({'|'.join(_POSTS)})", text):
                if not title.endswith(match[1]) or match[1] == title.removeprefix("副") != title:
                    yield Fault(where, f"{name}的职务应为“{title}”，写成了“{match[1]}”", article_id)
    known = {u.label for u in bureau.units}
    for item in _printed(digest):
        for unit in item.units:
            if unit not in known:
                yield Fault(_named(item), f"单位“{unit}”不在单位表中", item.article_id)


def _texts(made: Draft) -> Iterator[tuple[str, str]]:
    """(part of the paper, text): all that is printed."""
    part = "导语"
    for block in made.blocks:
        if isinstance(block, Heading):
            part = block.text
            yield part, block.text
        elif isinstance(block, Grid):
            for row in block.rows:
                for cell in row:
                    yield from ((part, line) for line in (cell if isinstance(cell, tuple) else (cell,)) if isinstance(line, str))
        elif isinstance(block, Figure):
            yield part, block.picture.alt
        else:
            yield part, block.text


def _leaking(digest: Digest, made: Draft, leaks: Leaks) -> Iterator[Fault]:
    told = set()
    for where, text in _texts(made):
        if text.startswith(("http://", "https://")):
            continue
        for leak in leaks(text):
            if (where, leak) not in told:
                told.add((where, leak))
                yield Fault(where, f"未遮盖：{leak}")


def _titles(digest: Digest) -> Iterator[Fault]:
    for item in _printed(digest):
        length = len(item.title)
        if length < SHORTEST:
            yield Fault(_named(item), f"标题过短（{length}字）", item.article_id)
        elif length > LONGEST:
            yield Fault(_named(item), f"标题过长（{length}字，不超过{LONGEST}字）", item.article_id)
