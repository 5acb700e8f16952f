#!/usr/bin/env python3
"""Offline verifier of an evidence pack.  Needs Python 3.8 or newer and nothing else.

    python3 verify_pack.py PACK.zip      (or: python3 verify_pack.py FOLDER, where the pack was unpacked)

Checks that no file was altered, removed or added, that every item is sealed to the one before it, and prints the last hash, to be
held against the one printed in the index or asked for at the office that made the pack.
"""

import hashlib
import json
import os
import sys
import zipfile

MANIFEST = "manifest.json"
SEALED = ("chain", "seq", "claim_id", "kind", "name", "media_type", "size", "sha256", "captured_at", "seen_at", "url", "meta", "previous")


class Folder:
    def __init__(self, path):
        self.path = path

    def names(self):
        found = []
        for base, _, files in os.walk(self.path):
            found += [os.path.relpath(os.path.join(base, f), self.path).replace(os.sep, "/") for f in files]
        return found

    def open(self, name):
        return open(os.path.join(self.path, *name.split("/")), "rb")


class Zip:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)

    def names(self):
        return [i.filename for i in self.zip.infolist() if not i.filename.endswith("/")]

    def open(self, name):
        return self.zip.open(name)


def digest_of(pack, name):
    digest, size = hashlib.sha256(), 0
    with pack.open(name) as file:
        while True:
            chunk = file.read(1 << 20)
            if not chunk:
                return digest.hexdigest(), size
            digest.update(chunk)
            size += len(chunk)


def seal(item):
    fields = {name: item.get(name) for name in SEALED}
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")).hexdigest()


def faults(pack):
    """(list of what is wrong, the manifest or None)"""
    wrong = []
    names = pack.names()
    doubled = sorted({n for n in names if names.count(n) > 1}) if len(names) != len(set(names)) else []
    wrong += ["包里有同名的两个文件：%s" % n for n in doubled]
    if MANIFEST not in names:
        return wrong + ["缺少清单 %s" % MANIFEST], None
    try:
        with pack.open(MANIFEST) as file:
            manifest = json.loads(file.read(200000000).decode("utf-8"))
        items, others = manifest["items"], manifest["files"]
        paths = [i["path"] for i in items] + list(others)
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        return wrong + ["清单读不出：%s" % error], None
    previous = ""
    for number, item in enumerate(items, 1):
        what = "第%s号“%s”（%s）" % (item.get("seq"), item.get("name"), item.get("path"))
        if item.get("seq") != number:
            wrong.append("第%d号缺失：清单里接下来的是第%s号" % (number, item.get("seq")))
        if item.get("previous") != previous:
            wrong.append("%s 与前一件不相接，前面有条目被删改" % what)
        if seal(item) != item.get("hash"):
            wrong.append("%s 的记录被改动" % what)
        previous = item.get("hash")
    if manifest.get("count") != len(items) or manifest.get("last_hash") != previous:
        wrong.append("件数或末尾哈希与清单头不符，末尾有条目被删改")
    expected = dict((i["path"], (i["sha256"], i["size"])) for i in items)
    expected.update((name, tuple(v)) for name, v in others.items())
    present = set(names)
    for path in sorted(expected):
        if path not in present:
            wrong.append("文件缺失：%s" % path)
            continue
        try:
            got = digest_of(pack, path)
        except (OSError, zipfile.BadZipFile, EOFError, RuntimeError, ValueError, NotImplementedError) as error:
            wrong.append("文件读不出：%s（%s）" % (path, error))
            continue
        except Exception as error:  # zlib.error and whatever a broken member raises
            wrong.append("文件已损坏：%s（%s）" % (path, error))
            continue
        if got != expected[path]:
            wrong.append("文件被改动：%s" % path)
    wrong += ["多出清单之外的文件：%s" % n for n in sorted(present - set(paths) - {MANIFEST})]
    return wrong, manifest


def opened(path):
    return Folder(path) if os.path.isdir(path) else Zip(path)


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    try:
        wrong, manifest = faults(opened(sys.argv[1]))
    except (OSError, zipfile.BadZipFile) as error:
        print("打不开：%s" % error)
        return 1
    for line in wrong:
        print("× " + line)
    if wrong:
        print("共 %d 处不符。" % len(wrong))
        return 1
    print("佐证包完好：%s，%s，共 %d 件。末尾哈希 %s" % (manifest.get("unit"), manifest.get("period"), manifest.get("count"), manifest.get("last_hash")))
    print("说明：此结果表明打包之后内容没有变化；它不是公证。请将末尾哈希与打包单位留存的核对。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
