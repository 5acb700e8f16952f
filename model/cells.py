"""Text in spreadsheet cells: what begins like a formula is text all the same, and is marked so by whoever writes the sheet.

Signs after OWASP's list for CSV injection, with the full-width forms that Chinese input methods give.
"""

from __future__ import annotations

import re

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MOST = 32_000                      # characters; a cell may hold 32,767
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


def as_text(value: object, most: int = MOST) -> str:
    """The value as one cell of text: no control characters, bounded."""
    return _CONTROL.sub("", str(value).replace("\r\n", "\n"))[:most]


def like_formula(text: str) -> bool:
    """Would a spreadsheet that reads this as CSV run it?  Then the cell is written as quoted text."""
    return text.lstrip(" \u3000").startswith(FORMULA_SIGNS)
