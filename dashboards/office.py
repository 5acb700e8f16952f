"""What the web app is given to work with: everything it touches comes through this one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from model.bureau import Bureau
from model.errors import Problem
from model.ports import Archive, Clock, Desk, Store
from model.ports_claims import ClaimsDesk
from model.ports_credits import CreditsDesk
from model.ports_digest import DigestDesk
from model.ports_duty import Channels, RosterDesk, RulesDesk, WatchDesk
from model.ports_stories import NameDesk, StoryDesk
from model.ports_words import WordsDesk

COOKIE = "jianbao"


@dataclass(frozen=True)
class Office:
    """`bureau`, `problems` and `troubles` (what hinders the house now) are asked anew on every request, so that an edited folder shows at once.

    `decode(body, headers)` turns a saved page into text; `secret` signs the form tokens (at least 16 bytes).
    `cookie`: a browser keeps cookies by host and not by port, so bureaus side by side on one host need names of their own.
    """

    bureau: Callable[[], Bureau]
    store: Store
    desk: Desk
    archive: Archive
    decode: Callable[[bytes, Mapping[str, str]], str]
    clock: Clock
    problems: Callable[[], list[Problem]]
    secret: bytes
    credits: CreditsDesk | None = None
    claims: ClaimsDesk | None = None
    roster: RosterDesk | None = None
    channels: Channels | None = None
    watches: WatchDesk | None = None
    rules: RulesDesk | None = None
    stories: StoryDesk | None = None
    names: NameDesk | None = None
    digests: DigestDesk | None = None
    words: WordsDesk | None = None
    troubles: Callable[[], Sequence[str]] = tuple
    cookie: str = COOKIE
