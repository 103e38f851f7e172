"""The roles a shop starts with. Later changes are the shop's own: made in the admin, not here."""

from django.db import migrations

ACTIONS = ["view", "add", "change", "delete"]
PERMISSIONS = {
    "back_office": ["enter"],
    "products": [*ACTIONS, "import", "export"],
    "categories": ACTIONS,
    "inventory": [*ACTIONS, "restock", "adjust"],
    "orders": [*ACTIONS, "cancel", "fulfill", "refund"],
    "payments": [*ACTIONS, "refund"],
    "customers": [*ACTIONS, "revoke_sessions"],
    "sagas": ["view", "pause", "resume", "retry", "cancel", "compensate", "waive"],
    "notifications": [*ACTIONS, "resend"],
    "roles": ACTIONS,
}
ROLES = {
    "customer": ("Buys. Needs no permission: what is one's own is one's own.", {}),
    "support": (
        "Helps customers with their orders.",
        {
            "back_office": ["enter"],
            "products": ["view"],
            "categories": ["view"],
            "inventory": ["view"],
            "orders": ["view", "change", "cancel"],
            "payments": ["view"],
            "customers": ["view", "change", "revoke_sessions"],
            "sagas": ["view"],
            "notifications": ["view", "resend"],
        },
    ),
    "warehouse": (
        "Keeps stock and ships.",
        {
            "back_office": ["enter"],
            "products": ["view"],
            "categories": ["view"],
            "inventory": ["view", "add", "change", "restock", "adjust"],
            "orders": ["view", "fulfill"],
        },
    ),
    "finance": (
        "Keeps the money: payments, refunds, and sagas that concern them.",
        {
            "back_office": ["enter"],
            "products": ["view"],
            "orders": ["view", "refund"],
            "payments": ["view", "change", "refund"],
            "customers": ["view"],
            "sagas": ["view", "retry", "waive"],
        },
    ),
    "admin": ("Runs the shop.", PERMISSIONS),
}


def add_roles(apps, schema_editor):
    Permission = apps.get_model("accounts", "Permission")
    Role = apps.get_model("accounts", "Role")
    RolePermission = apps.get_model("accounts", "RolePermission")
    alias = schema_editor.connection.alias
    permissions = {
        (resource, action): Permission(name=f"{resource}.{action}", resource=resource, action=action)
        for resource, actions in PERMISSIONS.items()
        for action in actions
    }
    roles = {name: Role(name=name, description=description) for name, (description, _) in ROLES.items()}
    Permission.objects.using(alias).bulk_create(permissions.values())
    Role.objects.using(alias).bulk_create(roles.values())
    RolePermission.objects.using(alias).bulk_create(
        RolePermission(role_id=roles[name].id, permission_id=permissions[resource, action].id)
        for name, (_, granted) in ROLES.items()
        for resource, actions in granted.items()
        for action in actions
    )


def remove_roles(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("accounts", "Role").objects.using(alias).filter(name__in=ROLES).delete()
    apps.get_model("accounts", "Permission").objects.using(alias).filter(resource__in=PERMISSIONS).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_rows_die_with_their_owner")]

    operations = [migrations.RunPython(add_roles, remove_roles)]
