"""Made-up accounts."""

from typing import Any

import factory
from django.contrib.auth.hashers import make_password

from apps.accounts.models import Address, Role, User, UserRole

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory[User]):
    email = factory.Sequence(lambda number: f"customer{number}@example.org")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    first_name = "Grace"
    last_name = "Hopper"

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation
    def role(self: Any, create: bool, name: str | None, **kwargs: Any) -> None:
        """Give the user one of the default roles: `UserFactory.create(role="support")`."""
        if name:
            UserRole.objects.create(user=self, role=Role.objects.get(name=name))


class AddressFactory(factory.django.DjangoModelFactory[Address]):
    user = factory.SubFactory(UserFactory)
    name = "Grace Hopper"
    line1 = "1600 Amphitheatre Parkway"
    city = "Mountain View"
    region = "CA"
    postal_code = "94043"
    country = "US"

    class Meta:
        model = Address
