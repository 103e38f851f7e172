"""Ways through the back office of the catalogue."""

from django.urls import reverse

from apps.core.testing.statements import captured


def page(model, action="changelist", *args):
    return reverse(f"admin:catalog_{model}_{action}", args=args)


def queries(client, address):
    with captured("catalog") as ran:
        assert client.get(address).status_code == 200
    return len(ran["catalog"])


def form_of(client, address):
    """The fields of a change form as a browser would send them back."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if field.name == "published_at" and value:
                data |= {f"{field.html_name}_0": value.date(), f"{field.html_name}_1": value.time()}
            elif isinstance(value, bool):
                data |= {field.html_name: "on"} if value else {}
            elif value is not None:
                data[field.html_name] = value
    return data
