"""A permission of its own to leave a saga's step out; the role that runs the shop has it."""

from django.db import migrations

NAME = "sagas.skip"


def add_permission(apps, schema_editor):
    alias = schema_editor.connection.alias
    permissions = apps.get_model("accounts", "Permission").objects.using(alias)
    permission, _ = permissions.get_or_create(name=NAME, defaults={"resource": "sagas", "action": "skip"})
    grants = apps.get_model("accounts", "RolePermission").objects.using(alias)
    for role in apps.get_model("accounts", "Role").objects.using(alias).filter(name="admin"):
        grants.get_or_create(role_id=role.id, permission_id=permission.id)


def remove_permission(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("accounts", "Permission").objects.using(alias).filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_default_roles")]

    operations = [migrations.RunPython(add_permission, remove_permission)]
