"""Where an archive lies, by the settings: this bureau's own folder, one that hosts share, or a bucket of an S3-compatible store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from model.bureau import ArchiveSettings
from model.page import ArchiveRef, Page
from model.ports import Archive
from pipelines.archive import WarcArchive
from pipelines.archive_object import ObjectArchive
from pipelines.archive_record import ArchiveError

SHARED = "shared/"
"""Begins a reference to a page in the archive that the bureaus of an installation share."""


def open_archive(settings: ArchiveSettings, usual: Path, process: str, max_mb: int) -> WarcArchive | ObjectArchive:
    """`usual`: the folder where none is set; a relative one is reckoned from its parent's parent, the bureau's folder."""
    if settings.place.startswith("s3://"):
        return ObjectArchive(lambda: _s3(settings), settings.place.removeprefix("s3://"), process, settings.place)
    folder = usual.parent.parent / settings.place if settings.place else usual
    return WarcArchive(folder, process, max_mb)


def _s3(settings: ArchiveSettings):
    from s3fs import S3FileSystem      # loads a large client: one box does without

    secret = {"key": settings.key, "secret": settings.secret} if settings.key else {}
    files = S3FileSystem(
        **secret, endpoint_url=settings.endpoint or None, use_listings_cache=False, skip_instance_cache=True,
        client_kwargs={"region_name": settings.region or None, "verify": settings.ca or None},
        config_kwargs={"connect_timeout": settings.timeout_s, "read_timeout": settings.timeout_s * 2, "retries": {"total_max_attempts": 1},
                       "s3": {"addressing_style": "path" if settings.endpoint else "auto"},
                       # stores other than Amazon's own do not all know its newer checksums; a record carries its SHA-256
                       "request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"})
    files.retries = 2
    return files


class BesideShared:
    """A bureau's own archive, and beside it, for reading alone, the one it shares with the other bureaus of its installation."""

    def __init__(self, own: WarcArchive | ObjectArchive, shared: WarcArchive | ObjectArchive):
        self.own, self.shared = own, shared

    def append(self, page: Page) -> ArchiveRef:
        return self.own.append(page)

    def flush(self) -> None:
        self.own.flush()

    def read(self, ref: ArchiveRef) -> bytes:
        archive, ref = self._where(ref)
        return archive.read(ref)

    def member(self, ref: ArchiveRef) -> bytes:
        archive, ref = self._where(ref)
        return archive.member(ref)

    def read_many(self, refs: Sequence[ArchiveRef]) -> list[bytes | ArchiveError]:
        """Bodies in the order of `refs`; in place of one that cannot be had stands its error."""
        bodies: dict[int, bytes | ArchiveError] = {}
        for wanted in (self.own, self.shared):
            mine = [(at, found[1]) for at, ref in enumerate(refs) if (found := self._where(ref))[0] is wanted]
            bodies |= zip([at for at, _ in mine], wanted.read_many([ref for _, ref in mine]), strict=True)
        return [bodies[at] for at in range(len(refs))]

    def close(self) -> None:
        """The shared one is closed by whoever opened it."""
        self.own.close()

    def _where(self, ref: ArchiveRef) -> tuple[Archive, ArchiveRef]:
        if ref.file.startswith(SHARED):
            return self.shared, ArchiveRef(ref.file.removeprefix(SHARED), ref.offset, ref.length, ref.sha256)
        return self.own, ref
