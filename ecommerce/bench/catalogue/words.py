"""What generated products are called: words by how often people use them, the same for the same seed."""

import random
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

ONSETS = ("b", "br", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w")
VOWELS = ("a", "e", "i", "o", "u", "ea", "oo")
CODAS = ("", "n", "r", "l", "s", "t", "ck", "nd")


class Skewed:
    """Things of which the n-th is chosen one n-th as often as the first (Zipf, 1949)."""

    def __init__(self, things: Sequence[str]) -> None:
        self.things = things
        self.weights = list(accumulate(1 / (place + 1) for place in range(len(things))))

    def pick(self, chance: random.Random) -> str:
        return self.things[bisect_left(self.weights, chance.random() * self.weights[-1])]


def vocabulary(chance: random.Random, size: int) -> list[str]:
    """Return so many different words that can be spoken."""
    words: dict[str, None] = {}
    while len(words) < size:
        syllables = range(chance.choice((2, 2, 3)))
        words["".join(chance.choice(ONSETS) + chance.choice(VOWELS) + chance.choice(CODAS) for _ in syllables)] = None
    return list(words)
