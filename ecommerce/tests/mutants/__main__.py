"""`python -m ecommerce.tests.mutants [--only WORDS] [--layer NAME] [--list] [--write]`: see the package."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import Queue

from rich.console import Console

from .bench import Bench, Run
from .catalogue import MUTANTS
from .ladder import NAMES, Layer, ladder_of
from .mutant import ROOT, DoesNotApply, Mutant
from .report import DOCS, Finding, markdown, table, write

BENCHES = 2
FOLDER = ROOT / ".local" / "mutants"


def main() -> None:
    parser = argparse.ArgumentParser(prog="ecommerce.tests.mutants", description="Take protections away, one by one.")
    parser.add_argument("--only", default="", help="only the mutants whose names have these words")
    parser.add_argument("--layer", default="", help="only this layer: " + ", ".join(NAMES))
    parser.add_argument("--list", action="store_true", help="say what there is, and whether it still applies")
    parser.add_argument("--write", action="store_true", help=f"put the table into {DOCS.relative_to(ROOT)}")
    options = parser.parse_args()
    if options.write and (options.only or options.layer):
        parser.error("only a whole run is written down")
    chosen = [mutant for mutant in MUTANTS if options.only in mutant.name]
    console = Console(width=140 if not sys.stdout.isatty() else None)
    stale = [problem for mutant in chosen for problem in _stale(mutant)]
    if stale or options.list:
        for line in stale or [mutant.name for mutant in chosen]:
            console.print(line, markup=False, highlight=False)
        sys.exit(1 if stale else 0)
    begun = time.monotonic()
    with _benches() as benches:
        findings = _tried(chosen, options.layer, benches, console)
        uncontrolled = _fails_anyway(findings, benches)
    console.print(table(findings))
    print("\n" + "\n".join(markdown(findings)) + "\n")
    if options.write:
        write(DOCS, markdown(findings))
    survivors = [finding for finding in findings if finding.caught is None]
    console.print(
        f"{len(findings)} mutants, {len(survivors)} survived, {time.monotonic() - begun:.0f} s", highlight=False
    )
    for test in uncontrolled:
        console.print(f"{test} fails without any mutant: it proves nothing", markup=False, highlight=False)
    sys.exit(1 if survivors or uncontrolled else 0)


def _stale(mutant: Mutant) -> Iterator[str]:
    try:
        mutant.places()
    except DoesNotApply as error:
        yield f"{mutant.name}: {error}"
    yield from (f"{mutant.name}: there is no {guard}" for guard in mutant.guards if not (ROOT / guard).exists())


@contextmanager
def _benches() -> Iterator["Queue[Bench]"]:
    """Give benches that are ready, to be taken and put back."""
    benches = [Bench(FOLDER / str(n)) for n in range(BENCHES)]
    ready: Queue[Bench] = Queue()
    with ExitStack() as stack, ThreadPoolExecutor(BENCHES) as pool:
        for bench in benches:
            stack.callback(bench.tear_down)
        list(pool.map(Bench.set_up, benches))
        for bench in benches:
            ready.put(bench)
        yield ready


def _tried(mutants: Sequence[Mutant], only: str, benches: "Queue[Bench]", console: Console) -> list[Finding]:
    """Try each mutant, as many at once as there are benches."""

    def attempt(mutant: Mutant) -> Finding:
        bench = benches.get()
        try:
            finding = _climb(mutant, only, bench)
        finally:
            benches.put(bench)
        word = f"caught by {finding.caught}" if finding.caught else "SURVIVED"
        console.print(f"{mutant.name}: {word} ({finding.seconds:.0f} s)", highlight=False, markup=False)
        return finding

    with ThreadPoolExecutor(BENCHES) as pool:
        return list(pool.map(attempt, mutants))


def _climb(mutant: Mutant, only: str, bench: Bench) -> Finding:
    """Run layer after layer until one fails."""
    begun, passed = time.monotonic(), list[str]()
    caught: Layer | None = None
    run = Run(failed=None, said=None, seconds=0.0)
    with bench.mutated(mutant):
        for rung in ladder_of(mutant):
            asked = tuple(layer for layer in rung if only in layer.name)
            if not asked:
                continue
            run = bench.run(asked)
            caught = _layer_that_failed(asked, run.failed) if run.failed else None
            passed += [layer.name for layer in asked[: asked.index(caught) if caught else None]]
            if caught:
                break
    return Finding(
        mutant=mutant,
        passed=tuple(passed),
        caught=caught.name if caught else None,
        run=run,
        seconds=time.monotonic() - begun,
    )


def _layer_that_failed(asked: Sequence[Layer], test: str) -> Layer:
    """Return the layer that has a test; the last one where none has it by name."""
    return next((layer for layer in asked if layer.has(test)), asked[-1])


def _fails_anyway(findings: Sequence[Finding], benches: "Queue[Bench]") -> list[str]:
    """Run every test that caught something on the source as it is: each must pass there."""
    tests = sorted({finding.run.failed for finding in findings if finding.run.failed})
    bench, failing = benches.get(), []
    while tests:
        run = bench.run((Layer(name="control", tests=tuple(tests)),))
        if run.failed is None:
            break
        failing.append(run.failed)
        tests = [test for test in tests if test != run.failed]
    benches.put(bench)
    return failing


if __name__ == "__main__":
    main()
