"""What staff say of a return: yes, no, and what arrived."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget, UnfoldBooleanWidget

from apps.orders.selectors import list_asked_lines
from apps.orders.services import ArrivedLine


class ApproveForm(BaseDialogForm):
    refunds_shipping = forms.BooleanField(
        required=False, label="give the shipping back though not all comes back", widget=UnfoldBooleanWidget
    )


class RefuseForm(BaseDialogForm):
    answer = forms.CharField(label="why", widget=UnfoldAdminTextareaWidget)


class CallOffForm(BaseDialogForm):
    answer = forms.CharField(required=False, label="why", widget=UnfoldAdminTextareaWidget)


class ReceiveForm(BaseDialogForm):
    """For each line of the return, how many pieces arrived, and whether they can be sold again."""

    def __init__(self, request: HttpRequest, object_id: int | str | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, object_id, *args, **kwargs)
        self.lines = list_asked_lines(return_id=UUID(str(object_id)))
        for line in self.lines:
            goods = named_goods(line.title, line.variant_title, line.sku)
            self.fields[f"quantity_{line.line_id}"] = forms.IntegerField(
                min_value=0,
                max_value=line.quantity,
                initial=line.quantity,
                label=f"{goods}: pieces that arrived, of {line.quantity}",
                widget=UnfoldAdminIntegerFieldWidget,
            )
            self.fields[f"restocks_{line.line_id}"] = forms.BooleanField(
                required=False, initial=True, label=f"{goods}: can be sold again", widget=UnfoldBooleanWidget
            )

    @property
    def arrived(self) -> list[ArrivedLine]:
        """What was said, line by line; of a form that is valid."""
        return [
            ArrivedLine(
                line_id=line.line_id,
                quantity=self.cleaned_data[f"quantity_{line.line_id}"],
                restocks=self.cleaned_data[f"restocks_{line.line_id}"],
            )
            for line in self.lines
        ]


def named_goods(title: str, variant_title: str | None, sku: str | None) -> str:
    """Return how staff know goods: by title, variant and SKU, as far as they have them."""
    return ", ".join(part for part in (title, variant_title, sku) if part)
