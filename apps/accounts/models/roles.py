"""Roles and permissions: the one permission system of the API and the admin."""

from django.db import models

from apps.core.models import Created, Identified, Timestamped


class Permission(Identified, Created):
    """The right to do one action to one kind of resource, say `refund` to `orders`."""

    name = models.CharField(max_length=100)
    description = models.TextField(null=True, blank=True)
    resource = models.CharField(max_length=50)
    action = models.CharField(max_length=50)

    class Meta:
        db_table = "permissions"
        ordering = ["resource", "action"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="permissions_name_key"),
            models.UniqueConstraint(fields=["resource", "action"], name="permissions_resource_action_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Role(Identified, Timestamped):
    """A named set of permissions; inactive, it grants nothing."""

    name = models.CharField(max_length=50)
    description = models.TextField(null=True, blank=True)
    is_active = models.BooleanField(default=True, db_default=True)
    permissions = models.ManyToManyField(Permission, through="RolePermission", related_name="roles")

    class Meta:
        db_table = "roles"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="roles_name_key")]

    def __str__(self) -> str:
        return self.name


class UserRole(Created):
    """A user has a role. Deleting either deletes the row in the database itself (rule rows_die_with_their_owner)."""

    pk = models.CompositePrimaryKey("user_id", "role_id")
    user = models.ForeignKey("accounts.User", models.CASCADE, db_constraint=False, db_index=False)
    role = models.ForeignKey(Role, models.CASCADE, db_constraint=False, db_index=False)

    class Meta:
        db_table = "user_roles"
        indexes = [models.Index(fields=["role"], name="idx_user_roles_role_id")]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role_id}"


class RolePermission(Created):
    """A role has a permission; see UserRole."""

    pk = models.CompositePrimaryKey("role_id", "permission_id")
    role = models.ForeignKey(Role, models.CASCADE, db_constraint=False, db_index=False)
    permission = models.ForeignKey(Permission, models.CASCADE, db_constraint=False, db_index=False)

    class Meta:
        db_table = "role_permissions"
        indexes = [models.Index(fields=["permission"], name="idx_role_permissions_perm_id")]

    def __str__(self) -> str:
        return f"{self.role_id} may {self.permission_id}"
