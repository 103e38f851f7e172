"""Buttons by which the person who is signed in asks something of a saga, each with a form that wants to know why."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.core.admin import ReadOnlyAdmin
from apps.core.exceptions import DomainError
from apps.core.ids import new_id
from apps.sagas import grants, requests
from apps.sagas.models import SagaRequest, SagaTransaction

Kind = SagaRequest.Kind


class ReasonForm(BaseDialogForm):
    reason = forms.CharField(label="why", widget=UnfoldAdminTextareaWidget)
    # A form sent twice asks once.
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(new_id()))


def button(kind: str, title: str, says: str, *, permission: str, danger: bool = False) -> Any:
    """Return a button that asks for this kind, with what its form says; for whoever has the permission."""

    def ask(admin: "AskingAdmin", request: HttpRequest, form: Form, object_id: str) -> HttpResponse:
        return admin.asked(request, form, kind, object_id)

    ask.__name__ = f"ask_{kind}"
    return action(
        description=title,
        permissions=[permission],
        url_path=kind.replace("_", "-"),
        variant=ActionVariant.DANGER if danger else ActionVariant.DEFAULT,
        dialog={"title": title, "description": says, "form_class": ReasonForm, "form_submit_text": title},
    )(ask)


class AskingAdmin(ReadOnlyAdmin):
    """A page with the buttons that would be granted as its saga stands; who asks is who is signed in."""

    ask_pause = button(Kind.PAUSE, "Pause", "Nobody works on it until it is resumed.", permission="sagas.pause")
    ask_resume = button(Kind.RESUME, "Resume", "It goes on where it was.", permission="sagas.resume")
    ask_retry = button(Kind.RETRY, "Retry", "The step is tried once more, now.", permission="sagas.retry")
    ask_skip = button(
        Kind.SKIP,
        "Leave out",
        "The step is left out for good: what was promised stands without.",
        permission="sagas.skip",
    )
    ask_waive = button(
        Kind.WAIVE,
        "Give up",
        "A step whose tries are spent is given up for good. One person proposes it, another approves; where it moves "
        "money, the ledger names both.",
        permission="sagas.waive",
        danger=True,
    )
    ask_cancel = button(
        Kind.CANCEL,
        "Cancel",
        "Everything done so far is undone. The customer reads the reason.",
        permission="sagas.cancel",
        danger=True,
    )
    ask_force_compensate = button(
        Kind.FORCE_COMPENSATE,
        "Turn back",
        "Everything done so far is undone. The reason is for the house; the customer reads an apology.",
        permission="sagas.compensate",
        danger=True,
    )

    def meant(self, object_id: str) -> tuple[UUID, str | None]:
        """Return which saga, and which of its steps, the buttons of a page are about."""
        raise NotImplementedError

    def offered(self, request: HttpRequest, object_id: str) -> Collection[str]:
        """Return the kinds of requests that would be granted as the saga of a page stands."""
        saga_id, _ = self.meant(object_id)
        row = SagaTransaction.objects.filter(id=saga_id).first()
        return grants.offered(row) if row else ()

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        offered = self.offered(request, object_id)
        allowed = super().get_actions_detail(request, object_id)
        return [one for one in allowed if one.action_name.rpartition("_ask_")[2] in offered]

    def asked(self, request: HttpRequest, form: Form, kind: str, object_id: str) -> HttpResponse:
        """Ask, say what became of it, and lead back to the page."""
        saga_id, step = self.meant(object_id)
        try:
            answer = requests.ask(
                saga_id=saga_id,
                kind=kind,
                actor=actor_of(request),
                reason=form.cleaned_data["reason"],
                step=step,
                idempotency_key=f"office {form.cleaned_data['key']}",
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            told = messages.success if answer.granted else messages.info if answer.waits else messages.error
            told(request, answer.message)
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponse(headers={"HX-Redirect": reverse(page, args=[object_id])})


def actor_of(request: HttpRequest) -> str:
    """Return how a history names who is signed in: the address they sign in with, at most a hundred letters of it."""
    return str(request.user.get_username())[:100]


def known(spelling: str) -> UUID:
    """Return an id from a page's address, or say that nothing has it."""
    try:
        return UUID(spelling)
    except ValueError:
        raise Http404 from None
