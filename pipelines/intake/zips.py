"""A zip from outside, looked at before anything in it is read: sizes, number, names, encryption.

Sizes are those of the central directory; Python's zipfile never gives more bytes of an entry than its stated size, so a lie
only ends in an error.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipelines.intake.grid import Unreadable

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)  # what reading a damaged zip raises
MAX_RATIO = 200                    # of an entry above 5 MB; office files and scans lie far below
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class Entry:
    info: zipfile.ZipInfo
    name: str                      # as its maker meant it, "/" between folders


def opened(data: bytes | io.IOBase) -> zipfile.ZipFile:
    """Raises Unreadable for what is no sound zip."""
    try:
        return zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data)
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError, OverflowError) as error:
        raise Unreadable("压缩结构已损坏，打不开；请在本机打开确认后重新保存、上传") from error


def entries(archive: zipfile.ZipFile, most: int, most_bytes: int, most_entry: int) -> list[Entry]:
    """The files of a zip.  Raises Unreadable for a bomb, a path that leads outside, a link, an encrypted entry."""
    infos = archive.infolist()
    if len(infos) > most:
        raise Unreadable(f"压缩包内有 {len(infos)} 个文件，超过上限 {most} 个")
    total, found, seen = 0, [], set()
    for info in infos:
        name = _name(info)
        if info.is_dir() or name.endswith("/"):
            _check_name(name)
            continue
        if info.flag_bits & 0x1:
            raise Unreadable("压缩包设有密码；请去掉密码后重新上传")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Unreadable(f"压缩包里的“{name[:60]}”是一个链接，不是文件")
        _check_name(name)
        total += info.file_size
        if info.file_size > most_entry or total > most_bytes:
            raise Unreadable(f"压缩包解开后过大（超过 {most_bytes // 1_000_000} MB），疑似压缩炸弹；请只放需要的材料")
        if info.file_size > 5_000_000 and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise Unreadable(f"压缩包里的“{name[:60]}”压缩比异常（{info.file_size // max(1, info.compress_size)} 倍），疑似压缩炸弹")
        if name in seen:
            raise Unreadable(f"压缩包里有两个同名文件“{name[:60]}”")
        seen.add(name)
        found.append(Entry(info, name))
    return found


def _check_name(name: str) -> None:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts or "\x00" in name:
        raise Unreadable(f"压缩包里的文件名“{name[:60]}”带有路径，不能接收；请把文件直接放进压缩包")


def _name(info: zipfile.ZipInfo) -> str:
    """The file name: marked UTF-8 or the Unicode field is believed, else GBK as Chinese systems write it, else as it is."""
    if info.flag_bits & 0x800:
        return info.filename.replace("\\", "/")
    told = _unicode_field(info.extra)
    if told:
        return told.replace("\\", "/")
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename.replace("\\", "/")
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        try:
            return raw.decode(encoding).split("\x00")[0].replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename.replace("\\", "/")


def _unicode_field(extra: bytes) -> str:
    """The Info-ZIP Unicode Path field (0x7075), "" when there is none."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == 0x7075 and size > 5:
            try:
                return extra[at + 9:at + 4 + size].decode("utf-8")
            except UnicodeDecodeError:
                return ""
        at += 4 + size
    return ""
