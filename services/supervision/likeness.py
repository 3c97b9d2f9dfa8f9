"""文本雷同: how alike two texts are, and which of many are, without comparing each with each. Pure."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import fuzz

from shared.verbatim import plain_text

SHINGLE = 4
"""Characters of a shingle: long enough that ordinary words do not make neighbours of all texts."""
BANDS, ROWS = 16, 3
"""16 bands of 3: two texts that share 0.8 of their shingles meet in a band all but surely (1 - (1 - 0.8³)¹⁶ = 0.99999)."""
CROWD = 64
"""Of a band with more texts than this, each is compared with the first so many: they all say the same thing anyway."""


def likeness(a: str, b: str) -> float:
    """How alike two texts are, from 0 to 1; two that say nothing are not alike."""
    one, other = plain_text(a), plain_text(b)
    if not one or not other:
        return 0.0
    return 1.0 if one == other else fuzz.ratio(one, other) / 100


def alike(a: str, b: str, least: float) -> bool:
    """Whether two texts are at least so alike. Their length alone says no to most."""
    return likeness(a, b) >= least


def bands(text: str) -> tuple[str, ...]:
    """Where a text is filed: texts that are nearly alike share a band. Empty for one too short to say anything.

    Minwise hashing of its shingles: a property of the text alone, the same on every machine.
    """
    said = plain_text(text)
    if len(said) < SHINGLE:
        return ()
    shingles = {said[n : n + SHINGLE] for n in range(len(said) - SHINGLE + 1)}
    digests = [hashlib.blake2b(shingle.encode(), digest_size=8).digest() for shingle in shingles]
    numbers = [int.from_bytes(digest, "big") for digest in digests]
    least = [min((a * n + b) % PRIME for n in numbers) for a, b in HASHES]
    return tuple(f"{band}:{least[band * ROWS : (band + 1) * ROWS]}" for band in range(BANDS))


PRIME = (1 << 61) - 1
HASHES = tuple(
    (int.from_bytes(seed[:8], "big") % (PRIME - 1) + 1, int.from_bytes(seed[8:], "big") % PRIME)
    for seed in (hashlib.blake2b(f"huajie {n}".encode(), digest_size=16).digest() for n in range(BANDS * ROWS))
)
"""The hash functions: fixed for ever, so that a text is filed in the same place by every version."""


def copies(texts: Mapping[str, str], least: float) -> Iterator[tuple[str, str, float]]:
    """Which of these texts are at least so alike, each pair once in order of their keys, and how alike: near-linear."""
    filed: dict[str, list[str]] = defaultdict(list)
    for key in sorted(texts):
        near = dict.fromkeys(other for band in bands(texts[key]) for other in filed[band])
        for other in sorted(near):
            if (how := likeness(texts[other], texts[key])) >= least:
                yield other, key, how
        for band in bands(texts[key]):
            if len(filed[band]) < CROWD:
                filed[band].append(key)


def same(digests: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Which keys carry an equal digest: the digest, and the keys in order; those that stand alone are left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, digest in digests:
        found[digest].add(key)
    return {digest: tuple(sorted(keys)) for digest, keys in sorted(found.items()) if len(keys) > 1}
