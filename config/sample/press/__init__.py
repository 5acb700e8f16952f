"""The sample press: fictional outlets under the reserved TLD `.example`, served on loopback as an HTTP proxy.

Part of the sample, never of the product path: the product only knows that `crawl.proxy` points here.
"""

from config.sample.press.run import Press

__all__ = ["Press"]
