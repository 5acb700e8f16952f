"""The doors of digests: what the pages and papers ask of the store and of the digest desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from model.digest import Digest, DigestEdit, DigestIssue, Fault, KeptFile, Posted, Span


class DigestStore(Protocol):
    def piece_counts(self, since: datetime, until: datetime) -> list[tuple[str, str, str, bool, int]]:
        """(ISO day in Asia/Shanghai, outlet id, tier, first of its story, pieces) of matched articles."""

    def digest_edits(self, span: str) -> list[DigestEdit]:
        """Oldest first."""

    def add_digest_edit(self, edit: DigestEdit) -> int: ...
    def new_issue(self, issue: DigestIssue) -> int: ...
    def keep_files(self, issue_id: int, files: Sequence[KeptFile]) -> None: ...
    def decide_issue(self, issue_id: int, state: str, who: str, reason: str, now: datetime) -> None: ...
    def issue(self, issue_id: int) -> DigestIssue | None: ...
    def issues(self, span: str = "", limit: int = 50) -> list[DigestIssue]:
        """Newest first."""

    def posted(self, issue_id: int) -> list[Posted]:
        """What became of the issue's messages, by channel."""


class DigestDesk(Protocol):
    """What the pages do with digests.  Refusals are ValueError with a Chinese reason."""

    def span(self, key: str) -> Span | None:
        """The span of an address; "" is this week.  None: there is no such span, or it has not begun."""

    def digest(self, span: Span) -> Digest:
        """Facts, masked, with the editors' changes beside them."""

    def facts(self, span: Span) -> Digest:
        """Without the editors' changes."""

    def faults(self, digest: Digest) -> list[Fault]: ...
    def edits(self, span: Span) -> list[DigestEdit]: ...
    def edit(self, span: Span, who: str, what: str, target: int = 0, value: str = "") -> None: ...
    def file(self, span: Span, form: str) -> tuple[str, str, bytes]:
        """(file name, media type, bytes) of docx, pdf, xlsx, mail or booklet (PDF).  KeyError for another form."""

    def readers(self) -> Sequence[tuple[str, str]]:
        """(id, name) of people, groups and channels that a digest may be sent to."""

    def list_of(self, kind: str) -> tuple[str, ...]:
        """Who gets digests of this kind by schedule."""

    def set_list(self, kind: str, names: Sequence[str], who: str) -> None: ...
    def preview(self, span: Span, user: str) -> DigestIssue:
        """Send it to oneself alone."""

    def send(self, span: Span, who: str, to: Sequence[str]) -> DigestIssue:
        """Send it, or let it wait for a person when a check fails."""

    def release(self, issue_id: int, who: str, reason: str) -> DigestIssue:
        """A person looked: send what waited, as it was made."""

    def drop(self, issue_id: int, who: str, reason: str) -> DigestIssue: ...
    def again(self, issue_id: int, task_id: int, who: str) -> None:
        """A message that was given up is tried once more."""

    def issues(self, span: Span) -> Sequence[tuple[DigestIssue, Sequence[Posted]]]: ...
    def kept(self, issue_id: int, name: str) -> bytes | None:
        """A file of an issue as it was sent."""

    @property
    def mask(self) -> Callable[[str], str]: ...
    def templates(self) -> Mapping[str, str]:
        """name of a Word template of the bureau → "" or what is wrong with it."""
