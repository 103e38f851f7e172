"""Celery entry points of the catalogue."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings

from apps.core import clock

from . import services
from .importing.fetching.running import fetch_images as fetch_some_images

# Longer than from one look to the next: what is looked at twice costs little.
LEARNT_BACK = timedelta(minutes=3)


@shared_task(name="catalog.learn_search_words", ignore_result=True)
def learn_search_words(**later: Any) -> None:
    """Take up the words of products that were lately written."""
    services.learn_changed_products(since=clock.now() - LEARNT_BACK)


@shared_task(name="catalog.delete_expired", ignore_result=True)
def delete_expired(**later: Any) -> None:
    """Delete kept answers whose time is over."""
    services.delete_expired()


@shared_task(name="catalog.refresh_search", ignore_result=True)
def refresh_search(**later: Any) -> None:
    """Let the popular products stand where a search looks first, and count all words again."""
    services.move_search_tiers()
    services.recount_search_words()


@shared_task(name="catalog.prune_price_changes", ignore_result=True)
def prune_price_changes(**later: Any) -> None:
    """Forget what variants cost before the price changes of long ago."""
    services.prune_price_changes(before=clock.now() - timedelta(days=settings.PRICE_CHANGES_DAYS))


@shared_task(name="catalog.count_sales", ignore_result=True)
def count_sales(**later: Any) -> None:
    """Let what was lately sold make its products popular."""
    services.count_sales()


@shared_task(name="catalog.announce_publications", ignore_result=True)
def announce_publications(**later: Any) -> None:
    """Tell of products that began or ended at their time."""
    services.announce_publications()


@shared_task(name="catalog.fetch_images", ignore_result=True)
def fetch_images(**later: Any) -> None:
    """Fetch some of the images that imports noted; the rest waits for the next call."""
    fetch_some_images(at_most=settings.IMAGES_AT_ONCE)
