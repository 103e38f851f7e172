"""The forms of the catalogue's back office."""

from typing import Any

from django import forms
from django.contrib.admin import site
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from unfold.forms import BaseDialogForm, PaginationInlineFormSet
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.catalog import selectors, services
from apps.catalog.models import Category, InventoryMovement, Product, ProductCategory, ProductVariant

TEXTS = ("description", "short_description", "seo_description")


class ProductForm(forms.ModelForm):
    """A product, and the categories it stands in; those are a table of their own, so not a field of the model."""

    shelves = forms.ModelMultipleChoiceField(
        label="Categories",
        queryset=selectors.list_shelves(),
        required=False,
        # There may be thousands: the browser asks for those whose name is typed.
        widget=AutocompleteSelectMultiple(Product._meta.get_field("categories"), site, using="catalog"),
    )

    class Meta:
        model = Product
        exclude = ["categories"]
        labels = {"sku": "SKU", "seo_title": "SEO title", "seo_description": "SEO description"}
        widgets = {"tags": UnfoldAdminTextInputWidget} | dict.fromkeys(
            ("short_description", "seo_description", "images", "options", "dimensions", "metadata"),
            UnfoldAdminExpandableTextareaWidget,
        )
        help_texts = {
            "tags": "words parted by commas",
            "price": "of a product with several variants that of the cheapest one, which is written there",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            # As Django does for short texts: what was nothing and stays empty is no change.
            text: Any = self.fields[name]
            text.empty_value = None
        if not self.instance._state.adding:
            standing = ProductCategory.objects.using("catalog").filter(product_id=self.instance.pk)
            self.fields["shelves"].initial = list(standing.values_list("category_id", flat=True))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned |= {name: [] for name in ("images", "options") if name in cleaned and cleaned[name] is None}
        if cleaned.get("is_digital") or cleaned.get("is_gift_card"):
            cleaned["requires_shipping"] = False
        fields = {name: value for name, value in cleaned.items() if name != "shelves"}
        for name, sentences in services.new_flaws(self.instance, fields).items():
            # A field that is wrong already is not among them.
            if name in cleaned:
                self.add_error(name, sentences)
        return cleaned

    def clean_sku(self) -> str:
        sku: str = self.cleaned_data["sku"]
        if services.skus_of_others(skus=[sku], product_id=self.instance.pk):
            raise forms.ValidationError("A variant of another product has this SKU.")
        return sku


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = "__all__"

    def clean_parent(self) -> Category | None:
        """The same rule as the database's, category_tree_has_no_cycle, told beside the field."""
        parent: Category | None = self.cleaned_data["parent"]
        if parent and selectors.stands_below(category_id=parent.pk, ancestor_id=self.instance.pk):
            raise forms.ValidationError("A category cannot stand below itself.")
        return parent


class VariantForm(forms.ModelForm):
    """A variant; what is owed to buyers must be there before it stops selling below zero."""

    class Meta:
        model = ProductVariant
        fields = "__all__"

    def clean_allow_backorder(self) -> bool:
        """The same rule as the database's, inventory_is_never_oversold, told beside the field."""
        allowed: bool = self.cleaned_data["allow_backorder"]
        owed = -self.instance.inventory_quantity
        if owed > 0 and not allowed:
            raise forms.ValidationError(f"Pieces owed to buyers: {owed}. Restock them first.")
        return allowed


class VariantFormSet(PaginationInlineFormSet):
    """All variants of a product: it keeps at least one, and no two have the same options."""

    def clean(self) -> None:
        super().clean()
        staying = [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form in self.initial_forms or form.has_changed())
        ]
        try:
            services.check_variants_left(before=len(self.initial_forms), after=len(staying))
        except services.LastVariant as error:
            raise forms.ValidationError(error.message) from error
        # Told here because the form of one variant does not know its product yet: variant_options_are_unique.
        options = (tuple(form.cleaned_data.get(f"option{n}") for n in (1, 2, 3)) for form in staying)
        if flaw := services.variants_flaw(options):
            raise forms.ValidationError(flaw)


class RestockForm(BaseDialogForm):
    quantity = forms.IntegerField(min_value=1, label="pieces that arrived", widget=UnfoldAdminIntegerFieldWidget)
    notes = forms.CharField(required=False, label="note", widget=UnfoldAdminTextInputWidget)


class AdjustForm(BaseDialogForm):
    quantity = forms.IntegerField(label="pieces found, or with a minus missing", widget=UnfoldAdminIntegerFieldWidget)
    reason = forms.ChoiceField(choices=InventoryMovement.Reason.choices, widget=UnfoldAdminSelectWidget)
    notes = forms.CharField(required=False, label="note", widget=UnfoldAdminTextInputWidget)
