"""
Images that imports noted, fetched one after the other: claimed, fetched outside of transactions, then shown.

A claim is a lease. It lasts longer than a fetch may take, so nobody fetches what another is fetching; the image of a
worker that died is due again when its lease ends.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.catalog.importing.writing import SQL
from apps.catalog.models import ImageFetch, ImageUse, Product, ProductVariant
from apps.catalog.services import acting, announce_products
from apps.catalog.statements import DATABASE
from apps.core import clock

from .content import Picture
from .errors import ImageRefused, ImageUnavailable
from .fetch import USUAL_LIMITS, fetch
from .wire import Limits

LEASE_SECONDS = 300
TRIES = 6
FIRST_PAUSE = timedelta(minutes=1)
PRODUCTS_AT_ONCE = 500


@dataclass(slots=True)
class Fetched:
    """How many images were fetched, how many will be asked for again, and how many will not."""

    fetched: int = 0
    later: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """An image that is ours to fetch, for the `tries`-th time."""

    id: UUID
    url: str
    tries: int


def fetch_images(*, at_most: int, limits: Limits = USUAL_LIMITS) -> Fetched:
    """Fetch images that are due, one at a time; any number of callers share the work."""
    done = Fetched()
    for _ in range(at_most):
        claims = SQL.rows("claim_images", Claim, lease=LEASE_SECONDS)
        if not claims:
            break
        fetch_one(claims[0], limits, done)
    return done


def retry_images() -> int:
    """Let every image that was refused or given up be fetched again; return how many."""
    ended = [ImageFetch.State.REFUSED, ImageFetch.State.GIVEN_UP]
    found = ImageFetch.objects.using(DATABASE).filter(state__in=ended)
    return found.update(state=ImageFetch.State.WAITING, tries=0, due_at=TransactionNow())


def fetch_one(claim: Claim, limits: Limits, done: Fetched) -> None:
    """Fetch an image, and write down what became of it."""
    try:
        picture = fetch(claim.url, limits=limits, allowed=settings.IMAGE_HOSTS_ALLOWED)
    except ImageRefused as error:
        settle(claim, state=ImageFetch.State.REFUSED, error=error.message, due_at=None)
        done.refused += 1
    except ImageUnavailable as error:
        if claim.tries >= TRIES:
            settle(claim, state=ImageFetch.State.GIVEN_UP, error=error.message, due_at=None)
            done.refused += 1
        else:
            settle(claim, error=error.message, due_at=clock.now() + FIRST_PAUSE * 4 ** (claim.tries - 1))
            done.later += 1
    else:
        show(claim, picture, store(picture))
        done.fetched += 1


def store(picture: Picture) -> str:
    """Store an image under its content's hash; the same content is stored once."""
    digest = hashlib.sha256(picture.content).hexdigest()
    path = f"images/{digest[:2]}/{digest}.{picture.ending}"
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(picture.content))


def show(claim: Claim, picture: Picture, path: str) -> None:
    """Show an image in the products that still name it, some at a time; whoever edited one meanwhile keeps the edit."""
    public_url = default_storage.url(path)
    uses = ImageUse.objects.using(DATABASE).filter(fetch_id=claim.id).order_by("product_id")
    products = list(uses.values_list("product_id", flat=True))
    show_in(products, claim.url, public_url)
    # From here on an import shows it by itself. Who dies before this line leaves the image due again.
    settle(
        claim,
        state=ImageFetch.State.FETCHED,
        due_at=None,
        error=None,
        path=path,
        public_url=public_url,
        content_type=picture.content_type,
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
    )
    # Of imports that were under way meanwhile.
    show_in(list(uses.values_list("product_id", flat=True)), claim.url, public_url)


def show_in(products: list[UUID], url: str, public_url: str) -> None:
    for start in range(0, len(products), PRODUCTS_AT_ONCE):
        show_in_some(products[start : start + PRODUCTS_AT_ONCE], url, public_url)


def show_in_some(products: list[UUID], url: str, public_url: str) -> None:
    with acting(actor_id=None, source="import"):
        # Variants first, then products, each in id order: as everybody locks.
        for model, column in ((ProductVariant, "product_id__in"), (Product, "id__in")):
            rows: Any = model.objects.using(DATABASE).select_for_update(no_key=True)
            list(rows.filter(**{column: products}).order_by("id").values_list("id", flat=True))
        values = {"products": products, "url": url, "public_url": public_url}
        touched = {*SQL.column("show_variant_image", **values), *SQL.column("show_image", **values)}
        if touched:
            announce_products(product_ids=touched)


def settle(claim: Claim, **values: Any) -> None:
    """Write down what became of a claim; of one whose lease was lost to another, nothing."""
    ImageFetch.objects.using(DATABASE).filter(id=claim.id, tries=claim.tries).update(**values)
