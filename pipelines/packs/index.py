"""The index of a pack, as docx and xlsx: which row, which file, seen when, its digest."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import timedelta, timezone

from docx import Document
from docx.shared import Pt

from model.cells import as_text
from model.claim import Claim, EvidenceItem
from pipelines.sheets import Book

_ZONE = timezone(timedelta(hours=8))
_HEAD = ("编号", "序号", "稿件标题", "核对结果", "材料", "文件", "看到的时间", "封存时间", "网址", "SHA-256")


def _rows(claims: Sequence[Claim], items: Sequence[EvidenceItem], paths: Mapping[int, str]) -> list[tuple[object, ...]]:
    rows = {c.id: c for c in claims}
    return [
        (
            i.seq,
            rows[i.claim_id].row.number if i.claim_id in rows else "",
            rows[i.claim_id].row.title if i.claim_id in rows else "（已撤回）",
            rows[i.claim_id].standing.label if i.claim_id in rows else "",
            i.name,
            paths[i.id],
            f"{i.seen_at.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}",
            f"{i.captured_at.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}",
            i.url,
            i.sha256,
        )
        for i in items
    ]


def xlsx(head: Mapping[str, object], claims: Sequence[Claim], items: Sequence[EvidenceItem], paths: Mapping[int, str]) -> bytes:
    target = io.BytesIO()
    with Book(target, f"{head['unit']}佐证材料目录") as book:
        sheet = book.sheet("目录", (8, 8, 40, 10, 18, 50, 20, 20, 50, 66))
        sheet.head(*_HEAD)
        for row in _rows(claims, items, paths):
            sheet.add(*row)
        sheet.add()
        sheet.add("共", len(items), "件", "", "末尾哈希", head["last_hash"])
    return target.getvalue()


def docx(head: Mapping[str, object], claims: Sequence[Claim], items: Sequence[EvidenceItem], paths: Mapping[int, str]) -> bytes:
    document = Document()
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(as_text(f"{head['unit']} {head['period']} 佐证材料目录"), level=1)
    document.add_paragraph(f"共 {len(items)} 件。末尾哈希：{head['last_hash'] or '无'}")
    document.add_paragraph("本目录说明何时看到了什么；打包之后的改动可用包内 verify_pack.py 查出。它不是公证。")
    by_row: dict[tuple[object, object], list[tuple[object, ...]]] = {}
    for row in _rows(claims, items, paths):
        by_row.setdefault((row[1], row[2]), []).append(row)
    for (number, title), rows in by_row.items():
        document.add_paragraph(as_text(f"{number}　{title}（{rows[0][3]}）", 400)).runs[0].bold = True
        for seq, _, _, _, name, path, seen, _, url, sha in rows:
            document.add_paragraph(as_text(f"第{seq}号　{name}　看到于 {seen}　{url}\n{path}\nSHA-256 {sha}", 2000))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
