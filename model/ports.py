"""The doors of the house: what each room may ask of storage, archive, channels and time.

`Store` is the system of record.  Reads stand on the store itself; everything that changes more than one row
together happens inside `with store.write() as w:` (one transaction holding the write lock: `w` is a `Writer`).
All datetimes are aware UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from model.alert import Incident, IncidentEvent, Message, Sent
from model.clipping import Clipping, Record, Signature
from model.credit import LedgerRow
from model.outbox import Task
from model.outlet import Source
from model.page import ArchiveRef, Page, PageStatus, QueuedPage
from model.ports_duty import CaseDesk, DutyReader, DutyWriter
from model.rehearsal import Saved
from model.search import Counts, Hits, Query
from model.source_state import Link, SourceState
from model.story import Copy, Edge, First, Story
from model.user import User


class Clock(Protocol):
    def now(self) -> datetime: ...


class Archive(Protocol):
    """Raw pages on disk.  `append` may buffer; only after `flush` may a row with the reference be committed."""

    def append(self, page: Page) -> ArchiveRef: ...
    def flush(self) -> None: ...
    def read(self, ref: ArchiveRef) -> bytes: ...
    def member(self, ref: ArchiveRef) -> bytes:
        """The record itself, the gzip member as it lies in the archive."""

    def close(self) -> None: ...


class Search(Protocol):
    def search(self, query: Query) -> Hits: ...
    def counts(self, query: Query, most: int = 200) -> Counts:
        """Hits of `query` among clippings by day, tier, label, outlet and unit, the `most` of each; its page plays no part."""


class Channel(Protocol):
    """One way of telling people.  Returns None when taken; raises model.errors.Retry or Drop with a reason free of secrets."""

    id: str

    def send(self, message: Message) -> None: ...
    def reach(self) -> None:
        """Can the other side be reached?  Nothing is sent; raises as `send` does."""


class Frontier(Protocol):
    """What is due to be fetched.  Taking leases: what a dead process held comes back when its lease ends."""

    def sync_sources(self, sources: Iterable[Source], now: datetime) -> None:
        """Make the table of sources equal to the configured ones; state of those that stay is kept, vanished ones are disabled."""

    def due_sources(self, now: datetime, limit: int, lease_s: int = 300) -> list[SourceState]: ...

    def record_poll(self, state: SourceState, links: Sequence[Link], now: datetime) -> int:
        """Save the source's new state and the links never seen before, in one transaction.  Returns how many were new.

        The caller fills every field of `state` except `found`, `last_new` and `usual_gap_s`, which are kept here
        (they depend on how many links were new); the lease ends.
        """

    def due_links(self, now: datetime, limit: int, lease_s: int = 300, busy_hosts: Sequence[str] = ()) -> list[Link]:
        """Highest priority first, oldest first within; none of a host in `busy_hosts`."""

    def link_failed(self, url: str, kind: str, detail: str, retry_at: datetime | None, now: datetime) -> None:
        """`retry_at` None: given up.  `kind` as SourceState.fail_kind."""

    def offer(self, links: Sequence[Link], now: datetime) -> int:
        """Add links by hand or from a page (continued pages, late retries); returns how many were new."""

    def source_states(self) -> list[SourceState]: ...

    def link_counts(self, sources: Sequence[str] | None = None) -> Mapping[str, int]:
        """waiting | leased | done | failed → number, of all or of these sources."""


class Queue(Protocol):
    def enqueue(self, pages: Sequence[tuple[Page, ArchiveRef]], now: datetime) -> list[int]:
        """Put fetched pages in the queue and mark their links done, in one transaction.  Page ids in order."""

    def enqueue_marked(self, pages: Sequence[tuple[Page, ArchiveRef]], name: str, held: str, mark: str, now: datetime) -> bool:
        """Put pages in the queue and `mark` in the place of the value `held` under `name`; False, and nothing done, when another stands there."""

    def pages_after(self, page_id: int, limit: int) -> list[QueuedPage]:
        """The queue as a log: pages with greater ids, whatever became of them, ascending."""

    def take_pages(self, worker: str, limit: int, now: datetime, lease_s: int = 120, least: int | None = None) -> list[QueuedPage]:
        """Oldest first, high hint["priority"] before (`least`: these alone); a page whose lease ended is given again, `tries` counted up."""

    def give_back(self, worker: str) -> int:
        """What `worker` holds on lease waits again, as if it had never been taken; returns how many."""

    def page_counts(self, since: datetime | None = None) -> Mapping[str, int]:
        """PageStatus value → number of pages (all statuses, zero included)."""

    def requeue(self, since: datetime | None, statuses: Sequence[PageStatus], now: datetime, ids: Sequence[int] = ()) -> int:
        """Queue pages again for `rerun`: by fetch time and status, or by id."""

    def quarantined(self, limit: int = 100) -> list[tuple[QueuedPage, str, datetime]]:
        """(page, reason, since)"""


class Writer(DutyWriter, Protocol):
    """One transaction.  Nothing is visible outside until the `with` block ends; an exception undoes everything."""

    # pages and articles
    def finish_page(self, page_id: int, status: PageStatus, reason: str, now: datetime, article_id: int | None = None) -> None: ...

    def held(self, canonical: str) -> tuple[int, str, int] | None:
        """(article id, content_sha, id of the page it was read from) of the article with this canonical address, if held."""

    def save_article(self, record: Record, now: datetime) -> int:
        """Insert, or replace what was thought about the same canonical address; writes mentions, judgements, signature and search index."""

    # stories
    def signatures_after(self, article_id: int) -> list[Signature]:
        """Signatures of matched articles with id greater than `article_id`, ascending."""

    def texts(self, ids: Sequence[int]) -> Mapping[int, Clipping]: ...
    def story_of(self, article_id: int) -> int | None: ...
    def members(self, story_id: int) -> list[int]: ...
    def copies(self, story_id: int) -> list[Copy]: ...
    def edges(self, story_id: int) -> list[Edge]: ...
    def new_story(self, title: str, now: datetime) -> int: ...

    def join(self, story_id: int, edge: Edge, now: datetime) -> None:
        """Put `edge.child` into the story (leaving any other); a story left without members is removed."""

    def set_first(self, story_id: int, first: First, title: str, highest_tier: str) -> None: ...

    def pins(self, article_ids: Sequence[int]) -> list[tuple[int, int, str]]:
        """What a person decided about pairs: (article a, article b, "split" | "merge"); re-runs must keep to it."""

    def pin(self, a: int, b: int, kind: str, who: str, now: datetime) -> None: ...

    # outbox
    def put(self, kind: str, key: str, payload: Mapping[str, object], now: datetime, again: bool = False, due: datetime | None = None) -> None:
        """Add a task once per key; with `again`, a task already done under the key is set to be done again; `due` None: at once."""

    # incidents
    def clipping(self, article_id: int) -> Clipping | None: ...
    def incident_of_story(self, story_id: int) -> Incident | None: ...
    def incident(self, incident_id: int) -> Incident | None: ...
    def incidents_since(self, since: datetime) -> list[Incident]:
        """Incidents not closed, or updated after `since`; newest first."""

    def new_incident(self, incident: Incident) -> int:
        """`incident.id` is ignored."""

    def save_incident(self, incident: Incident) -> None: ...
    def link_story(self, incident_id: int, story_id: int) -> None: ...
    def log(self, incident_id: int, who: str, what: str, text: str, now: datetime, data: Mapping[str, object] | None = None) -> int: ...
    def story_clippings(self, story_ids: Sequence[int]) -> list[Clipping]:
        """All copies of the stories, with texts, by first_seen."""

    # credits
    def ledger_of_story(self, story_id: int) -> list[LedgerRow]: ...
    def add_ledger(self, row: LedgerRow) -> int:
        """Append; `row.id` is ignored."""


class Outbox(Protocol):
    def take_tasks(self, kinds: Sequence[str], limit: int, now: datetime, lease_s: int = 60) -> list[Task]: ...
    def task_done(self, task_id: int, now: datetime) -> None: ...
    def task_failed(self, task_id: int, detail: str, retry_at: datetime | None, now: datetime) -> None:
        """`retry_at` None parks the task, visibly."""

    def due_kinds(self, prefix: str, now: datetime) -> list[str]:
        """Kinds of tasks that begin with `prefix` and have one due."""

    def retry_task(self, task_id: int, now: datetime) -> bool:
        """A parked task is pending again; False when it is not parked."""

    def record_channel(self, channel: str, ok: bool, detail: str, dead: bool, now: datetime) -> None:
        """Count an attempt: a success ends the row of failures."""

    def task_counts(self) -> Mapping[str, int]:
        """pending | leased | done | parked → number."""

    def record_sent(self, channel: str, key: str, ok: bool, detail: str, now: datetime) -> None: ...
    def was_sent(self, channel: str, key: str) -> bool: ...
    def sent(self, limit: int = 100) -> list[Sent]: ...


class Reader(Protocol):
    """What the pages and papers read."""

    def clippings(self, ids: Sequence[int]) -> list[Clipping]:
        """In the order of `ids`; texts cut to 200 characters."""

    def clipping(self, article_id: int) -> Clipping | None:
        """Whole text."""

    def clippings_between(self, since: datetime, until: datetime) -> list[Clipping]:
        """Matched articles whose published time (or first_seen where missing) lies in [since, until); newest first; texts cut to 200 characters."""

    def story(self, story_id: int) -> Story | None: ...
    def story_copies(self, story_id: int) -> list[Clipping]: ...
    def past(self, since: datetime, until: datetime, wanted: Callable[[str, str], bool], words: Collection[str] | None = None) -> tuple[int, list[Saved]]:
        """(how many clippings the span has, those whose title and text are `wanted`), newest first.

        `words`: one of them stands in whatever is wanted, so that an engine which can looks at nothing else; None: that cannot be told.
        """

    def unresolved(self, limit: int = 100) -> list[Clipping]:
        """Clippings that have a mention left for a person."""

    def incidents(self, states: Sequence[str] = (), limit: int = 100, unit_id: str = "") -> list[Incident]: ...
    def incidents_between(self, since: datetime, until: datetime) -> list[Incident]: ...
    def incident(self, incident_id: int) -> Incident | None: ...
    def incident_events(self, incident_id: int) -> list[IncidentEvent]: ...
    def events_after(self, event_id: int, limit: int = 200) -> list[IncidentEvent]:
        """For live pages: what happened in any incident after event `event_id`."""

    def last_event_id(self) -> int: ...
    def change_mark(self) -> int:
        """A number that grows whenever a clipping, incident or ledger row is added: cheap to poll."""

    def ledger(self, unit_id: str = "", period: str = "", limit: int = 500) -> list[LedgerRow]:
        """Newest first."""

    def ledger_between(self, since: datetime, until: datetime) -> list[LedgerRow]: ...
    def unit_counts(self, since: datetime, until: datetime) -> Mapping[str, Mapping[str, int]]:
        """unit id → {"clippings", "firsts", "negative"}"""

    def day_counts(self, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
        """(day "2026-11-21" in Asia/Shanghai, tier, clippings)"""


class Accounts(Protocol):
    def user(self, name: str) -> tuple[User, str] | None:
        """(user, password hash)"""

    def users(self) -> list[User]: ...
    def save_user(self, user: User, password_hash: str | None) -> int:
        """Insert when `user.id` is 0; `password_hash` None keeps the old one."""

    def failed_logins(self, name: str, since: datetime) -> int: ...
    def open_session(self, token_hash: str, user_id: int, now: datetime) -> None: ...
    def session(self, token_hash: str) -> tuple[User, datetime] | None:
        """(user, last seen)"""

    def touch_session(self, token_hash: str, now: datetime) -> None: ...
    def close_session(self, token_hash: str) -> None: ...
    def audit(self, who: str, what: str, target: str, result: str, now: datetime, address: str = "") -> None: ...
    def audit_rows(self, limit: int = 200) -> list[tuple[datetime, str, str, str, str, str]]: ...


class Store(Frontier, Queue, Outbox, Reader, Accounts, Search, DutyReader, Protocol):
    def write(self) -> AbstractContextManager[Writer]: ...
    def purge(self, unmatched_before: datetime, now: datetime) -> int:
        """Drop the text of unmatched articles seen before; returns how many."""

    def backup(self, target: str) -> None: ...
    def get(self, name: str, default: str = "") -> str:
        """A small named value (e.g. schema-independent marks)."""

    def put_value(self, name: str, value: str) -> None: ...
    def close(self) -> None: ...


class Desk(CaseDesk, Protocol):
    """What a person does to an incident: see `model.ports_duty.CaseDesk`."""
