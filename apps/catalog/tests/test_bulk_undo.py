"""Putting back prices that were changed together."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.catalog import selectors, services, tasks
from apps.catalog.models import PriceChange, PriceChangeItem, ProductVariant
from apps.core import clock
from apps.core.ids import first_id_of, new_id
from apps.core.testing.statements import statements

from .bulk import change, items_of, prices_of, shown, to
from .factories import VariantFactory
from .stock import told

pytestmark = pytest.mark.django_db(databases=["catalog"])


def undo(change_id, **options):
    return services.undo_price_change(change_id=change_id, actor_id=None, **options)


class TestUndoPriceChange:
    def test_puts_the_old_prices_back_and_tells_of_the_products(self):
        shirt = VariantFactory(compare_price=Decimal(60), inventory_quantity=0)
        made = change(to(shirt, "40", compare_price=None))
        boss = new_id()

        undone = services.undo_price_change(change_id=made.change_id, actor_id=boss)

        assert (undone.restored, undone.left) == (1, [])
        assert shown(shirt) == (Decimal(49), Decimal(60))
        assert prices_of(shirt) == [Decimal(49)]
        assert [kind for kind, _ in told()] == ["product.updated"] * 2
        noted = PriceChange.objects.using("catalog").get(id=made.change_id)
        assert (noted.undone_by, noted.undone_at is None) == (boss, False)

    def test_leaves_what_was_priced_since_and_names_it(self):
        shirt, trousers, coat, gone = VariantFactory.create_batch(4, inventory_quantity=0)
        made = change(*(to(variant, "40") for variant in (shirt, trousers, coat, gone)))
        change(to(trousers, "45"))
        change(to(coat, compare_price=Decimal(60)))
        ProductVariant.objects.using("catalog").filter(id=gone.id)._raw_delete("catalog")

        undone = undo(made.change_id)

        assert undone.restored == 1
        assert [(item.variant_id, item.sku) for item in undone.left] == [
            (trousers.id, trousers.sku),
            (coat.id, coat.sku),
            (gone.id, None),
        ]
        assert prices_of(shirt, trousers, coat) == [Decimal(49), Decimal(45), Decimal(40)]
        assert [item[3] for item in items_of(made.change_id)] == [True, False, False, False]

    def test_is_refused_the_second_time(self):
        shirt = VariantFactory()
        made = change(to(shirt, "40"))
        undo(made.change_id)
        change(to(shirt, "40"))

        with pytest.raises(services.PriceChangeIsUndone, match="were put back already"):
            undo(made.change_id)

        assert prices_of(shirt) == [Decimal(40)]

    def test_of_an_unknown_change_is_refused(self):
        with pytest.raises(selectors.PriceChangeNotFound):
            undo(new_id())

    def test_goes_on_in_pieces_until_nothing_is_left(self):
        shirts = VariantFactory.create_batch(3)
        made = change(*(to(shirt, "40") for shirt in shirts))

        first = undo(made.change_id, at_most=2)
        second = undo(made.change_id, after=first.last, at_most=2)
        third = undo(made.change_id, after=second.last, at_most=2)

        assert [(part.restored, part.last) for part in (first, second, third)] == [
            (2, shirts[1].id),
            (1, shirts[2].id),
            (0, None),
        ]
        assert prices_of(*shirts) == [Decimal(49)] * 3

    def test_takes_up_what_broke_off(self):
        shirts = VariantFactory.create_batch(3)
        made = change(*(to(shirt, "40") for shirt in shirts))
        undo(made.change_id, at_most=2)

        assert undo(made.change_id).restored == 1
        assert prices_of(*shirts) == [Decimal(49)] * 3

    def test_stops_who_still_adds_to_the_change(self):
        shirt, trousers = VariantFactory.create_batch(2)
        made = change(to(shirt, "40"))
        undo(made.change_id)

        with pytest.raises(services.PriceChangeIsUndone, match="was undone meanwhile"):
            change(to(trousers, "40"), change_id=made.change_id)

        assert prices_of(trousers) == [Decimal(49)]

    @pytest.mark.parametrize("count", [1, 30])
    def test_takes_nine_statements_for_any_number(self, count):
        made = change(*(to(shirt, "40") for shirt in VariantFactory.create_batch(count, inventory_quantity=0)))

        with statements(catalog=9):
            undo(made.change_id)


class TestPrunePriceChanges:
    @pytest.fixture
    def new(self):
        """A change of today, beside one of three variants 100 days ago."""
        long_ago = first_id_of(clock.now() - timedelta(days=100))
        change(*(to(shirt, "40") for shirt in VariantFactory.create_batch(3)), change_id=long_ago)
        return change(to(VariantFactory(), "40"))

    def test_forgets_the_old_ones_whole(self, new):

        forgotten = services.prune_price_changes(before=clock.now() - timedelta(days=90), at_most=2)

        assert forgotten == 3
        assert list(PriceChange.objects.using("catalog").values_list("id", flat=True)) == [new.change_id]
        assert PriceChangeItem.objects.using("catalog").count() == 1
        assert services.prune_price_changes(before=clock.now() - timedelta(days=90)) == 0

    @pytest.mark.parametrize(("days", "kept"), [(99, 1), (101, 2)])
    def test_by_its_task_forgets_what_is_older_than_the_setting(self, new, settings, days, kept):
        settings.PRICE_CHANGES_DAYS = days

        tasks.prune_price_changes()

        assert PriceChange.objects.using("catalog").count() == kept
