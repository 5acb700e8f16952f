"""Is a pack as it was made; and, where the record is at hand, is it the chain that the record holds?"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from model.claim import EvidenceItem
from pipelines.packs import verify_pack


@dataclass(frozen=True)
class Checked:
    """`wrong` empty: nothing was changed.  `chain` names unit and period."""

    wrong: tuple[str, ...]
    chain: str = ""
    count: int = 0
    last_hash: str = ""


def check(path: Path, held: list[EvidenceItem] | None = None) -> Checked:
    """The pack (zip or unpacked folder) by the very code that lies in it; `held` is the record's chain of that unit and period."""
    try:
        wrong, manifest = verify_pack.faults(verify_pack.opened(str(path)))
    except (OSError, zipfile.BadZipFile) as error:
        return Checked((f"打不开：{error}",))
    if manifest is None:
        return Checked(tuple(wrong))
    if held is not None:
        hashes = [str(i.get("hash")) for i in manifest["items"]]
        ours = [i.hash for i in held]
        if hashes != ours[:len(hashes)]:
            wrong.append("与本系统留存的佐证链不一致：包里的记录被整体改写")
        elif len(hashes) < len(ours):
            wrong.append(f"本系统留存 {len(ours)} 件，包里只有前 {len(hashes)} 件（打包之后又有新增，或末尾被删）")
    return Checked(tuple(wrong), str(manifest.get("chain", "")), int(manifest.get("count", 0)), str(manifest.get("last_hash", "")))
