"""The addresses of categories that a taxonomy brings."""

from dataclasses import dataclass

from django.utils.text import slugify

LONGEST = 255


@dataclass(slots=True)
class Slugs:
    """Gives out addresses that nobody has."""

    taken: set[str]

    def give(self, path: str, *, spare: str) -> str:
        """Return the words of a path; with `spare`, which no other path has, behind them where they are taken."""
        words = slugify(path)[:LONGEST]
        behind = slugify(spare)
        slug = (
            words if words and words not in self.taken else f"{words[: LONGEST - len(behind) - 1]}-{behind}".strip("-")
        )
        self.taken.add(slug)
        return slug
