"""All mutants."""

from . import money, moves, people, work

MUTANTS = (*moves.MUTANTS, *work.MUTANTS, *money.MUTANTS, *people.MUTANTS)
