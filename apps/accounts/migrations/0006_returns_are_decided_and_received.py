"""Permissions about returns: who sees them, who says yes or no, and who takes the goods in."""

from django.db import migrations

RESOURCE = "returns"
GRANTED = {
    "view": ("support", "warehouse", "finance", "admin"),
    "decide": ("support", "admin"),
    "receive": ("warehouse", "admin"),
}


def add_permissions(apps, schema_editor):
    alias = schema_editor.connection.alias
    permissions = apps.get_model("accounts", "Permission").objects.using(alias)
    roles = apps.get_model("accounts", "Role").objects.using(alias)
    grants = apps.get_model("accounts", "RolePermission").objects.using(alias)
    for action, names in GRANTED.items():
        permission, _ = permissions.get_or_create(
            name=f"{RESOURCE}.{action}", defaults={"resource": RESOURCE, "action": action}
        )
        for role in roles.filter(name__in=names):
            grants.get_or_create(role_id=role.id, permission_id=permission.id)


def remove_permissions(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("accounts", "Permission").objects.using(alias).filter(resource=RESOURCE).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_steps_can_be_left_out")]

    operations = [migrations.RunPython(add_permissions, remove_permissions)]
