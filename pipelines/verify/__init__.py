"""Claim → verdict: each row against the page it names, through the same pieces as the flow; every check says what was claimed and found."""

from __future__ import annotations

from pipelines.verify.pages import Landing, Pages
from pipelines.verify.rows import Verifier, policy_of

__all__ = ["Landing", "Pages", "Verifier", "policy_of"]
