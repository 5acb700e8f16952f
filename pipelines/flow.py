"""The flow: what becomes of a fetched page, in its one order.

    decode → extract → owner → mentions → opinion → signature      thought, without a lock
    held? → save → story → outbox → final status                    kept, in one transaction a batch

Every page ends with exactly one counted status, save that `ArchiveAway` ends none: the lot is given back.  A stage that raises a decision (`Drop`, `Retry`, `Quarantine`) is
obeyed; any other error quarantines the page with its reason, and the page can be run again.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from analysis.fingerprints import signature
from analysis.mentions import Names
from analysis.learning import Learned
from analysis.ruled import RuledJudge
from analysis.words import cut_for_index
from model.article import Article, Person
from model.bureau import Bureau
from model.clipping import Record
from model.errors import Decision, Quarantine, Retry
from model.page import Page, PageStatus, QueuedPage
from model.ports import Archive, Clock, Store, Writer
from model.resolution import Resolution, resolved
from model.source_state import Link
from pipelines import extract
from pipelines.archive_record import ArchiveAway
from pipelines.choices import taken_over
from pipelines.owner import account, named, owner, region_of_source
from pipelines.reposts import Stories
from pipelines.urls import canonical

log = logging.getLogger("jianbao.flow")
MAX_TRIES = 5   # a page whose processing died this often is put aside before it kills another process


@dataclass(frozen=True)
class Thought:
    """A page with what was thought about it: a record to keep, or the decision that ended it."""

    page: QueuedPage
    record: Record | None = None
    status: PageStatus = PageStatus.UNMATCHED
    reason: str = ""
    retry_s: int = 0


class Flow:
    """Compiled once for a bureau and what its desk taught; `run` may be called again and again.  One per process."""

    def __init__(self, bureau: Bureau, store: Store, archive: Archive, clock: Clock, learned: Learned | None = None):
        self.bureau, self.store, self.archive, self.clock, self.learned = bureau, store, archive, clock, learned
        self.names = Names(bureau.units, bureau.vocabulary.place_traps)
        self.judge = RuledJudge(bureau.vocabulary, learned)
        self.unit_names = {u.id: u.name for u in bureau.units}
        self.unit_of_name = {name: u.id for u in bureau.units for name in (u.name, u.short, *(a.name for a in u.aliases if not a.ambiguous)) if name}
        self.stories = Stories({o.id: (o.name, *o.aliases) for o in bureau.outlets}, {o.id: o.boilerplate for o in bureau.outlets}, self.unit_of_name,
                               kept=bureau.var / "fingerprints.npz")

    def run(self, pages: Sequence[QueuedPage], between: Callable[[], None] = lambda: None) -> Counter[PageStatus]:
        """Think about each page, then keep all in one transaction; returns how many ended with which status.

        `between` is called before each thought, outside of any transaction, so that something urgent need not wait for the whole lot.
        """
        thoughts = []
        for page in pages:
            between()
            thoughts.append(self.think(page))
        for thought in thoughts:
            self._follow(thought)
        try:
            return self._keep_all(thoughts)
        except Exception as error:   # one page broke the batch: keep each alone, the breaking one is put aside
            if len(thoughts) == 1:
                log.exception("page %s could not be kept", thoughts[0].page.url)
                return self._keep_all([replace(thoughts[0], record=None, status=PageStatus.QUARANTINED, reason=_told(error, "保存"))])
            self.stories.forget()
            counted: Counter[PageStatus] = Counter()
            for thought in thoughts:
                try:
                    counted += self._keep_all([thought])
                except Exception as single:
                    self.stories.forget()
                    counted += self._keep_all([replace(thought, record=None, status=PageStatus.QUARANTINED, reason=_told(single, "保存"))])
            return counted

    def think(self, queued: QueuedPage) -> Thought:
        """Everything that needs no lock: from the archived bytes to a record, or to the decision that ends the page."""
        if queued.tries > MAX_TRIES:
            return Thought(queued, None, PageStatus.QUARANTINED, f"处理中断{queued.tries - 1}次，已隔离")
        stage = "读取存档"
        try:
            page = Page(queued.url, queued.fetched_at, self.archive.read(queued.ref), queued.status, queued.headers,
                        queued.outlet_id, queued.source_id, queued.hint)
            stage = "解析"
            outlet = owner(self.bureau, page.url, page.outlet_id)
            article = extract.read(page, outlet, self.clock.now())
            if part_of := queued.hint.get("part_of"):
                stage = "续页合并"
                article = self._whole(part_of, article)
            stage = "研判"
            return Thought(queued, self.record(queued.id, article, account(self.bureau, article, outlet)))
        except ArchiveAway:            # nothing is decided about a page that could not be looked at
            raise
        except Retry as decision:
            return Thought(queued, None, decision.status, decision.reason, decision.after_s)
        except Decision as decision:
            return Thought(queued, None, decision.status, decision.reason)
        except Exception as error:
            log.exception("page %s broke in stage %s", queued.url, stage)
            return Thought(queued, None, PageStatus.QUARANTINED, _told(error, stage))

    def record(self, page_id: int, article: Article, outlet, decided: Mapping[str, Resolution] | None = None) -> Record:
        """Mentions, opinion, signature and search words of an article.

        `decided`: what people chose about its names; None: the store is asked.
        """
        outlet_id, outlet_name, tier = named(outlet, article)
        bylines = article.people
        if article.source in self.unit_of_name:      # a unit printed as 来源 contributed the piece
            bylines = (*bylines, Person(article.source, "contributor", article.source))
        mentions = self.names.find(
            article.title, article.text, outlet_region=outlet.region if outlet else None,
            dateline_place=article.dateline.place if article.dateline else "", source_region=region_of_source(self.bureau, article.source),
            column=article.column, bylines=bylines, day=article.published.date().isoformat() if article.published else "")
        if mentions:                                  # what a person chose stands against every re-run
            mentions = resolved(mentions, self.store.resolutions(article.canonical) if decided is None else decided, self.unit_names)
        matched = bool(mentions)
        return Record(
            page_id, outlet_id, outlet_name, tier, article, mentions,
            self.judge.judge(article.title, article.text, mentions, self.unit_names) if matched else (),
            matched, hashlib.sha256(f"{article.title}\n{article.text}".encode()).hexdigest(),
            signature(article.title, article.text, self.stories.boilerplate(outlet_id)) if matched else None,
            cut_for_index(article.title) if matched else "", cut_for_index(article.text) if matched else "")

    def _whole(self, part_of: str, part: Article) -> Article:
        """The held article with a continued page added; a part whose beginning is not held waits."""
        with self.store.write() as w:
            held = w.held(canonical(part_of))
            first = w.clipping(held[0]) if held else None
        if first is None:
            raise Retry("续页的首页尚未入库", 60)
        return first.article if part.text and part.text in first.article.text else extract.join(first.article, part)

    def _follow(self, thought: Thought) -> None:
        """Addresses that a page asks to be fetched: itself later, or its next part.  Offering twice changes nothing."""
        page, now = thought.page, self.clock.now()
        if thought.retry_s:
            self.store.link_failed(page.url, "blocked", thought.reason, now + timedelta(seconds=thought.retry_s), now)
        if thought.record and thought.record.article.next_part:
            part_of = page.hint.get("part_of", thought.record.article.canonical)
            self.store.offer([Link(thought.record.article.next_part, page.outlet_id, page.source_id, {"part_of": part_of}, 5)], now)

    def _keep_all(self, thoughts: Sequence[Thought]) -> Counter[PageStatus]:
        unsettled: set[int] = set()
        with self.store.write() as w:
            counted = Counter(self.keep(w, t, unsettled) for t in thoughts)
            for story_id in sorted(unsettled):
                self.stories.settle(w, story_id)
            return counted

    def keep(self, w: Writer, thought: Thought, unsettled: set[int] | None = None) -> PageStatus:
        """Save, story, outbox, final status of one page.

        Stories put into `unsettled` are for the caller to settle in the same transaction; without it each is settled at once.
        """
        now, record = self.clock.now(), thought.record
        if record is None:
            w.finish_page(thought.page.id, thought.status, thought.reason, now)
            return thought.status
        held = w.held(record.article.canonical)
        if held and held[2] != record.page_id and (held[1] == record.content_sha or record.page_id < held[2]):
            same = "同一地址，内容未变" if held[1] == record.content_sha else "同一地址，已有更新的一次抓取"
            w.finish_page(thought.page.id, PageStatus.REPEATED, same, now, held[0])
            return PageStatus.REPEATED
        before = w.story_of(held[0]) if held else None
        article_id = w.save_article(record, now)
        if record.matched:
            story_id = self.stories.place(w, article_id, record, now, unsettled)
            if held is None and (told := self._as_chosen(w, story_id, article_id, record, now)) is not record:
                return self.keep(w, replace(thought, record=told), unsettled)
            longest = now - timedelta(hours=thought.page.urgency)        # what is due longest is taken first
            w.put("alert", f"alert:{article_id}", {"article": article_id}, now, again=True, due=longest)
            w.put("credit", f"credit:{story_id}", {"story": story_id}, now, again=True)
            status, reason = PageStatus.CLIPPED, "涉及：" + "、".join(dict.fromkeys(m.surface for m in record.mentions))[:200]
        else:
            status, reason = PageStatus.UNMATCHED, "未出现本单位及所属单位的名称"
            if before is not None:
                self.stories.left(w, before, article_id, now)
        if before is not None and w.story_of(article_id) != before:    # what its old story earned is counted anew
            w.put("credit", f"credit:{before}", {"story": before}, now, again=True)
        if record.article.injected:
            reason += f"；网页疑被篡改（注入{len(record.article.injected)}处）"
        w.finish_page(thought.page.id, status, reason, now, article_id)
        return status

    def _as_chosen(self, w: Writer, story_id: int, article_id: int, record: Record, now: datetime) -> Record:
        """A new copy's open names as a person chose them for the copies that were there."""
        mentions = taken_over(w, story_id, article_id, record, self.unit_names, now)
        if mentions is record.mentions:
            return record
        if not mentions:
            return replace(record, mentions=(), judgements=(), matched=False, signature=None, tokens_title="", tokens_text="")
        judged = self.judge.judge(record.article.title, record.article.text, mentions, self.unit_names)
        return replace(record, mentions=mentions, judgements=judged)


def _told(error: Exception, stage: str) -> str:
    """The reason of a quarantine: stage, kind and message, bounded."""
    return Quarantine(f"{stage}出错：{type(error).__name__}: {error}"[:500]).reason
