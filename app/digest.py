"""The digest desk: makes papers of a span, keeps what editors change, checks, sends through the outbox, keeps what was sent."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from alerts.telling import deliver
from analysis.masking import leaks, masked
from app.digest_readers import Readers
from app.house import House
from dashboards import booklet, digest_docx, digest_pdf, digest_template, digest_xlsx, mail, pdf
from dashboards.digest import build, require_sound
from dashboards.digest_checks import faults
from dashboards.digest_edits import edited, refused
from dashboards.weeks import day_start, local, span_at, span_before, span_between, span_from_key
from model.alert import Level, Message
from model.bureau import Bureau
from model.digest import Digest, DigestEdit, DigestIssue, Fault, KeptFile, Posted, Span
from model.ports import Clock
from pipelines.evidence import Evidence, EvidenceError
from pipelines.store.digests import POST
from pipelines.store.store import SqlStore

SYSTEM = "系统"
FORMS = {
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), "pdf": ("pdf", "application/pdf"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), "mail": ("html", "text/html; charset=utf-8"),
    "booklet": ("pdf", "application/pdf"),
}
ATTACHED = ("pdf", "docx", "xlsx")     # the hungriest first, while nothing else is held
_PICTURES, _MOST_PICTURE = ("image/png", "image/jpeg"), 5_000_000


class Digests(Readers):
    """`model.ports_digest.DigestDesk`.  `captured(article id)`: a picture of the piece as it was handed in or taken, or None."""

    mask = staticmethod(masked)

    def __init__(self, store: SqlStore, bureau: Callable[[], Bureau], clock: Clock, address: Callable[[], str],
                 captured: Callable[[int], bytes | None] = lambda article_id: None):
        self.store, self.bureau, self.clock, self.address, self.captured = store, bureau, clock, address, captured

    # reading

    def span(self, key: str) -> Span | None:
        now = self.clock.now()
        found = span_from_key(key) if key else span_at("week", now)
        return found if found and found.since <= now else None

    def facts(self, span: Span) -> Digest:
        return build(self.store, self.bureau(), span.since, span.until, self.clock.now(), masked)

    def digest(self, span: Span) -> Digest:
        return edited(self.facts(span), self.edits(span))

    def edits(self, span: Span) -> list[DigestEdit]:
        return self.store.digest_edits(span.key)

    def faults(self, digest: Digest) -> list[Fault]:
        unprintable = [Fault("字体", why)] if (why := pdf.no_chinese_font()) else []
        return unprintable + faults(digest, self.store, self.bureau(), leaks, self.edits(digest.span))

    def edit(self, span: Span, who: str, what: str, target: int = 0, value: str = "") -> None:
        value = value.strip()
        if why := refused(self.facts(span), what, target, value):
            raise ValueError(why)
        self.store.add_digest_edit(DigestEdit(0, span.key, self.clock.now(), who, what, 0 if what == "lead" else target, value))

    # papers

    def file(self, span: Span, form: str) -> tuple[str, str, bytes]:
        digest = self.digest(span)
        suffix, media = FORMS[form]
        return f"{self.name_of(digest, form)}.{suffix}", media, self.drawn(digest, form)

    def name_of(self, digest: Digest, form: str) -> str:
        return ("剪报册" if form == "booklet" else digest.title) + digest.number

    def drawn(self, digest: Digest, form: str) -> bytes:
        """Raises DoesNotAddUp when parts do not make totals, TemplateRefused when the bureau's own template cannot be filled."""
        require_sound(digest)
        if form == "mail":
            return mail.html(digest, self.address()).encode()
        if form == "booklet":
            return booklet.made(self.store, digest, masked, self.captured)
        if form == "docx" and (template := self.template(digest.span)):
            return digest_template.filled(template, digest)
        write = {"docx": digest_docx.write, "pdf": digest_pdf.write, "xlsx": digest_xlsx.write}[form]
        with tempfile.TemporaryDirectory(prefix="jianbao-") as folder:
            path = Path(folder) / "digest"
            write(digest, path)
            return path.read_bytes()

    def template(self, span: Span) -> Path | None:
        """templates/舆情剪报周报.docx (or 月通报, …) in the bureau's folder, when it is there."""
        path = self.bureau().folder / "templates" / f"{span.title}.docx"
        return path if path.is_file() else None

    def templates(self) -> dict[str, str]:
        digest, found = self.digest(span_at("week", self.clock.now())), {}
        for path in sorted((self.bureau().folder / "templates").glob("*.docx")):
            try:
                digest_template.filled(path, digest)
                found[path.name] = ""
            except ValueError as error:
                found[path.name] = str(error)
        return found

    # sending

    def preview(self, span: Span, user: str) -> DigestIssue:
        person = next((p for p in self.bureau().duty.people if p.user == user), None)
        if person is None or not self.targets([person.id]):
            raise ValueError("您的账号没有登记接收通道：请在“设置”的人员里填写登录名和通道")
        issue = self._made(span, user, (person.id,), "preview")
        self._put(issue)
        return self.store.issue(issue.id)

    def send(self, span: Span, who: str, to: Sequence[str]) -> DigestIssue:
        if not self.targets(to):
            raise ValueError("没有可以送达的接收人：请先选择人员、小组或通道")
        issue = self._made(span, who, tuple(dict.fromkeys(to)), "waiting")
        if not issue.faults:
            self._put(issue)
            self.store.decide_issue(issue.id, "sent", who, "", self.clock.now())
        self.store.audit(who, "digest_send", span.key, "已发出" if not issue.faults else f"待核对：{len(issue.faults)} 处", self.clock.now())
        return self.store.issue(issue.id)

    def release(self, issue_id: int, who: str, reason: str) -> DigestIssue:
        issue = self._waiting(issue_id)
        if not reason.strip():
            raise ValueError("请写明核对情况")
        if not issue.files:
            raise ValueError("这一份没有做完，请重新发送")
        self._put(issue)
        self.store.decide_issue(issue_id, "sent", who, reason.strip(), self.clock.now())
        self.store.audit(who, "digest_release", issue.span, reason.strip(), self.clock.now())
        return self.store.issue(issue_id)

    def drop(self, issue_id: int, who: str, reason: str) -> DigestIssue:
        issue = self._waiting(issue_id)
        self.store.decide_issue(issue_id, "dropped", who, reason.strip(), self.clock.now())
        self.store.audit(who, "digest_drop", issue.span, reason.strip(), self.clock.now())
        return self.store.issue(issue_id)

    def again(self, issue_id: int, task_id: int, who: str) -> None:
        """A message that was given up is tried once more."""
        if not any(p.task_id == task_id for p in self.store.posted(issue_id)) or not self.store.retry_task(task_id, self.clock.now()):
            raise ValueError("这条没有停在“发送失败”")
        self.store.audit(who, "digest_again", str(issue_id), "ok", self.clock.now())

    def scheduled(self, kind: str = "week") -> DigestIssue | None:
        """By schedule: this week's, or the past month's (quarter's, …), once, to its list; None where nobody is on it or it was made
        already."""
        span, to = span_at(kind, self.clock.now()), self.list_of(kind)
        if kind != "week":
            span = span_before(span)
        if not to or any(i.who == SYSTEM for i in self.store.issues(span.key)):
            return None
        return self.send(span, SYSTEM, to)

    def issues(self, span: Span) -> list[tuple[DigestIssue, list[Posted]]]:
        return [(i, self.store.posted(i.id)) for i in self.store.issues(span.key)]

    def kept(self, issue_id: int, name: str) -> bytes | None:
        issue = self.store.issue(issue_id)
        if issue is None or not any(f.name == name for f in issue.files):
            return None
        path = self._folder(issue) / name
        return path.read_bytes() if path.is_file() else None

    def _waiting(self, issue_id: int) -> DigestIssue:
        issue = self.store.issue(issue_id)
        if issue is None or issue.state != "waiting":
            raise ValueError("这一份不在等待核对")
        return issue

    def _folder(self, issue: DigestIssue) -> Path:
        return self.bureau().var / "digests" / issue.span / str(issue.id)

    def _made(self, span: Span, who: str, to: tuple[str, ...], state: str) -> DigestIssue:
        """The issue with its files on disk; its row is there before them, so that nothing sent is without a copy."""
        digest = self.digest(span)
        require_sound(digest)
        found = tuple(str(f) for f in self.faults(digest))
        issue = DigestIssue(0, span.key, digest.number, self.clock.now(), who, state, to, found, (), mail.text(digest))
        issue = replace(issue, id=self.store.new_issue(issue))
        folder, files = self._folder(issue), []
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        for form in (*ATTACHED, "mail"):
            try:
                body = self.drawn(digest, form)
            except pdf.NoChineseFont:              # told by the checks; a person decides whether the other forms will do
                continue
            name = f"{self.name_of(digest, form)}.{FORMS[form][0]}"
            half = folder / f".{name}"
            half.write_bytes(body)
            os.replace(half, folder / name)
            files.append(KeptFile(name, FORMS[form][0], len(body), hashlib.sha256(body).hexdigest()))
        self.store.keep_files(issue.id, files)
        return replace(issue, files=tuple(files))

    def _put(self, issue: DigestIssue) -> None:
        """Into the outbox: mail with the files, everything else as words with a link (log-in stands before it).  Once per channel."""
        now, span = self.clock.now(), span_from_key(issue.span)
        kinds = {c.id: c.kind for c in self.bureau().channels}
        title = f"{'【预览】' if issue.state == 'preview' else ''}{span.title if span else ''}{issue.number}"
        key = f"digest:{issue.id}"
        with self.store.write() as w:
            for target in self.targets(issue.recipients):
                if kinds[target[0]] == "mail":
                    folder = self._folder(issue).relative_to(self.bureau().var)
                    w.put(POST, f"{key}:{target[0]}", {
                        "channel": target[0], "key": key, "title": title, "folder": str(folder),
                        "html": next(f.name for f in issue.files if f.form == "html"),
                        "files": [f.name for f in issue.files if f.form != "html"]}, now)
                else:
                    deliver(w, target, Message(key, title, issue.summary, f"{self.address()}/digest/{issue.span}", Level.IV), now)


