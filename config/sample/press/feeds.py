"""RSS, Atom and sitemap of a house, drawn from the pieces that are out."""

from __future__ import annotations

from email.utils import format_datetime
from typing import Sequence
from xml.sax.saxutils import escape as e

from config.sample.press.piece import House, Piece


def rss(h: House, items: Sequence[Piece]) -> str:
    rows = "".join(f"<item><title>{e(p.title)}</title><link>{e(p.url)}</link><guid isPermaLink=\"true\">{e(p.url)}</guid>"
                   f"<pubDate>{format_datetime(p.published)}</pubDate>"
                   f"<description><![CDATA[{p.paragraphs[0][:80]}……]]></description></item>\n" for p in items)
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{h.name}</title><link>{h.root}/</link>'
            f"<description>{h.channel}</description><language>zh-cn</language>\n{rows}</channel></rss>")


def atom(h: House, items: Sequence[Piece]) -> str:
    rows = "".join(f'<entry><title>{e(p.title)}</title><id>{e(p.url)}</id><link rel="alternate" href="{e(p.url)}"/>'
                   f"<updated>{p.published.isoformat()}</updated><published>{p.published.isoformat()}</published>"
                   f"<summary>{e(p.paragraphs[0][:80])}……</summary></entry>\n" for p in items)
    updated = items[0].published.isoformat() if items else "2026-01-01T00:00:00+08:00"
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>{h.name}</title><id>{h.root}/</id>'
            f'<link rel="self" href="{h.root}{h.feed}"/><updated>{updated}</updated>\n{rows}</feed>')


def sitemap(h: House, items: Sequence[Piece]) -> str:
    rows = "".join(f"<url><loc>{e(p.url)}</loc><lastmod>{p.published.isoformat()}</lastmod>"
                   f"<news:news><news:publication><news:name>{h.name}</news:name>"
                   f"<news:language>zh</news:language></news:publication>"
                   f"<news:publication_date>{p.published.isoformat()}</news:publication_date>"
                   f"<news:title>{e(p.title)}</news:title></news:news></url>\n" for p in items)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}</urlset>')
