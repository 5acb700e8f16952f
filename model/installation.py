"""One installation of several bureaus: each has its own folder, record and people; they share what is fetched, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model.bureau import Settings


@dataclass(frozen=True)
class Installation:
    """`settings` are those of what is shared: crawl, archive, the database of the frontier, the number of work processes."""

    name: str
    folder: Path
    bureaus: tuple[str, ...]       # names of folders beside installation.yaml
    settings: Settings = Settings()

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def folders(self) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in self.bureaus)
