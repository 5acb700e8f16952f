"""The pack of a unit's evidence for a period: files named 序号+稿件标题, an index in docx and xlsx, the chain, and its offline verifier."""

from __future__ import annotations

from pipelines.packs.check import check
from pipelines.packs.make import make

__all__ = ["check", "make"]
