"""Page → article: title, minute, source, bylines and body, each with the signal that gave it.

`read` decides, `explain` shows what it chose from, `join` puts continued pages together.
"""

from __future__ import annotations

from pipelines.extract.reading import Explanation, explain, join, read

__all__ = ["Explanation", "explain", "join", "read"]
