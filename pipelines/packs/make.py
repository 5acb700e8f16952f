"""A pack is written item by item, straight into the zip: memory does not grow with the number of items."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from model.claim import Claim, EvidenceItem
from pipelines.evidence import Evidence, as_sealed, chain_of, stamp
from pipelines.packs import index, verify_pack

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_STORED = (".gz", ".jpg", ".jpeg", ".png", ".mp4", ".mp3", ".zip", ".pdf", ".docx", ".xlsx")
_DATED = (2020, 1, 1, 0, 0, 0)     # entries carry no clock of their own: the manifest does


@dataclass(frozen=True)
class Packed:
    path: Path
    items: int
    bytes: int
    last_hash: str


def file_name(text: str, most: int = 60) -> str:
    """A name that every system can write: no separators, no control characters, bounded."""
    return _FORBIDDEN.sub(" ", text).strip(" .")[:most].strip(" .") or "无题"


def make(evidence: Evidence, claims: Sequence[Claim], unit: str, unit_id: str, period: str, folder: Path, now: datetime,
         progress: Callable[[int], None] = lambda n: None) -> Packed:
    """Write `<unit>佐证材料<period>.zip` into `folder`.  Raises EvidenceError when an item's bytes are not what was sealed."""
    items = evidence.store.evidence_chain(chain_of(unit_id, period))
    rows = {c.id: c for c in claims}
    paths = _paths(items, rows)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{file_name(unit)}佐证材料{period}.zip"
    part = target.with_suffix(".part")
    listed: dict[str, list[object]] = {}
    try:
        with zipfile.ZipFile(part, "w", allowZip64=True) as archive:
            for item in items:
                with archive.open(_info(paths[item.id]), "w", force_zip64=item.size > 1_900_000_000) as file:
                    evidence.copy_to(item, file)
                progress(1)
            last = items[-1].hash if items else ""
            head = {
                "unit": unit,
                "chain": chain_of(unit_id, period),
                "period": period,
                "made_at": stamp(now),
                "count": len(items),
                "last_hash": last,
            }
            for name, data in (("目录.docx", index.docx(head, claims, items, paths)), ("目录.xlsx", index.xlsx(head, claims, items, paths)),
                               ("verify_pack.py", Path(verify_pack.__file__).read_bytes()), ("核验说明.txt", _HOW.encode("utf-8"))):
                archive.writestr(_info(name), data)
                listed[name] = [hashlib.sha256(data).hexdigest(), len(data)]
            manifest = head | {"items": [as_sealed(i) | {"hash": i.hash, "path": paths[i.id]} for i in items], "files": listed}
            archive.writestr(_info(verify_pack.MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Packed(target, len(items), target.stat().st_size, last)


_HOW = """本包由剪报系统打包，每个文件的 SHA-256 和前后相接的哈希记在 manifest.json。
核验：装有 Python 3.8 以上的电脑上运行  python3 verify_pack.py 本包.zip  ，不需要联网。
任何文件被修改、删除、增加，都会列出。它说明何时看到了什么、之后没有改动；它不是公证。
"""


def _paths(items: Sequence[EvidenceItem], rows: dict[int, Claim]) -> dict[int, str]:
    """序号+稿件标题/name; a name that comes twice in a row's folder gets the item's number."""
    paths: dict[int, str] = {}
    taken: Counter[str] = Counter()
    for item in items:
        claim = rows.get(item.claim_id)
        row = f"{file_name(claim.row.number, 8)}+{file_name(claim.row.title)}" if claim else f"已撤回{item.claim_id}"
        if claim and any(
            c.row.number == claim.row.number and c.row.title[:60] == claim.row.title[:60] and c.id != claim.id for c in rows.values()
        ):
            row += f"（第{claim.submission_id}次填报）"
        path = f"{row}/{file_name(item.name, 80)}"
        taken[path] += 1
        if taken[path] > 1:
            stem, dot, ending = path.rpartition(".")
            path = f"{stem}-{item.seq}{dot}{ending}" if dot and "/" not in ending else f"{path}-{item.seq}"
        paths[item.id] = path
    return paths


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DATED)
    info.compress_type = zipfile.ZIP_STORED if name.lower().endswith(_STORED) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o640 << 16
    return info
