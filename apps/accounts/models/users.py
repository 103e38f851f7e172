"""Users: customers and staff alike; what somebody may do is said by their roles."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from apps.core.models import Identified, Timestamped

from .access import Access


class UserManager(BaseUserManager["User"]):
    """Creates users the way `createsuperuser` and the tests ask for; registration is a service."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the one spelling under which an address is stored: trimmed, in lower case."""
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), password=make_password(password), **fields)
        user.save(using=self._db, force_insert=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, is_email_verified=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))


class User(Access, Identified, Timestamped, AbstractBaseUser):
    """
    A person who can sign in.

    Django's names for two columns are kept on the Python side, since its forms and sign-in use them: `password` is the
    column `password_hash`, `last_login` the column `last_login_at`.
    """

    email = models.EmailField(max_length=255)
    password = models.CharField(max_length=255, db_column="password_hash")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    phone = models.CharField(max_length=20, null=True, blank=True)
    is_email_verified = models.BooleanField(default=False, db_default=False)
    is_active = models.BooleanField(default=True, db_default=True)
    is_superuser = models.BooleanField(default=False, db_default=False, help_text="May do everything.")
    is_two_factor_enabled = models.BooleanField(default=False, db_default=False)
    two_factor_secret = models.CharField(max_length=255, null=True, blank=True)
    last_login = models.DateTimeField(null=True, blank=True, editable=False, db_column="last_login_at")
    last_login_ip = models.GenericIPAddressField(null=True, blank=True, editable=False)
    roles = models.ManyToManyField("accounts.Role", through="accounts.UserRole", related_name="users")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        db_table = "users"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["email"], name="users_email_key"),
            models.UniqueConstraint(Lower("email"), name="users_email_lower_key"),
        ]
        indexes = [
            models.Index(fields=["email"], name="idx_users_email"),
            models.Index(fields=["is_active"], condition=Q(is_active=True), name="idx_users_active"),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = type(self).objects.normalize_email(self.email)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.first_name or self.email
