"""Pages a second, from saved pages on loopback: (a) plain Scrapy with trafilatura inline, (b) the whole of Jianbao.

    python benchmarks/ingest.py ../shared/press/labelled.warc.gz ../shared/press/unlabelled.warc.gz [--copies 12]

Both crawl the same pages from the same server in one run, each page under `--copies` hosts.  (a) stores title, date and
text as JSON lines.  (b) is one crawl process and two work processes: fetch, archive, extract, every analysis, store,
search index.  Prints pages a second, their ratio, and the largest memory of each process.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]

PLAIN = '''
import json, sys
import scrapy, trafilatura
from scrapy.crawler import CrawlerProcess

urls, out, proxy = json.load(open(sys.argv[1])), open(sys.argv[2], "w"), sys.argv[3]

class Plain(scrapy.Spider):
    name = "plain"
    async def start(self):
        for url in urls:
            yield scrapy.Request(url, meta={"proxy": proxy, "download_slot": url.split("/")[2]}, dont_filter=True)
    def parse(self, response):
        doc = trafilatura.bare_extraction(response.text if hasattr(response, "text") else response.body, url=response.url, with_metadata=True)
        doc = doc.as_dict() if doc else {}
        out.write(json.dumps({"url": response.url, "title": doc.get("title"), "date": doc.get("date"), "text": doc.get("text")}, ensure_ascii=False) + "\\n")

process = CrawlerProcess({"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": False, "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
                          "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False})
process.crawl(Plain)
process.start()
'''


def load(files: list[str], copies: int) -> dict[str, tuple[bytes, str]]:
    """address → (body, content type), each saved page under `copies` host names of its own."""
    sys.path.insert(0, str(ROOT))
    from pipelines.archive_pages import iterate
    pages = {}
    for page in iterate([Path(f) for f in files]):
        parts = urlsplit(page.url)
        for n in range(copies):
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            pages[f"http://c{n}.{parts.hostname}.bench.example{path}"] = (page.body, page.headers.get("content-type", "text/html"))
    return pages


def serve(pages: dict, port: int) -> None:
    """The pages as an HTTP proxy, with a list page at each host's root."""
    import asyncio
    hosts: dict[str, list[str]] = {}
    for url in pages:
        hosts.setdefault(urlsplit(url).hostname, []).append(url)

    async def answer(reader, writer):
        try:
            while line := await reader.readline():
                url = line.split()[1].decode()
                while (await reader.readline()).strip():
                    pass
                body, kind, status = b"", "text/html", "404 Not Found"
                if url in pages:
                    (body, kind), status = pages[url], "200 OK"
                elif urlsplit(url).path in ("", "/") and urlsplit(url).hostname in hosts:
                    links = "".join(f'<li><a href="{u}">{n} 条新闻标题足够长的链接</a></li>' for n, u in enumerate(hosts[urlsplit(url).hostname]))
                    body, status = f"<html><meta charset=utf-8><ul>{links}</ul>".encode(), "200 OK"
                writer.write(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    async def main():
        server = await asyncio.start_server(answer, "127.0.0.1", port)
        async with server:
            await server.serve_forever()

    asyncio.run(main())


def plain(urls: list[str], port: int, folder: Path) -> tuple[float, int, int]:
    """(seconds, pages stored, peak kB)"""
    (folder / "urls.json").write_text(json.dumps(urls))
    (folder / "plain.py").write_text(PLAIN)
    start = time.monotonic()
    process = subprocess.Popen([sys.executable, str(folder / "plain.py"), str(folder / "urls.json"), str(folder / "plain.jsonl"), f"http://127.0.0.1:{port}"])
    _, _, usage = os.wait4(process.pid, 0)
    return time.monotonic() - start, sum(1 for _ in open(folder / "plain.jsonl")), usage.ru_maxrss


def bureau(folder: Path, urls: list[str], port: int) -> None:
    """A bureau folder whose outlets are the benchmark's hosts."""
    from ruamel.yaml import YAML

    from config.init import make
    make(folder, sample=True)
    yaml = YAML()
    hosts = sorted({urlsplit(u).hostname for u in urls})
    outlets = [{"id": f"b{n}", "name": f"媒体{n}", "tier": "municipal", "kind": "site", "domains": [host],
                "sources": [{"kind": "listing", "url": f"http://{host}/", "link_pattern": "bench[.]example/.+", "min_interval_s": 3600, "max_interval_s": 7200}]}
               for n, host in enumerate(hosts)]
    with open(folder / "outlets.yaml", "w", encoding="utf-8") as file:
        yaml.dump({"outlets": outlets}, file)
    with open(folder / "settings.yaml", "w", encoding="utf-8") as file:
        yaml.dump({"crawl": {"proxy": f"http://127.0.0.1:{port}", "delay_s": 0, "obey_robots": False, "link_days": 36500}}, file)


def whole(urls: list[str], port: int, folder: Path) -> tuple[float, dict, dict[str, int]]:
    """(seconds until every page has its status, statuses, peak kB by process)"""
    bureau(folder, urls, port)
    from pipelines.store import open_store
    (folder / "var").mkdir(exist_ok=True)
    store = open_store(str(folder / "var" / "jianbao.db"))
    start = time.monotonic()
    names = {"work-1": ["work", str(folder), "--name", "work-1"], "work-2": ["work", str(folder), "--name", "work-2"], "crawl": ["crawl", str(folder)]}
    log = open(folder / "log", "wb")
    crew = {name: subprocess.Popen([sys.executable, "-m", "app.cli", *words], cwd=ROOT, stdout=log, stderr=log) for name, words in names.items()}
    while True:
        time.sleep(0.1)
        counts = store.page_counts()
        ended = sum(n for status, n in counts.items() if status not in ("queued", "leased"))
        if ended >= len(urls) or time.monotonic() - start > 1800:
            break
        dead = [name for name, p in crew.items() if p.poll() is not None]
        if dead:
            sys.exit(f"{dead} died:\n{(folder / 'log').read_text(encoding='utf-8', errors='replace')[-3000:]}")
    seconds = time.monotonic() - start
    memory = {}
    for name, process in crew.items():
        process.terminate()
        _, _, usage = os.wait4(process.pid, 0)
        memory[name] = usage.ru_maxrss
    store.close()
    return seconds, {k: v for k, v in counts.items() if v}, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("warc", nargs="+")
    parser.add_argument("--copies", type=int, default=12)
    parser.add_argument("--port", type=int, default=8497)
    args = parser.parse_args()
    pages = load(args.warc, args.copies)
    server = multiprocessing.Process(target=serve, args=(pages, args.port), daemon=True)
    server.start()
    time.sleep(0.5)
    urls = list(pages)
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        seconds_b, statuses, memory = whole(urls, args.port, Path(b) / "bureau")
        seconds_a, stored, memory_a = plain(urls, args.port, Path(a))
    server.terminate()
    print(f"{len(urls)} pages")
    print(f"(a) Scrapy + trafilatura inline: {stored / seconds_a:6.1f} pages/s  ({stored} stored, {seconds_a:.1f} s, {memory_a // 1024} MB)")
    print(f"(b) Jianbao, 2 work processes:   {sum(statuses.values()) / seconds_b:6.1f} pages/s  ({seconds_b:.1f} s)  {statuses}")
    print("    peak memory: " + ", ".join(f"{name} {kb // 1024} MB" for name, kb in memory.items()))
    print(f"ratio (b)/(a): {(sum(statuses.values()) / seconds_b) / (stored / seconds_a):.2f}")


if __name__ == "__main__":
    main()
