"""What the desk taught: a 误报 or 漏报 click with its reason, kept as one line of `cases.jsonl` in the bureau's folder."""

from __future__ import annotations

from dataclasses import dataclass

MAX_TITLE, MAX_EXCERPT, MAX_REASON = 200, 3000, 500


@dataclass(frozen=True)
class Lesson:
    """One labelled article.  A later lesson about the same article and unit stands against an earlier one."""

    id: str                        # fingerprint of title and text
    title: str
    text: str                      # its beginning
    label: str                     # what a person says it is: N, R, P, X
    was: str                       # what the program said
    reason: str = ""
    who: str = ""
    at: str = ""                   # ISO time
    unit_id: str = ""              # about this unit; "": about the article
    url: str = ""
    article: int = 0               # number of the clipping

    @property
    def key(self) -> tuple[str, str]:
        return self.id, self.unit_id

    @property
    def click(self) -> str:
        """What was clicked, in Chinese."""
        return "漏报" if self.label == "N" and self.was != "N" else "误报" if self.was == "N" and self.label != "N" else "改判" if self.label != self.was else "认可"


def standing(lessons: list[Lesson]) -> list[Lesson]:
    """The lessons in force: of each article and unit the last, in the order they were given."""
    held: dict[tuple[str, str], Lesson] = {}
    for lesson in lessons:
        held.pop(lesson.key, None)
        held[lesson.key] = lesson
    return list(held.values())
