"""`python -m config.sample.press --port 8421`: serve the sample press until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
from datetime import datetime
from pathlib import Path

from config.sample.press.run import Press


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.sample.press",
                                     description="Serve the sample press on 127.0.0.1 as an HTTP proxy.")
    parser.add_argument("--port", type=int, default=8421)
    parser.add_argument("--state", type=Path, help="file that keeps the first start, so that a restart goes on")
    parser.add_argument("--now", type=datetime.fromisoformat,
                        help="ISO time with zone that the articles are counted from (default: the present)")
    parser.add_argument("--speed", type=float, default=1.0, help="2 publishes what is held back twice as fast")
    args = parser.parse_args()
    press = Press(args.now.astimezone() if args.now else None, args.port, args.speed, args.state)
    print(f"{len(press.pieces)} articles, {len(press.urls())} of them out, on {press.proxy}", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        press.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        press.close()


if __name__ == "__main__":
    main()
