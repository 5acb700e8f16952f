"""A small .xls (BIFF8 in an OLE file) as Excel 97–2003 wrote them, for tests: text, numbers, merged cells; or an OLE file with other
streams.
"""

from __future__ import annotations

import struct

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0x41, 0x06))


def _sheet(rows: list[list[object]], merged: list[tuple[int, int, int, int]]) -> bytes:
    out = [_bof(0x0010)]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, (int, float)):
                out.append(_record(0x0203, struct.pack("<HHHd", r, c, 0, value)))
            elif value:
                text = str(value)
                out.append(_record(0x0204, struct.pack("<HHHHB", r, c, 0, len(text), 1) + text.encode("utf-16-le")))
    if merged:
        out.append(_record(0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *m) for m in merged)))
    return b"".join(out) + _record(0x000A, b"")


def workbook(
    rows: list[list[object]], merged: list[tuple[int, int, int, int]] | None = None, name: str = "Sheet1", encrypted: bool = False
) -> bytes:
    """`merged`: (first row, last row, first column, last column)."""
    font = _record(0x0031, struct.pack("<HHHHHBBBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + struct.pack("<BB", 5, 0) + b"Arial")
    xf = _record(0x00E0, struct.pack("<HHHBBIIH", 0, 0, 0, 0x20, 0, 0, 0, 0)[:20].ljust(20, b"\0"))
    bound = lambda at: _record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 1) + name.encode("utf-16-le"))   # noqa: E731
    secret = _record(0x002F, struct.pack("<HHHH", 0, 1, 0x1234, 0x5678)) if encrypted else b""
    head = _bof(0x0005) + secret + _record(0x0042, struct.pack("<H", 1200)) + font * 4 + xf * 16
    at = len(head) + len(bound(0)) + len(_record(0x000A, b""))
    return ole({"Workbook": head + bound(at) + _record(0x000A, b"") + _sheet(rows, merged or [])})


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file with these streams in its root."""
    chunks, starts, fat = [], [], []
    for data in streams.values():
        data = data.ljust(4096, b"\0") if len(data) < 4096 else data
        size = -(-len(data) // SECTOR)
        starts.append((len(fat), len(data)))
        fat += [*range(len(fat) + 1, len(fat) + size), _END]
        chunks.append(data.ljust(size * SECTOR, b"\0"))
    names = list(streams)
    entries = [_entry("Root Entry", 5, _FREE, _FREE, 1, _END, 0)]
    entries += [_entry(n, 2, _FREE, i + 2 if i + 1 < len(names) else _FREE, _FREE, starts[i][0], starts[i][1]) for i, n in enumerate(names)]
    while len(entries) % 4:
        entries.append(b"\0" * 68 + struct.pack("<III", _FREE, _FREE, _FREE) + b"\0" * 48)
    directory = b"".join(entries)
    directory_start, sectors = len(fat), len(directory) // SECTOR
    fat += [*range(len(fat) + 1, len(fat) + sectors), _END]
    fat_start = len(fat)
    fat_sectors = -(-(len(fat) + 1) // 128) if len(fat) < 127 else -(-(len(fat) + len(fat) // 128 + 2) // 128)
    fat += [_FAT] * fat_sectors
    fat += [_FREE] * (fat_sectors * 128 - len(fat))
    difat = [*range(fat_start, fat_start + fat_sectors)] + [_FREE] * (109 - fat_sectors)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, directory_start, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", *difat)
    return header + b"".join(chunks) + directory + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return (
        raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, left, right, child) + b"\0" * 36 + struct.pack("<IQ", start, size)
    )
