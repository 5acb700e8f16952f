"""A form of 200 rows verified from loopback pages by the command line with two processes (aim: 60 s), and a pack of 500 items with the
largest memory it took (aim: no more than for 50).

    python -m benchmarks.claims [--rows 200] [--items 500]

Nothing is held before: every page is fetched, read, judged and sealed as evidence while the clock runs.  Takes about two minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from app.claims import Desk
from app.house import House
from config.init import make
from config.sample.press import Press
from config.sample.truth import load as truth
from model.claim import FormRow, period, quarter_of
from pipelines.evidence import EvidenceError
from pipelines.intake import forms

ROOT = Path(__file__).resolve().parents[1]
SOUND, PAGE = 8_000_000, 60_000    # bytes: every fiftieth item is a recording, the others are pages


def form_of(folder: Path, house: House, count: int, now: datetime) -> tuple[Path, str]:
    names = {o.id: o.name for o in house.bureau().outlets}
    pieces = [e for e in truth(now) if e.outlet and e.status in ("clipped", "unmatched")]
    rows = [FormRow(str(n), e.title, e.published.date().isoformat(), names[e.outlet], (e.url,)) for n, e in enumerate((pieces * 3)[:count], 1)]
    span = quarter_of(pieces[0].published.date())
    path = folder / "form.xlsx"
    path.write_bytes(forms.filled("云川市第一人民医院", span, rows))
    return path, span.id


def verified(folder: Path, count: int) -> None:
    with Press(datetime.now(timezone.utc)) as press:
        press.publish_all()
        bureau = folder / "bureau"
        make(bureau, sample=True)
        settings = bureau / "settings.yaml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("http://127.0.0.1:8421", press.proxy), encoding="utf-8")
        house = House(bureau, "benchmark")
        form, span = form_of(folder, house, count, press.now)
        house.close()
        started = time.monotonic()
        done = subprocess.run([sys.executable, "-m", "app.cli", "verify", str(form), "--unit", "syy", "--out", str(folder / "out"), "--period", span,
                               "--processes", "2", "--bureau", str(bureau)], cwd=ROOT, check=False)
        taken = time.monotonic() - started
    print(f"{count} rows: {taken:.1f} s with 2 processes (aim 60 s), exit code {done.returncode}, "
          f"{len((folder / 'out' / 'verdicts.jsonl').read_text(encoding='utf-8').splitlines())} verdicts")


def packed(count: int) -> None:
    """Run in a process of its own, so that its largest memory is that of sealing and packing alone."""
    with tempfile.TemporaryDirectory(prefix="jianbao-bench-") as name:
        folder = Path(name)
        make(folder / "bureau", sample=True)
        house = House(folder / "bureau", "benchmark")
        desk, now, span, noise = Desk(house), house.clock.now(), period("2026Q4"), random.Random(7)
        rows = [{"title": f"市一院义诊第{n}场", "day": "2026-11-02", "outlet": "云川日报", "link": "无"} for n in range(1, count // 2 + 1)]
        submission = desk.hand_in("syy", span.id, desk.read_typed(rows, span.id), "联络员")
        claims = house.store.claims(submission_id=submission)
        evidence = desk.evidence
        for n in range(count):
            body = noise.randbytes(SOUND if n % 50 == 0 else PAGE)
            evidence.keep(claims[n % len(claims)], "material", f"材料{n}.{'mp3' if n % 50 == 0 else 'pdf'}", "application/octet-stream", body, now)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.monotonic()
        made = desk.pack("syy", span.id, folder)
        taken = time.monotonic() - started
        wrong = desk.check_pack(made.path).wrong
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        house.close()
    if wrong:
        raise EvidenceError("；".join(wrong))
    print(f"pack of {made.items} items, {made.bytes / 1e6:.0f} MB: {taken:.1f} s, largest memory {after:.0f} MB ({after - before:+.0f} MB over sealing them)")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--rows", type=int, default=200)
    given.add_argument("--items", type=int, default=500)
    given.add_argument("--pack", type=int, default=0, help=argparse.SUPPRESS)
    said = given.parse_args()
    if said.pack:
        packed(said.pack)
        return
    with tempfile.TemporaryDirectory(prefix="jianbao-bench-") as folder:
        verified(Path(folder), said.rows)
    for count in (max(2, said.items // 10), said.items):
        subprocess.run([sys.executable, "-m", "benchmarks.claims", "--pack", str(count)], cwd=ROOT, check=True, env=os.environ)


if __name__ == "__main__":
    main()
