from django.contrib.postgres.functions import TransactionNow
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0021_product_changes")]

    operations = [
        migrations.CreateModel(
            name="PublicationsTold",
            fields=[
                ("id", models.SmallIntegerField(db_default=1, default=1, primary_key=True, serialize=False)),
                ("until", models.DateTimeField(db_default=TransactionNow())),
            ],
            options={
                "db_table": "publications_told",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="publications_are_told_once")
                ],
            },
        ),
    ]