def ended(now: datetime) -> list[str]:
    """Kinds of spans that a new month, which holds `now`, has ended."""
    month = local(now).month
    return ["month", *(["quarter"] if month % 3 == 1 else []), *(["half"] if month % 6 == 1 else []), *(["year"] if month == 1 else [])]


def desk(house: House) -> Digests:
    return Digests(house.store, house.bureau, house.clock, house.address, lambda article_id: _captured(house, article_id))


def _captured(house: House, article_id: int) -> bytes | None:
    """The picture of the piece that stands in the chain of evidence of a claim of it, bytes checked against their hash."""
    clipping = house.store.clipping(article_id)
    if clipping is None or clipping.story is None:
        return None
    var = house.bureau().var
    evidence = Evidence(house.store, var / "evidence", house.archive, house.clock)
    for claim in house.store.claims_on((), (clipping.story.id,)):
        if claim.finding.article_id != article_id:
            continue
        for item in house.store.evidence_of(claim.id):
            if item.media_type in _PICTURES and item.size <= _MOST_PICTURE:
                held = io.BytesIO()
                try:
                    evidence.copy_to(item, held)
                except EvidenceError:
                    continue
                return held.getvalue()
    return None


def _span(house: House, since: datetime | None, until: datetime | None) -> Span:
    """This week when nothing is given; from a day on: until the end of today."""
    now = house.clock.now()
    if since is None:
        return span_at("week", now)
    return span_between(since, until or day_start(local(now).date() + timedelta(days=1)))


def check(house: House, since: datetime | None = None, until: datetime | None = None) -> list[Fault]:
    """What keeps the digest of the span from leaving by itself."""
    made = desk(house)
    return made.faults(made.digest(_span(house, since, until)))


def write(house: House, folder: Path, since: datetime | None = None, until: datetime | None = None,
        forms: Sequence[str] = ("docx", "xlsx")) -> list[Path]:
    """Files of the span (this week when not given).  Raises ValueError when parts and totals do not agree."""
    made = desk(house)
    digest, paths = made.digest(_span(house, since, until)), []
    folder.mkdir(parents=True, exist_ok=True)
    for form in forms:
        name = {"booklet": "剪报册", "mail": f"{digest.title}-邮件"}.get(form, digest.title)
        path = folder / f"{name}-{digest.span.key}.{FORMS[form][0]}"
        try:
            path.write_bytes(made.drawn(digest, form))
        except pdf.NoChineseFont:                  # told by the checks
            continue
        paths.append(path)
    return paths
