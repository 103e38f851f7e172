"""The catalogue's side of sagas: commands to services, facts to replies."""

from collections.abc import Sequence

from django.conf import settings

from apps.catalog import contracts, services
from apps.core.money import formatted
from apps.sagas.messages import Reply
from apps.sagas.participant import Participant

from .wording import named

catalog = Participant("catalog", database="catalog")


@catalog.handles(contracts.ValidateProducts)
def validate_products(commands: Sequence[contracts.ValidateProducts]) -> list[Reply]:
    """Check each order of the batch against the catalogue."""
    objections = services.validate_products(orders=commands, shop_currency=settings.SHOP_CURRENCY)
    return [
        refusal_of(command, objections[command.order_id])
        if command.order_id in objections
        else contracts.ProductsValidated()
        for command in commands
    ]


@catalog.handles(contracts.ReleaseProductValidation)
def release_product_validation(commands: Sequence[contracts.ReleaseProductValidation]) -> list[Reply]:
    """Nothing to undo: a validation changes nothing."""
    return [contracts.ProductValidationReleased() for _ in commands]


@catalog.handles(contracts.ReserveInventory)
def reserve_inventory(commands: Sequence[contracts.ReserveInventory]) -> list[Reply]:
    """Hold stock for each order of the batch; one short line refuses its own order only."""
    demands = [services.Demand(order_id=command.order_id, lines=command.lines) for command in commands]
    shortages = services.reserve_inventory(demands=demands)
    return [
        inventory_unavailable(shortages[command.order_id])
        if command.order_id in shortages
        else contracts.InventoryReserved()
        for command in commands
    ]


@catalog.handles(contracts.ReleaseInventory)
def release_inventory(commands: Sequence[contracts.ReleaseInventory]) -> list[Reply]:
    """Give back what the orders of the batch hold."""
    services.release_inventory(order_ids=[command.order_id for command in commands])
    return [contracts.InventoryReleased() for _ in commands]


@catalog.handles(contracts.CommitInventory)
def commit_inventory(commands: Sequence[contracts.CommitInventory]) -> list[Reply]:
    """Let what the orders of the batch hold leave as sold."""
    services.commit_inventory(order_ids=[command.order_id for command in commands])
    return [contracts.InventoryCommitted() for _ in commands]


@catalog.handles(contracts.RestockGoods)
def restock_goods(commands: Sequence[contracts.RestockGoods]) -> list[Reply]:
    """Take the goods of each return back into stock."""
    services.restock_goods(
        returns=[
            services.ReturnedGoods(
                order_id=command.order_id, return_id=command.return_id, note=command.note, lines=command.lines
            )
            for command in commands
        ]
    )
    return [contracts.GoodsRestocked() for _ in commands]


def refusal_of(command: contracts.ValidateProducts, objections: services.Objections) -> Reply:
    """Return the refusal: another currency first, then what is gone, then what costs something else."""
    if objections.shop_currency:
        return contracts.CurrencyNotSold(
            message=f"The shop sells in {objections.shop_currency}, not in {command.currency}.",
            ordered_currency=command.currency,
            shop_currency=objections.shop_currency,
        )
    if objections.unavailable:
        gone = " ".join(f"{named(line.title, line.sku)} is not for sale any more." for line in objections.unavailable)
        return contracts.ProductUnavailable(message=gone, lines=objections.unavailable)
    changed = " ".join(price_sentence(line, command.currency) for line in objections.changed_prices)
    return contracts.PriceChanged(message=changed, lines=objections.changed_prices)


def price_sentence(line: contracts.ChangedPrice, currency: str) -> str:
    now, before = formatted(line.current_price, currency), formatted(line.ordered_price, currency)
    return f"{named(line.title, line.sku)} now costs {now} {currency}, not {before}."


def inventory_unavailable(lines: Sequence[contracts.Shortage]) -> contracts.InventoryUnavailable:
    """Return the refusal that names each short line."""
    message = " ".join(
        f"{named(line.title, line.sku)}: {line.requested} asked for, {line.available} left." for line in lines
    )
    return contracts.InventoryUnavailable(message=message, lines=tuple(lines))
