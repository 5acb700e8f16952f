"""Fingerprints of articles and the index that finds which ones to look at more closely.

A fingerprint only nominates: `analysis.reposts.judge` decides.  The 64-bit simhash is taken over character 3-grams of the
cleaned body; keys over the title and over the opening and closing shingles find short, cut and extended copies.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from analysis.cleaning import clean, clean_title, points, shingles, stir
from analysis.columns import Column
from analysis.hamming import Prints
from analysis.keys import Keys
from model.clipping import Signature

GRAM = 3                 # characters of a feature of the simhash
SHINGLE = 9              # characters of a shingle behind a key
EDGE = 160               # characters at either end from which keys are drawn
DRAWN = 2                # keys drawn from either end
WIDE, NARROW = 400, 64   # characters of the window from which a key is kept, and by which one is looked up
WEAK = 4                 # candidates looked at that share a single key
KEPT = 8                 # keys kept of an article at most
MANY = 4096              # signatures from which on they are put in order once for all
RADIUS = 13              # reposts reach this Hamming distance
_MASK = (1 << 64) - 1


def mix(value: int) -> int:
    """`analysis.cleaning.stir` of one integer."""
    value &= _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def gram_hash(gram: str) -> int:
    """The hash of one feature: its (up to) three code points side by side, 21 bits each, then mixed."""
    packed = 0
    for i, character in enumerate(gram):
        packed |= ord(character) << (21 * i)
    return mix(packed)


def grams(text: str) -> list[str]:
    """The character 3-grams of a text, with repeats; a shorter text is one feature."""
    return [text[i:i + GRAM] for i in range(max(len(text) - GRAM + 1, 1))] if text else []


def simhash_of(cleaned: str) -> int:
    """The 64-bit simhash of an already cleaned text (0 for an empty one), each 3-gram weighted by how often it stands there."""
    if not cleaned:
        return 0
    codes = points(cleaned)
    if len(codes) < GRAM:
        features = np.array([gram_hash(cleaned)], dtype=np.uint64)
    else:
        features = stir(codes[:-2] | (codes[1:-1] << np.uint64(21)) | (codes[2:] << np.uint64(42)))
    bits = np.unpackbits(features.astype(">u8").view(np.uint8).reshape(-1, 8), axis=1)
    sums = bits.sum(axis=0, dtype=np.int64)
    return int.from_bytes(np.packbits(sums * 2 > len(features)).tobytes(), "big")


def simhash(text: str) -> int:
    """The 64-bit simhash of a body as printed: cleaned, then `simhash_of`."""
    return simhash_of(clean(text).text)


def _minima(hashes: np.ndarray, width: int) -> list[int]:
    """The smallest hash of every run of `width`, each once: winnowing (Schleimer, Wilkerson, Aiken 2003) by values.

    The least of a wide run is also the least of every narrower one around it, so what is kept of one text with a wide
    window is found in a part of it with a narrow one.
    """
    width = min(width, len(hashes))
    if not width:
        return []
    blocks = -(-len(hashes) // width)
    padded = np.full(blocks * width, np.iinfo(np.uint64).max, dtype=np.uint64)
    padded[:len(hashes)] = hashes
    rows = padded.reshape(blocks, width)
    ahead = np.minimum.accumulate(rows, axis=1).ravel()
    behind = np.minimum.accumulate(rows[:, ::-1], axis=1)[:, ::-1].ravel()
    last = len(hashes) - width + 1
    return np.unique(np.minimum(behind[:last], ahead[width - 1:width - 1 + last])).tolist()


def _title_key(title: str) -> int | None:
    key = clean_title(title)
    if len(key) < 6:
        return None
    value = 0x5449_544C
    for point in map(ord, key):
        value = (value * 0x9E3779B97F4A7C15 + point) & _MASK
    return mix(value) >> 1


def _as_keys(title: str, hashes: Iterable[int], most: int) -> tuple[int, ...]:
    key = _title_key(title)
    return tuple(dict.fromkeys((*(() if key is None else (key,)), *(h >> 1 for h in hashes))))[:most]


def signature(title: str, text: str, outlet_boilerplate: Iterable[str] = (), article_id: int = 0) -> Signature:
    """What the index keeps of an article.

    Keys: the title (where it has six characters), the least shingles of the opening and of the closing, and some from
    all over the body, so that a part of it is still found.
    """
    cleaned = clean(text, title, tuple(outlet_boilerplate)).text
    hashes = shingles(cleaned, SHINGLE)
    drawn = [*np.sort(hashes[:EDGE])[:DRAWN].tolist(), *np.sort(hashes[-EDGE:])[:DRAWN].tolist()]
    spread = _minima(hashes, max(WIDE, len(hashes) // 2))
    return Signature(article_id, simhash_of(cleaned), len(cleaned), _as_keys(title, (*drawn, *spread), KEPT))


def probes(title: str, text: str, outlet_boilerplate: Iterable[str] = ()) -> tuple[int, ...]:
    """The keys to look an article up by: far more than are kept, so that the parts it was made of are found."""
    hashes = shingles(clean(text, title, tuple(outlet_boilerplate)).text, SHINGLE)
    return _as_keys(title, _minima(hashes, max(NARROW, len(hashes) // 40)), 200)


class FingerprintIndex:
    """Fingerprints, ids and keys by row: exact look-up at any radius, and look-up by key.

    Rows are in the order of adding; an id may be added again, the newer row then counts beside the old one.
    """

    def __init__(self) -> None:
        self.last_id = 0                       # the greatest id added: what to refresh from
        self._prints, self._ids, self._keys = Prints(), Column(np.uint32), Keys()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def nbytes(self) -> int:
        """Bytes taken, room not yet filled included."""
        return self._prints.nbytes + self._ids.nbytes + self._keys.nbytes

    def add(self, article_id: int, fingerprint: int, keys: Iterable[int] = ()) -> None:
        row = len(self._ids)
        self._prints.append(fingerprint)
        self._ids.append(article_id)
        for key in keys:
            self._keys.append(key, row)
        self.last_id = max(self.last_id, article_id)

    def add_signature(self, held: Signature) -> None:
        self.add(held.article_id, held.simhash, held.keys)

    def add_signatures(self, held: Sequence[Signature]) -> None:
        """Many at once are put in order once."""
        if len(held) < MANY:
            for one in held:
                self.add_signature(one)
            return
        keys = np.array([k for one in held for k in one.keys], dtype=np.uint64)
        ids = np.array([one.article_id for one in held], dtype=np.uint32)
        prints = np.array([one.simhash for one in held], dtype=np.uint64)
        self.load(ids, prints, keys, np.repeat(np.arange(len(held)), [len(one.keys) for one in held]))

    def load(self, ids: np.ndarray, prints: np.ndarray, keys: np.ndarray | None = None, owners: np.ndarray | None = None) -> None:
        """Many rows at once (a restart).  `keys[i]` belongs to the row `owners[i]` of this load, counted from 0."""
        if keys is not None and owners is not None:
            self._keys.extend(keys, owners.astype(np.uint64) + np.uint64(len(self._ids)))
        self._prints.extend(prints)
        self._ids.extend(ids)
        if len(ids):
            self.last_id = max(self.last_id, int(np.max(ids)))

    def save(self, path: Path, unsaved: int = 0) -> None:
        """Write all rows but the newest `unsaved` to a file; whole or not at all."""
        rows = max(0, len(self._ids) - unsaved)
        keys, owners = self._keys.whole()
        of_these = int(np.searchsorted(owners, rows))
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        with open(part, "wb") as out:
            np.savez(out, prints=self._prints.whole()[:rows], ids=self._ids.whole()[:rows], keys=keys[:of_these], owners=owners[:of_these])
        os.replace(part, path)

    @classmethod
    def read(cls, path: Path) -> FingerprintIndex | None:
        """What `save` wrote; None where there is no such file or it cannot be read."""
        try:
            with np.load(path, allow_pickle=False) as held:
                index = cls()
                index.load(held["ids"], held["prints"], held["keys"], held["owners"])
                return index
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None

    def last(self) -> tuple[int, int] | None:
        """(id, fingerprint) of the row with the greatest id, the newest of these."""
        rows = np.flatnonzero(self._ids.whole() == self.last_id)
        return (self.last_id, int(self._prints.whole()[rows[-1]])) if len(rows) else None

    def near(self, fingerprint: int, radius: int = RADIUS) -> list[tuple[int, int]]:
        """All (id, Hamming distance) within the radius, nearest first; exact."""
        found = [(self._ids[row], distance) for row, distance in self._prints.near(fingerprint, radius).items()]
        return sorted(found, key=lambda f: (f[1], -f[0]))

    def sharing(self, keys: Iterable[int], most: int = 40) -> dict[int, int]:
        """id → how many of the keys it has; of each key the newest `most` articles."""
        shared: dict[int, int] = {}
        for row in self._keys.rows(list(keys), most):
            article_id = self._ids[row]
            shared[article_id] = shared.get(article_id, 0) + 1
        return shared

    def candidates(self, wanted: Signature, looked_up: Iterable[int] = (), radius: int = RADIUS, most: int = 60) -> list[int]:
        """Ids worth judging, most promising first: near fingerprints and shared keys, never the article itself.

        `looked_up`: the `probes` of the article; its own keys are looked up in any case.
        """
        score: dict[int, float] = {}
        if wanted.length:
            for article_id, distance in self.near(wanted.simhash, radius)[:4 * most]:
                score[article_id] = 2.0 + (radius - distance) / 4
        for article_id, shared in self.sharing(dict.fromkeys((*wanted.keys, *looked_up))).items():
            score[article_id] = score.get(article_id, 0.0) + shared
        score.pop(wanted.article_id, None)
        ranked = sorted(score, key=lambda i: (-score[i], -i))
        strong = sum(s >= 2 for s in score.values())
        return ranked[:min(most, strong + WEAK)]
