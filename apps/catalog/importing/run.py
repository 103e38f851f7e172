"""
An import from end to end: the file to the scratch file, row by row, and from there to the shop, product by product.

Nothing is written before the whole file was read. Each batch is a transaction of its own, so an import that is stopped
leaves whole products, and the same command again goes on where it stopped.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import reset_queries

from apps.catalog.services import learn_import
from apps.core import clock
from apps.core.ids import new_id

from .claims import settle_in_file
from .drafts import ProductDraft, Reading
from .encoding import detect
from .formats.forms import Form
from .formats.opening import opened_in_form
from .gathering import gather
from .layout import Layout
from .progress import Progress, no_progress
from .report import Report
from .rules import read_product
from .scratch import Scratch
from .terms import Terms
from .writing import Occasion, Written, return_skus, write

BATCH_VARIANTS = 2000
BATCH_PRODUCTS = 500
# Descriptions are long; what waits in memory to be written is bounded by its text, too.
BATCH_CHARACTERS = 2_000_000
SKUS_AT_ONCE = 1000
USUAL_TERMS = Terms()


def import_products(
    *,
    path: Path,
    scratch: Scratch,
    now: datetime,
    is_dry: bool = False,
    encoding: str | None = None,
    terms: Terms = USUAL_TERMS,
    progress: Progress = no_progress,
) -> Report:
    """
    Read a merchant's product file into the catalogue.

    Idempotent: a file that was imported before and has not changed changes nothing; not a row is written.

    Args:
        scratch: an open scratch file; the findings are in it afterwards.
        now: since when products that become published are so; aware.
        is_dry: find out and report the same, and write nothing.
        encoding: the codec the file is in; without it the rule of `encoding.detect` decides.
        terms: how it is to be imported.

    Returns:
        The numbers. `scratch.findings` yields every refused row, and every note.

    Raises:
        UnreadableFile, LanguageNotSearched: nothing is written.

    Source: docs/importing.md.
    """
    terms.check()
    began = clock.now()
    how = detect(path, named=encoding)
    size = path.stat().st_size
    with opened_in_form(path, how, terms) as source:
        form, layout = source.form, source.form.layout
        report = Report(path.name, layout.name, how.codec.removesuffix("-sig"), how.note, is_dry)
        gather(source, layout, scratch, report, lambda: progress("reading", source.position, size))
        progress("reading", size, size)
    occasion = Occasion(import_id=new_id(), file_name=path.name, layout=layout, now=now, is_dry=is_dry, terms=terms)
    for batch in batches(scratch, form, report, progress):
        for written in write(batch, occasion):
            account_for(written, scratch, report)
        # Under DEBUG Django keeps the text of thousands of statements, and those of a batch are long.
        reset_queries()
    progress("writing", report.rows, report.rows)
    settle_wanted_skus(scratch, is_dry=is_dry)
    report.refused_rows, report.noted = scratch.count_findings()
    if not is_dry:
        learn_import(changed=report.products.created + report.products.updated, since=began)
    return report


def batches(scratch: Scratch, form: Form, report: Report, progress: Progress) -> Iterator[list[ProductDraft]]:
    """Yield the products that the rules accept, some at a time; what they say goes into the scratch file."""
    batch: list[ProductDraft] = []
    variants = characters = 0
    for handle, rows in scratch.products():
        settled, said = form.settle(rows)
        product = accept(read_product(handle, settled, form.layout, said), form.layout, scratch, report)
        if product is None:
            continue
        batch.append(product)
        variants += len(product.variants)
        characters += sum(sum(map(len, row.cells)) for row in rows)
        if len(batch) >= BATCH_PRODUCTS or variants >= BATCH_VARIANTS or characters >= BATCH_CHARACTERS:
            yield batch
            progress("writing", rows[-1].number, report.rows)
            batch, variants, characters = [], 0, 0
    if batch:
        yield batch


def accept(reading: Reading, layout: Layout, scratch: Scratch, report: Report) -> ProductDraft | None:
    """Count a reading in; give its product, if any, SKUs that no other row of the file has."""
    report.seen.add(reading.seen)
    if reading.product is None:
        report.products.refused += 1
        report.variants.refused += reading.seen.variants
        report.rows_of_refused_products += reading.seen.rows
    else:
        reading.findings += settle_in_file(reading.product, layout, scratch.claim_sku)
    scratch.report(reading.findings)
    return reading.product


def account_for(written: Written, scratch: Scratch, report: Report) -> None:
    report.add(written)
    report.categories_created += sum(map(scratch.note_category, written.categories))
    scratch.report(written.refused)
    scratch.report(written.noted)
    scratch.want_skus(written.wanted_skus)


def settle_wanted_skus(scratch: Scratch, *, is_dry: bool) -> None:
    """Give out the SKUs that became free while the file was written, and report those that did not."""
    for wanted in scratch.wanted_skus(at_once=SKUS_AT_ONCE):
        settled = set() if is_dry else return_skus(wanted)
        scratch.report(w.finding for w in wanted if w.variant_id not in settled)
