"""A unit's form (季报表) as it comes – xlsx, xls, csv, docx – read whole or told row by row what cannot be read.

`read` is the door for files, `typed` for what a unit fills in on the page, `materials` for the zip of evidence, `forms` makes blank and
pre-filled forms.  Nothing is half-accepted: a form with problems has none of its rows taken.
"""

from __future__ import annotations

from pipelines.intake.reading import read, typed

__all__ = ["read", "typed"]
