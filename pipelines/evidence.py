"""Evidence of a claim: what was seen when, sealed into a chain so that a removed or altered item shows.

An item's hash covers its fields and the hash of the item before it (one chain a unit and period).  This tells that nothing was
changed since; it is no notary's word and does not pretend to be one.  Raw pages lie in the WARC archive (the very gzip member is the
item); texts, pictures and handed-in materials lie under `var/evidence/`, named by their SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

from model.claim import Claim, EvidenceItem
from model.clipping import Clipping
from model.page import ArchiveRef
from model.ports import Archive, Clock
from model.ports_claims import ClaimStore
from pipelines.archive import ArchiveError

SEALED = ("chain", "seq", "claim_id", "kind", "name", "media_type", "size", "sha256", "captured_at", "seen_at", "url", "meta", "previous")
_CHUNK = 1 << 20


class EvidenceError(Exception):
    """Bytes that are gone or are not what was sealed; the message is for the screen."""


def stamp(at: datetime) -> str:
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def as_sealed(item: EvidenceItem) -> dict[str, object]:
    """The fields that are sealed, as plain JSON values: what stands in a pack's manifest."""
    fields: dict[str, object] = {name: getattr(item, name) for name in SEALED}
    return fields | {"captured_at": stamp(item.captured_at), "seen_at": stamp(item.seen_at), "meta": dict(sorted(item.meta.items()))}


