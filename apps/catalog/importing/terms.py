"""What its user wants of an import, beside the file."""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from apps.core.exceptions import DomainError


class Shelving(StrEnum):
    """What becomes of the categories that a file names: made where they are missing, only looked up, or passed over."""

    CREATE = "create"
    MATCH = "match"
    IGNORE = "ignore"


class LanguageNotSearched(DomainError):
    """Queries are not read in this language, so nobody would find the products."""

    code = "language_not_searched"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """
    How a file is to be imported.

    `language` is the one the products are written in, a text search configuration of PostgreSQL; without it known
    products keep theirs, and new ones get the first of settings.SEARCH_LANGUAGES. `form` is one of
    `formats.opening.NAMES`, where the file's own look is not to decide; `media_url` the address of the folder of the
    pictures that the file merely names; `fetches_images` whether the images that it names are noted, to be fetched.
    """

    categories: Shelving = Shelving.CREATE
    language: str | None = None
    form: str | None = None
    media_url: str | None = None
    fetches_images: bool = False

    def check(self) -> None:
        """
        Refuse what cannot be done.

        Raises:
            LanguageNotSearched: queries are not read in that language.
        """
        if self.language is not None and self.language not in settings.SEARCH_LANGUAGES:
            known = ", ".join(settings.SEARCH_LANGUAGES)
            raise LanguageNotSearched(
                f"Nothing is searched for in {self.language}: SEARCH_LANGUAGES names {known}. Name it there first."
            )
