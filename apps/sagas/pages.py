"""A saga as part of a page of the back office."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .selectors import SagaView


def steps_and_history(saga: SagaView) -> SafeString:
    """Return a saga's steps and its whole history as HTML."""
    return render_to_string("admin/sagas/steps_and_history.html", {"saga": saga})
