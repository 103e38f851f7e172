"""What a mutant is: a few replacements in the source, each of which must fit exactly one place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class DoesNotApply(LookupError):
    """The source no longer has, or has more than once, what a mutant replaces: the mutant must be written anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One replacement, in the one file of a folder that has the text; files move, so folders are named."""

    folder: str
    old: str
    new: str

    def place(self, root: Path = ROOT) -> Path:
        """Return the file to change; raises DoesNotApply."""
        places = [path for path in _sources(root / self.folder) for _ in range(path.read_text().count(self.old))]
        if len(places) != 1:
            raise DoesNotApply(f"{len(places)} places in {self.folder} have {self.old!r}")
        return places[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """
    A protection taken away.

    `name` completes the sentence "the engine ..."; `guards` are the tests that are asked first, for they are near.
    """

    name: str
    changes: tuple[Change, ...]
    guards: tuple[str, ...] = ()

    def places(self, root: Path = ROOT) -> list[Path]:
        """Return the files to change."""
        return [change.place(root) for change in self.changes]


def mutant(name: str, *changes: tuple[str, str, str], guards: tuple[str, ...] = ()) -> Mutant:
    """Return a mutant; each change is a folder, the text there, and what stands in its place."""
    return Mutant(
        name=name, changes=tuple(Change(folder=folder, old=old, new=new) for folder, old, new in changes), guards=guards
    )


def _sources(folder: Path) -> Iterator[Path]:
    """Yield the program's own files below a folder, or the one file that it is."""
    for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
        if path.suffix in (".py", ".sql") and "tests" not in path.parts:
            yield path
