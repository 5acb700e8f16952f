"""A clipping (剪报): an article that names us, as it is kept and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from model.article import Article
from model.mention import Mention
from model.opinion import Judgement
from model.page import ArchiveRef
from model.story import Edge, Story


@dataclass(frozen=True)
class Signature:
    """What the repost index keeps of an article: unsigned 64-bit simhash, length of the cleaned body, look-up keys.

    `keys` are 63-bit hashes (title, opening and closing shingles), each prefixed by nothing: equal means "look closer".
    """

    article_id: int
    simhash: int
    length: int
    keys: tuple[int, ...] = ()


@dataclass(frozen=True)
class Record:
    """An article as the flow hands it to the store: everything thought about one page.

    `tokens_title`/`tokens_text` are the words cut for the search index, joined by one space.
    """

    page_id: int
    outlet_id: str
    outlet_name: str
    tier: str
    article: Article
    mentions: tuple[Mention, ...]
    judgements: tuple[Judgement, ...]
    matched: bool
    content_sha: str               # over title + text: tells a changed article from a repeated one
    signature: Signature | None
    tokens_title: str = ""
    tokens_text: str = ""


@dataclass(frozen=True)
class Clipping:
    """`article.text` is cut to a snippet in lists (see the port); `edge` is why it belongs to its story."""

    id: int
    article: Article
    outlet_id: str
    outlet_name: str
    tier: str
    first_seen: datetime
    page_id: int
    matched: bool
    mentions: tuple[Mention, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    story: Story | None = None
    edge: Edge | None = None
    ref: ArchiveRef | None = None

    @property
    def is_first(self) -> bool:
        return bool(self.story and self.story.first.article_id == self.id)

    @property
    def overall(self) -> Judgement | None:
        """The judgement of the article as a whole."""
        return next((j for j in self.judgements if not j.unit_id), None)

    @property
    def unit_ids(self) -> tuple[str, ...]:
        """Units named for certain, each once, in the order of their first mention."""
        return tuple(dict.fromkeys(m.unit_id for m in self.mentions if m.unit_id and m.certain))
