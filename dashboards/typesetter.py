"""Run as a process of its own: a long paper's memory is given back with it, and what goes wrong in it stops nobody else.

Reads one JSON from stdin (source, data, format, ppi); writes how many files there are, their lengths, then the files.
"""

import json
import struct
import sys


def main() -> None:
    import typst

    asked = json.load(sys.stdin.buffer)
    made = typst.compile(asked["source"].encode(), format=asked["format"], ppi=asked.get("ppi"), sys_inputs={"data": asked["data"]},
        pdf_tags=False)
    files = made if isinstance(made, list) else [made]
    sys.stdout.buffer.write(struct.pack(f"<I{len(files)}Q", len(files), *map(len, files)) + b"".join(files))


if __name__ == "__main__":
    main()
