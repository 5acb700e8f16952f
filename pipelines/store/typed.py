"""How typed words become a query, the same for every engine: phrases of tokens that must be there, and others that must not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipelines.store.codec import plain

_MAX_TYPED, _MAX_TERMS = 200, 24                # characters and terms of a query that are looked at
_TERM = re.compile(r"([-－]?)(?:\"([^\"]*)\"|“([^”]*)”|(\S+))")

Phrase = tuple[str, ...]                        # tokens that stand one after another, in the title or in the text


@dataclass(frozen=True)
class Typed:
    """All of `wanted` must be there and none of `unwanted`; `plain_…` are the words as typed, for texts outside the index."""

    wanted: tuple[Phrase, ...]
    unwanted: tuple[Phrase, ...]
    plain_words: tuple[str, ...]
    plain_excluded: tuple[str, ...]
    empty: bool                    # nothing typed at all

    @property
    def hopeless(self) -> bool:
        """Only signs that no text is searched by."""
        return not (self.empty or self.wanted or self.unwanted)

    @property
    def marks(self) -> tuple[str, ...]:
        """What to mark in a text that was found: the words as typed, then what they were cut into; a single character only as typed."""
        typed = [w.strip("\"“”") for w in self.plain_words]
        return tuple(dict.fromkeys([*filter(None, typed), *(t for tokens in self.wanted for t in tokens if len(t) > 1)]))


def typed(words: str, cut: Callable[[str], str]) -> Typed:
    """Blank-separated words must all be there; a phrase in quotation marks word for word; `-word` not.  Nothing typed can raise."""
    wanted: list[Phrase] = []
    unwanted: list[Phrase] = []
    plain_words: list[str] = []
    plain_excluded: list[str] = []
    words = plain(words[:_MAX_TYPED]).strip()
    for sign, straight, curly, bare in list(_terms(words))[:_MAX_TERMS]:
        phrase = straight or curly
        tokens = tuple(cut(phrase or bare.strip("\"“”")).split())
        if not tokens:
            continue
        if sign:
            unwanted.append(tokens)
            plain_excluded.append(phrase or bare)
        else:
            wanted += [tokens] if phrase else [(token,) for token in dict.fromkeys(tokens)]
            plain_words.append(phrase or bare)
    return Typed(tuple(wanted), tuple(unwanted), tuple(plain_words), tuple(plain_excluded), not words)


def _terms(words: str) -> Iterable[tuple[str, str, str, str]]:
    return (m.groups(default="") for m in _TERM.finditer(words))
