"""A page as it was saved, printed to PDF by Chromium where that is present.  Never required.

Only the saved bytes are drawn: scripts, frames, refreshes and every address are taken out first and the browser has no network, so a
page can neither fetch nor read anything.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DROPPED = (
    "script",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "link",
    "meta",
    "noscript",
    "form",
    "video",
    "audio",
    "source",
    "portal",
    "svg",
    "math",
)
_ADDRESSES = ("src", "srcset", "href", "action", "formaction", "background", "poster", "data", "style", "ping", "xlink:href")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'none'; form-action 'none'; base-uri 'none'"
_MOST, _SECONDS, _PDF = 3_000_000, 40, 30_000_000      # characters of a page, seconds for one, bytes of a PDF


def browser() -> str:
    """The Chromium to use, "" when there is none (JIANBAO_CHROMIUM names another)."""
    named = os.environ.get("JIANBAO_CHROMIUM", "")
    return named if named and Path(named).exists() else next((p for p in map(shutil.which, _NAMES) if p), "")


def harmless(text: str) -> str:
    """The page without anything that runs, loads or leads anywhere."""
    tree = lxml_html.document_fromstring(text[:_MOST] or "<p></p>", parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False))
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            parent = element.getparent()
            if parent is not None:
                element.drop_tree()
            continue
        if element.tag in _DROPPED and element is not tree:
            element.drop_tree()
            continue
        if element.tag == "style" and element.text and ("url(" in element.text or "@import" in element.text):
            element.text = ""
        for name in list(element.attrib):
            if name.lower() in _ADDRESSES or name.lower().startswith("on"):
                del element.attrib[name]
    body = etree.tostring(tree, method="html", encoding="unicode")
    return f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">{body}'


def to_pdf(text: str, chromium: str = "") -> bytes:
    """PDF of a page's text (decoded HTML); b"" when it could not be made."""
    chromium = chromium or browser()
    if not chromium:
        return b""
    with tempfile.TemporaryDirectory(prefix="jianbao-") as folder:
        page, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
        try:
            page.write_text(harmless(text), encoding="utf-8", errors="replace")
            command = [
                chromium,
                "--headless=new",
                "--disable-gpu",
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-extensions",
                "--disable-sync",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-pdf-header-footer",
                "--js-flags=--max-old-space-size=128",
                "--renderer-process-limit=1",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--proxy-server=http://127.0.0.1:9",
                f"--user-data-dir={folder}/profile",
                f"--print-to-pdf={made}",
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
                page.as_uri(),
            ]
            _run(command, folder)
            return made.read_bytes() if made.exists() and made.stat().st_size <= _PDF else b""
        except (OSError, subprocess.SubprocessError, ValueError, etree.LxmlError):
            return b""


def _run(command: list[str], folder: str) -> None:
    """Run to its end, or to the end of its time: then it and all its children are ended."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
                          start_new_session=True) as process:
        try:
            process.wait(_SECONDS)
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
