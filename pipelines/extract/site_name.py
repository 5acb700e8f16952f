"""What a page calls its own site: said for machines, or behind the last separator of `<title>`.

Only a name to recognise it by when others print it as their 来源: what a page says of itself makes it no listed outlet.
"""

from __future__ import annotations

import re

from pipelines.extract.document import Document
from pipelines.extract.headline import NAMED_SITE, tidy

LONGEST = 20             # characters of a site's name
_BEHIND = re.compile(r"[_|｜丨—–-]\s*([^_|｜丨—–-]{2,20})$")


def site_name(doc: Document) -> str:
    """"" where the page does not say."""
    said = tidy(doc.meta("og:site_name", "sitename", "site_name", "application-name"))
    if 2 <= len(said) <= LONGEST:
        return said
    behind = _BEHIND.search(tidy(doc.title))
    return behind[1].strip() if behind and NAMED_SITE.search(behind[1]) else ""