def seal(item: EvidenceItem) -> str:
    """SHA-256 (hex) over the sealed fields as JSON: keys sorted, no blanks, UTF-8."""
    return hashlib.sha256(
        json.dumps(as_sealed(item), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    ).hexdigest()


def chain_of(unit_id: str, period: str) -> str:
    return f"{unit_id}/{period}"


class Evidence:
    """`folder` is var/evidence, `archive` where the raw pages lie."""

    def __init__(self, store: ClaimStore, folder: Path, archive: Archive, clock: Clock):
        self.store, self.folder, self.archive, self.clock = store, Path(folder), archive, clock

    def capture(self, claim: Claim, piece: Clipping, headers: Mapping[str, str] | None = None) -> list[EvidenceItem]:
        """The raw response and the text of a page.  Capturing again adds nothing for bytes already held."""
        kept = []
        if piece.ref is not None:
            meta = {"title": piece.article.title, "outlet": piece.outlet_name, **(headers or {})}
            kept.append(self._response(claim, piece.ref, piece.first_seen, piece.article.url, meta))
        kept.append(
            self.keep(
                claim,
                "text",
                "正文.txt",
                "text/plain",
                _text(piece).encode("utf-8"),
                piece.first_seen,
                piece.article.url,
                {"title": piece.article.title},
            )
        )
        return kept

    def attempt(self, claim: Claim, url: str, at: datetime, outcome: str, status: int = 0, ref: ArchiveRef | None = None) -> list[EvidenceItem]:
        """An address that led to no article: when it was asked for and what came, and the raw answer where there was one.

        `status` is the HTTP status, 0 when the site did not answer.
        """
        told = f"网址：{url}\n访问时间：{stamp(at)}\n网站答复：{status or '无'}\n结果：{outcome}\n"
        meta = {"outcome": outcome, "status": str(status or "")}
        kept = [self._response(claim, ref, at, url, meta)] if ref is not None else []
        return [*kept, self.keep(claim, "attempt", "访问记录.txt", "text/plain", told.encode("utf-8"), at, url, meta)]

    def _response(self, claim: Claim, ref: ArchiveRef, seen_at: datetime, url: str, meta: Mapping[str, str]) -> EvidenceItem:
        """The gzip member of a fetched page as it lies in the archive."""
        member = self._member(ref)
        return self._add(claim, "response", "网页原始数据.warc.gz", "application/warc", len(member), hashlib.sha256(member).hexdigest(), seen_at, url,
                         f"warc:{ref.file}:{ref.offset}:{ref.length}", {**meta, "body_sha256": ref.sha256})

    def keep(self, claim: Claim, kind: str, name: str, media_type: str, data: bytes | Path, seen_at: datetime, url: str = "",
             meta: Mapping[str, str] | None = None) -> EvidenceItem:
        """Bytes, or a file that is copied in, as an item of the claim's chain."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as fresh:
            digest, size = hashlib.sha256(), 0
            with open(data, "rb") if isinstance(data, Path) else tempfile.SpooledTemporaryFile() as source:
                if not isinstance(data, Path):
                    source.write(data)
                    source.seek(0)
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    fresh.write(chunk)
                    size += len(chunk)
            fresh.flush()
            os.fsync(fresh.fileno())
        sha = digest.hexdigest()
        place = self.folder / "files" / sha[:2] / sha
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(fresh.name, place)
        place.chmod(0o440)
        return self._add(claim, kind, name, media_type, size, sha, seen_at, url, f"files/{sha[:2]}/{sha}", dict(meta or {}))

    def _add(self, claim: Claim, kind: str, name: str, media_type: str, size: int, sha: str, seen_at: datetime, url: str, file: str,
             meta: Mapping[str, str]) -> EvidenceItem:
        return self.store.add_evidence(
            EvidenceItem(
                0,
                chain_of(claim.unit_id, claim.period),
                0,
                claim.id,
                kind,
                name,
                media_type,
                size,
                sha,
                self.clock.now(),
                seen_at,
                url,
                file,
                meta=meta,
            ),
            seal,
        )

    def copy_to(self, item: EvidenceItem, target: BinaryIO) -> None:
        """The bytes of an item in bounded steps.  Raises EvidenceError when they are gone or were changed."""
        digest, size = hashlib.sha256(), 0
        try:
            if item.file.startswith("warc:"):
                data = self._member(_ref(item.file))
                digest.update(data)
                size = len(data)
                target.write(data)
            else:
                with open(self._inside(self.folder, item.file), "rb") as source:
                    while chunk := source.read(_CHUNK):
                        digest.update(chunk)
                        size += len(chunk)
                        target.write(chunk)
        except OSError as error:
            raise EvidenceError(f"佐证第{item.seq}号“{item.name}”的文件读不出（{error.strerror}）") from error
        if digest.hexdigest() != item.sha256 or size != item.size:
            raise EvidenceError(f"佐证第{item.seq}号“{item.name}”的内容与入库时的 SHA-256 不符，可能被改动")

    def faults(self, chain: str) -> list[str]:
        """What is wrong with a chain and its bytes, in words; [] when all is as it was sealed."""
        found, previous = [], ""
        for number, item in enumerate(self.store.evidence_chain(chain), 1):
            if item.seq != number:
                found.append(f"第{number}号缺失（下一件是第{item.seq}号）")
            if item.previous != previous or seal(item) != item.hash:
                found.append(f"第{item.seq}号“{item.name}”的记录被改动或前后不相接")
            previous = item.hash
            try:
                with open(os.devnull, "wb") as nowhere:
                    self.copy_to(item, nowhere)
            except EvidenceError as error:
                found.append(str(error))
        return found

    def _member(self, ref: ArchiveRef) -> bytes:
        try:
            return self.archive.member(ref)
        except ArchiveError as error:
            raise EvidenceError(str(error)) from error

    @staticmethod
    def _inside(folder: Path, name: str) -> Path:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise EvidenceError("佐证的位置指向目录之外")
        return path


def _ref(file: str) -> ArchiveRef:
    name, offset, length = file.removeprefix("warc:").rsplit(":", 2)
    return ArchiveRef(name, int(offset), int(length), "")


def _text(piece: Clipping) -> str:
    a = piece.article
    when = a.published.isoformat() if a.published else "页面未注明"
    return f"标题：{a.title}\n媒体：{piece.outlet_name}\n发布时间：{when}\n来源：{a.source}\n网址：{a.url}\n采集时间：{stamp(piece.first_seen)}\n\n{a.text}\n"
