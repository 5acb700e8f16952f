"""What an outlet puts into many of its pieces, learned from the pieces: a line or sentence seen in three different stories.

A repost is one story however often it is printed, so what is told three times is not news but furniture.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.cleaning import parts

LEAST = 3                # different stories in which a line must stand
REMEMBERED = 6_000       # lines remembered of one outlet; the oldest seen once go first
LONGEST = 400            # characters of a line that can be boilerplate
KNOWN = 300              # learned lines of one outlet, the newest
SETTLED = 25             # stories of an outlet between two takings-up of what was learned: what was compared stays comparable


class Boilerplate:
    """Per outlet: lines counted over its stories, and those that have been seen often enough."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[int, int]] = {}
        self._learned: dict[str, dict[str, None]] = {}
        self._stories: dict[str, int] = {}
        self._taken_up: dict[str, tuple[str, ...]] = {}

    def add(self, outlet_id: str, text: str) -> None:
        """Count the lines of a piece that founded a story."""
        if not outlet_id:
            return
        seen, learned = self._seen.setdefault(outlet_id, {}), self._learned.setdefault(outlet_id, {})
        for part in parts(text):
            if len(part) <= LONGEST:
                key = hash(part)
                times = seen.pop(key, 0) + 1
                seen[key] = times              # at the end: most recently seen
                if times >= LEAST:
                    learned.pop(part, None)
                    learned[part] = None
        for held, most in ((seen, REMEMBERED), (learned, KNOWN)):
            while len(held) > most:
                del held[next(iter(held))]
        self._stories[outlet_id] = number = self._stories.get(outlet_id, 0) + 1
        if number <= LEAST or number % SETTLED == 0:
            self._taken_up[outlet_id] = tuple(sorted(learned))

    def of(self, outlet_id: str, configured: Iterable[str] = ()) -> tuple[str, ...]:
        """The outlet's standing lines: the configured ones as they are, then the learned ones folded."""
        return (*configured, *self._taken_up.get(outlet_id, ()))
