"""The weekly digest as files."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.house import House
from dashboards import digest_docx, digest_xlsx
from dashboards.digest import build, check

SHANGHAI = ZoneInfo("Asia/Shanghai")


def week_of(now: datetime) -> tuple[datetime, datetime]:
    """Monday 00:00 to the next Monday 00:00 in China, around `now`."""
    local = now.astimezone(SHANGHAI)
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), time(), SHANGHAI)
    return monday, monday + timedelta(days=7)


def write(house: House, folder: Path, since: datetime | None = None, until: datetime | None = None) -> list[Path]:
    """docx and xlsx of the span (this week when not given).  Raises ValueError when parts and totals do not agree."""
    now = house.clock.now()
    start, end = week_of(now)
    made = build(house.store, house.bureau(), since or start, until or end, now)
    if faults := check(made):
        raise ValueError("；".join(faults))
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"剪报周报-{made.since.astimezone(SHANGHAI):%Y%m%d}-{(made.until - timedelta(seconds=1)).astimezone(SHANGHAI):%Y%m%d}"
    paths = [folder / f"{stem}.docx", folder / f"{stem}.xlsx"]
    digest_docx.write(made, paths[0])
    digest_xlsx.write(made, paths[1])
    return paths
