"""Run as a process of its own: a long paper's memory is given back with it, and what goes wrong in it stops nobody else.

Reads one JSON from stdin (source, data, format, ppi, bare: without the fonts of the machine); writes how many files there are, their
lengths, then the files.  Ends with 3 where no font has Chinese characters: a paper full of boxes is none.
"""

import json
import struct
import sys


NO_FONT = 3


def main() -> None:
    import typst

    asked = json.load(sys.stdin.buffer)
    bare = bool(asked.get("bare"))
    one, other = (typst.compile(f"#set page(width: auto, height: auto)\n{c}".encode(), format="png", ignore_system_fonts=bare) for c in "国医")
    if one == other:               # both are the box that stands for what a font does not have
        sys.exit(NO_FONT)
    made = typst.compile(asked["source"].encode(), format=asked["format"], ppi=asked.get("ppi"), sys_inputs={"data": asked["data"]},
        pdf_tags=False, ignore_system_fonts=bare)
    files = made if isinstance(made, list) else [made]
    sys.stdout.buffer.write(struct.pack(f"<I{len(files)}Q", len(files), *map(len, files)) + b"".join(files))


if __name__ == "__main__":
    main()
