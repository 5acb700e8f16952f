"""How rare a word is in Chinese news at large: what tells one happening from another, known before the first article comes.

The figures are the inverse document frequencies that jieba ships for its keyword extraction; the file is read, not the module.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import distribution

UNKNOWN = 11.5           # a word that the list does not have: a name, mostly
_COMMON = 10.0           # words rarer than this are not kept: they count as unknown


@lru_cache(maxsize=1)
def _known() -> dict[str, float]:
    path = distribution("jieba").locate_file("jieba/analyse/idf.txt")
    known = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            word, _, value = line.rstrip().rpartition(" ")
            if word and float(value) < _COMMON:
                known[word] = float(value)
    return known


def rarity(word: str) -> float:
    """Natural logarithm of (documents / documents with the word), about 2 for 的 up to `UNKNOWN` for a name."""
    return _known().get(word, UNKNOWN)
