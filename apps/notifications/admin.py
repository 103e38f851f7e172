"""Mails in the back office: each mail to be read, each template to be written and looked at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.core.admin import OfficeAdmin, ReadOnlyAdmin, labelled, named
from apps.notifications.models import Message, Template
from apps.notifications.services import Rendered, TemplateBroken, render_sample
from apps.notifications.services.wordings import wording_of

LABELS = {"sent": "success", "queued": "info", "sending": "info", "unknown": "warning", "failed": "danger"}


def framed(html: str) -> SafeString:
    """Return a mail's HTML in a frame that runs no script and reaches nothing of the page around it."""
    frame = '<iframe sandbox srcdoc="{}" title="the mail as HTML" class="office-mail"></iframe>'
    return format_html(f'<div class="office-wide">{frame}</div>', html)


def preformatted(text: str) -> SafeString:
    return format_html('<pre style="white-space:pre-wrap">{}</pre>', text)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Every mail; `unknown` are those of which nobody can know whether they left, `failed` those refused for good."""

    list_display = ["recipient", "kind", "order", "goods_back", "state_now", "created_at", "sent_at", "error_in_short"]
    list_filter = ["state", "kind", "created_at"]
    search_fields = ["id__exact", "order_id__exact", "return_id__exact", "recipient__exact"]
    search_help_text = "the whole id of an order, a return or a mail, or the whole address"
    ordering = ["-created_at"]
    fields = [
        *(("state_now", "tries"), ("recipient", "order", "goods_back"), ("subject", "kind"), "error"),
        *("created_at", ("sending_at", "sent_at"), "as_html", "as_text"),
    ]
    order = named("order_id")
    goods_back = named("return_id", description="return")
    state_now = labelled("state", LABELS, description="state")

    @display(description="error")
    def error_in_short(self, message: Message) -> str:
        return Truncator(message.error or "").chars(60)

    @display(description="text")
    def as_text(self, message: Message) -> SafeString:
        return preformatted(message.text)

    @display(description="HTML")
    def as_html(self, message: Message) -> SafeString:
        return framed(message.html)


class TemplateForm(forms.ModelForm):
    """Refuses a template that does not render, and says which part and why."""

    class Meta:
        model = Template
        fields = ["code", "language", "subject", "text", "html"]
        widgets = {
            "text": UnfoldAdminTextareaWidget(attrs={"rows": 18, "style": "font-family:monospace"}),
            "html": UnfoldAdminTextareaWidget(attrs={"rows": 30, "style": "font-family:monospace"}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                tried(Template(**cleaned))
            except TemplateBroken as error:
                raise ValidationError({error.details["part"]: error.message}) from None
        return cleaned


def tried(template: Template) -> Rendered:
    """Return a template rendered with made-up values; raises TemplateBroken."""
    return render_sample(wording_of(template))


@admin.register(Template)
class TemplateAdmin(OfficeAdmin):
    """The words of each mail, with a look at how they come out."""

    form = TemplateForm
    list_display = ["code", "language", "subject", "updated_at"]
    list_filter = ["code"]
    ordering = ["code", "language"]
    readonly_fields = ["as_mail"]

    def get_fields(self, request: Any, obj: Template | None = None) -> list[str]:
        fields = ["code", "language", "subject", "text", "html"]
        return fields if obj is None else [*fields, "as_mail"]

    @display(description="preview, as saved")
    def as_mail(self, template: Template) -> SafeString:
        try:
            mail = tried(template)
        except TemplateBroken as error:
            return preformatted(error.message)
        return format_html("<strong>{}</strong>{}{}", mail.subject, framed(mail.html), preformatted(mail.text))
