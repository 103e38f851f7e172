"""Forms of the back office that Django cannot derive: links by our own tables, passwords, postal rules."""

from typing import Any

from django import forms
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.accounts import services
from apps.accounts.contracts import PostalAddress
from apps.accounts.models import Address, Permission, Role, User
from apps.core import clock


class AddUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "phone"]


class ChangeUserForm(UserChangeForm):
    """Roles are links with a time of their own, which Django's form does not write: they are set by the admin."""

    held_roles = forms.ModelMultipleChoiceField(
        Role.objects.all(), required=False, label="Roles", widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = User
        fields = ["email", "password", "first_name", "last_name", "phone", "is_active", "is_email_verified"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_roles"].initial = self.instance.roles.all()


class SetPasswordForm(AdminPasswordChangeForm):
    def set_password_and_save(self, user: User, *args: Any, **kwargs: Any) -> User:
        """Set the password as the services do: the user's sessions end with it."""
        password = self.cleaned_data["password1"] if self.cleaned_data["set_usable_password"] else None
        services.set_password(user=user, password=password, now=clock.now())
        return user


class RoleForm(forms.ModelForm):
    granted = forms.ModelMultipleChoiceField(
        Permission.objects.all(), required=False, label="Permissions", widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = Role
        fields = ["name", "description", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.created_at:
            self.fields["granted"].initial = self.instance.permissions.all()


class AddressForm(forms.ModelForm):
    class Meta:
        model = Address
        fields = ["user", "label", *PostalAddress.__slots__, "is_default_shipping", "is_default_billing"]

    def clean(self) -> dict[str, Any]:
        """Hold the address against its country's rules, and take it in the spelling of the post."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        parts = {name: cleaned.get(name, "") for name in PostalAddress.__slots__}
        try:
            return cleaned | services.checked_address(parts=parts).as_json()
        except services.InvalidAddress as error:
            for name, sentences in error.errors.items():
                if name not in self.errors:
                    self.add_error(name, sentences)
            return cleaned
