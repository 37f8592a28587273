from typing import Any

from django.db import migrations, models


def forget_what_was_not_read(apps: Any, schema_editor: Any) -> None:
    """Trials of which no record was read had been taken for trials without results."""
    trials = apps.get_model("trials", "Trial").objects.using(schema_editor.connection.alias)
    trials.filter(refreshed_at=None).update(has_results=None)


def take_for_none(apps: Any, schema_editor: Any) -> None:
    trials = apps.get_model("trials", "Trial").objects.using(schema_editor.connection.alias)
    trials.filter(has_results=None).update(has_results=False)


class Migration(migrations.Migration):
    dependencies = [("trials", "0021_facts_by_index_alone")]

    operations = [
        migrations.AlterField(
            model_name="trial",
            name="has_results",
            field=models.BooleanField(blank=True, null=True, verbose_name="results posted"),
        ),
        migrations.RunPython(forget_what_was_not_read, take_for_none),
    ]
