"""A form's rows in their order: land every address, check each row, hold the rows against one another, and say the verdict.

The verdict follows from the checks alone: a link that may come back → 待查; any check failed → 驳回; any unsure → 存疑 with its question;
all passed → 核实.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

from model.bureau import Bureau
from model.claim import Check, Finding, FormRow, Outcome, Policy, Verdict, period as period_of
from model.clipping import Clipping
from model.credit import Scheme
from model.errors import Decision
from model.ports import Clock
from model.ports_claims import ClaimReader
from pipelines.archive import ArchiveError
from pipelines.decode import decode
from pipelines.urls import canonical
from pipelines.verify import checks
from pipelines.verify.accounts import account_of
from pipelines.verify.alike import names_outlet, titles
from pipelines.verify.kinds import around
from pipelines.verify.pages import Landing, Pages
from pipelines.verify.tone import tone

_ZONE = timezone(timedelta(hours=8))
RETRY = (timedelta(hours=6), timedelta(days=1), timedelta(days=3))   # after the last of these a person looks
_HOLDING = (Verdict.VERIFIED, Verdict.DOUBTFUL, Verdict.PENDING)


@dataclass
class _Seen:
    """Addresses and stories that rows of this form already stand on: → row number as printed."""

    urls: dict[str, str] = field(default_factory=dict)
    stories: dict[int, str] = field(default_factory=dict)


def policy_of(scheme: Scheme | None) -> Policy:
    """What the scheme in force says of own platforms, reposts and, under `claims:`, of the rest."""
    told: dict[str, str] = {}
    if scheme is not None:
        told["own"] = "accept" if scheme.own_counts else "reject"
        told["repost"] = "accept" if scheme.reposts in ("sum", "highest", "highest_per_class") else "reject"
        given = scheme.extra.get("claims", {})
        told |= (
            {k: str(v) for k, v in given.items() if k in Policy.__dataclass_fields__ and v in ("accept", "doubt", "reject")}
            if isinstance(given, Mapping)
            else {}
        )
    return Policy(**told)


class Verifier:
    """Verifies for one unit and period; `reader` also gives clippings (it is the store)."""

    def __init__(
        self, bureau: Bureau, pages: Pages, reader: ClaimReader, clock: Clock, unit_id: str, period: str, policy: Policy | None = None
    ):
        unit = bureau.unit(unit_id)
        if unit is None:
            raise ValueError(f"没有编号为“{unit_id}”的单位；可用的编号：{'、'.join(u.id for u in bureau.units[:40])}")
        self.bureau, self.pages, self.store, self.clock, self.unit, self.span = bureau, pages, reader, clock, unit, period_of(period)
        self.policy = policy or policy_of(bureau.scheme_on(self.span.last.isoformat()))
        self.names = {u.id: u.label for u in bureau.units}
        self.landed: Mapping[str, Landing] = {}       # of the last `verify`: address as given → where it led
        self._days: dict[date, list[Clipping]] = {}

    def verify(self, rows: Sequence[FormRow], claim_ids: Sequence[int] = (), tries: Sequence[int] = (),
               progress: Callable[[int], None] = lambda n: None) -> list[Finding]:
        """One finding a row, in order.  `progress` is told of every address that has been landed on."""
        landed = self.landed = self.pages.land([u for row in rows for u in row.urls], progress)
        single = [self._single(row, landed, claim_ids[n] if claim_ids else 0) for n, row in enumerate(rows)]
        seen = _Seen()
        order = sorted(range(len(rows)), key=lambda n: (_rank(single[n][0]), n))
        done: dict[int, Finding] = {}
        for n in order:
            done[n] = self._among(rows[n], single[n], seen, tries[n] if tries else 0)
        return [done[n] for n in range(len(rows))]

    def _single(self, row: FormRow, landed: Mapping[str, Landing], claim_id: int) -> tuple[list[Check], Clipping | None, str]:
        """(checks that need this row alone, the piece judged, to whom a repost's credit goes)"""
        if not row.urls:
            return self._without_link(row, claim_id)
        options = []
        for url in row.urls:
            landing = landed[url]
            link = checks.reachable(url, landing)
            options.append((*self._of_piece(row, link, landing.piece if link.outcome is Outcome.PASS else None, claim_id), url))
        best = min(options, key=lambda o: _rank(o[0]))
        made, piece, credited, _ = best
        if len(options) > 1:
            made.append(_others(best, options))
        return made, piece, credited

    def _without_link(self, row: FormRow, claim_id: int) -> tuple[list[Check], Clipping | None, str]:
        piece = self._in_archive(row)
        asked = f"未填（{row.url_note}）" if row.url_note else "未填"
        if piece is None:
            where = "电视、广播节目" if checks.is_broadcast(row) else "报纸或其他无链接的稿件"
            made = [Check("链接", Outcome.UNSURE, asked, "存档中没有找到", f"没有填链接（{where}），存档中也没有找到同题稿件，请凭扫描件、音视频等佐证材料核对")]
            if row.day:
                made.append(checks.within(row, None, self.span, self.policy))
            return made, None, ""
        link = Check(
            "链接",
            Outcome.PASS,
            asked,
            piece.article.url,
            f"没有填链接；存档中有{piece.outlet_name}的同题稿件" + (f"（第{piece.article.page_no}版）" if piece.article.page_no else ""),
        )
        return self._of_piece(row, link, piece, claim_id)

    def _in_archive(self, row: FormRow) -> Clipping | None:
        """A held piece of the claimed outlet with that title, published within two days of the claimed one."""
        if not row.day:
            return None
        day, fits = date.fromisoformat(row.day), []
        for near in (day + timedelta(days=n) for n in (0, -1, 1, -2, 2)):
            for brief in self._on(near):
                owner = self.bureau.outlet(brief.outlet_id)
                if owner is None or not names_outlet(row.outlet, owner):
                    continue
                a = brief.article
                like = titles(row.title, [a.title, f"{a.kicker} {a.title}", f"{a.title} {a.subtitle}"])
                if like.kind in ("exact", "variant"):
                    fits.append((like.kind != "exact", near != day, not a.page_no, brief.id))
        return self.store.clipping(min(fits)[-1]) if fits else None

    def _on(self, day: date) -> list[Clipping]:
        if day not in self._days:
            start = datetime.combine(day, time(), _ZONE)
            self._days[day] = self.store.clippings_between(start, start + timedelta(days=1))
        return self._days[day]

    def _of_piece(self, row: FormRow, link: Check, piece: Clipping | None, claim_id: int) -> tuple[list[Check], Clipping | None, str]:
        if piece is None:
            return [link], None, ""
        owner = self.bureau.outlet(piece.outlet_id)
        copies = self.store.story_copies(piece.story.id) if piece.story else []
        near = self._around(piece)
        account = account_of(piece, owner, near)
        kind, _ = checks.kind(row, piece, owner, self.policy, near, self.bureau.units)
        first, credited = checks.first(piece, copies, self.policy, account)
        made = [
            link,
            checks.title(row, piece, copies),
            checks.published(row, piece),
            checks.outlet(row, piece, owner, self.bureau, self.policy, account),
            checks.unit(piece, self.unit, self.bureau.units, owner),
            kind,
            first,
            checks.within(row, piece, self.span, self.policy),
            tone(piece, self.unit, self.policy, copies),
        ]
        others = self.store.claims_on([piece.article.canonical], [piece.story.id] if piece.story else [])
        made += checks.claimed_before(others, self.unit.id, self.span.id, claim_id, self.names, piece.article.canonical)
        return made, piece, credited

    def _around(self, piece: Clipping) -> list[str]:
        """What the saved page prints beside the text; nothing when the page cannot be read any more."""
        if piece.ref is None or not piece.matched:
            return []
        try:
            return around(decode(self.pages.archive.read(piece.ref)).text, piece.article.text)
        except (ArchiveError, Decision):
            return []

    def _among(self, row: FormRow, single: tuple[list[Check], Clipping | None, str], seen: _Seen, tries: int) -> Finding:
        """The finding of a row after the rows that stand before it."""
        made, piece, credited = list(single[0]), single[1], single[2]
        urls = [canonical(u) for u in row.urls] + ([piece.article.canonical] if piece else [])
        story = piece.story.id if piece and piece.story else None
        again = next((seen.urls[u] for u in urls if u in seen.urls), "")
        if again:
            made.append(Check("重复申报", Outcome.FAIL, "本表一次", f"与第{again}行相同", f"与本表第{again}行是同一链接，只算一次"))
        elif story is not None and story in seen.stories:
            again = seen.stories[story]
            made.append(Check("重复申报", Outcome.FAIL, "本表一次", f"与第{again}行同稿", f"与本表第{again}行是同一稿件（转载或另一版面），只算一次"))
        elif not any(c.name == "重复申报" for c in made) and piece is not None:
            made.append(Check("重复申报", Outcome.PASS, "首次申报", "没有重复", "没有查到重复申报"))
        finding = self._finding(row, made, piece, credited, tries)
        if finding.verdict in _HOLDING:
            seen.urls.update(dict.fromkeys(urls, row.number))
            if story is not None:
                seen.stories[story] = row.number
        return finding

    def _finding(self, row: FormRow, made: Sequence[Check], piece: Clipping | None, credited: str, tries: int) -> Finding:
        failed = [c for c in made if c.outcome is Outcome.FAIL]
        unsure = [c for c in made if c.outcome is Outcome.UNSURE]
        later = [c for c in failed if c.later]
        retry_at, question = None, ""
        if later and len(later) == len(failed):
            if tries < len(RETRY):
                verdict, reasons, retry_at = Verdict.PENDING, later, self.clock.now() + RETRY[tries]
            else:
                verdict, reasons, question = Verdict.DOUBTFUL, later, "多次未能打开该链接，请提供网页截图等佐证材料，由人工认定"
        elif failed:
            verdict, reasons = Verdict.REJECTED, [c for c in failed if not c.later]
        elif unsure:
            verdict, reasons, question = Verdict.DOUBTFUL, unsure, unsure[0].reason
        else:
            verdict, reasons = Verdict.VERIFIED, made
        told = tuple(c.reason for c in reasons) if verdict is not Verdict.VERIFIED else ("各项核对一致：" + "、".join(c.name for c in made),)
        url = piece.article.canonical if piece else canonical(row.urls[0]) if row.urls else ""
        return Finding(
            verdict,
            tuple(made),
            told,
            question,
            piece.id if piece else None,
            piece.story.id if piece and piece.story else None,
            url,
            credited,
            piece.article.correspondents if piece else (),
            retry_at,
        )


def _rank(made: Sequence[Check]) -> tuple[int, int, int]:
    """Fewest failures first, then fewest doubts: how near a row (or one of its addresses) is to being verified."""
    outcomes = [c.outcome for c in made]
    return outcomes.count(Outcome.FAIL), outcomes.count(Outcome.UNSURE), -len(outcomes)


def _others(best: tuple, options: Sequence[tuple]) -> Check:
    """The other addresses of a cell: the same piece again, or something else that should have a row of its own."""
    _, piece, _, chosen = best
    rest = [o for o in options if o is not best]
    strange = [o for o in rest if not (o[1] is not None and piece is not None and (o[1].id == piece.id or (
        o[1].story and piece.story and o[1].story.id == piece.story.id)))]
    shown = "；".join(o[3] for o in rest)[:300]
    if not strange:
        return Check("其他链接", Outcome.PASS, shown, "同一稿件", f"一格里有{len(options)}个链接，都是同一稿件；以 {chosen} 为准")
    return Check("其他链接", Outcome.UNSURE, shown, "不是同一稿件或打不开", f"一格里有{len(options)}个链接，其中{len(strange)}个不是同一稿件或打不开；请一行填一篇")
