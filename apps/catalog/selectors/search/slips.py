"""How far a word is from another: letters left out, put in, changed, or two that changed places."""

from collections.abc import Mapping
from string import ascii_lowercase


def slips_of(word: str) -> list[str]:
    """Return every word that is one slip away, each with the mark of a written word."""
    parts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    without = [before + after[1:] for before, after in parts if after]
    turned = [before + after[1] + after[0] + after[2:] for before, after in parts if len(after) > 1]
    changed = [before + letter + after[1:] for before, after in parts if after for letter in ascii_lowercase]
    longer = [before + letter + after for before, after in parts for letter in ascii_lowercase]
    return [f"={slip}" for slip in {*without, *turned, *changed, *longer} - {word}]


def likeliest(word: str, known: Mapping[str, int]) -> list[str]:
    """
    Return the known words that a misspelt one may mean, the likeliest first.

    `known` are words with the number of products that have them. Fewer slips come first, then a first letter that is
    right, then the word of more products.
    """
    near = {other: distance(word, other) for other in known if other != word}
    allowed = most_slips(word)
    choices = [other for other, slips in near.items() if slips <= allowed]
    return sorted(choices, key=lambda other: (near[other], other[0] != word[0], -known[other], other))


def most_slips(word: str) -> int:
    """Return how many slips a word of this length may have before it could mean anything."""
    return 1 if len(word) < 6 else 2


def distance(one: str, other: str) -> int:
    """
    Return the number of slips between two words.

    Source: Damerau, A technique for computer detection and correction of spelling errors (1964), as the optimal string
    alignment: no letter is touched twice.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, target in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
