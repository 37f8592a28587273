import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trials', '0009_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrialDocument',
            fields=[
                ('trial', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='trials.trial')),
                ('stamp', models.BigIntegerField()),
                ('form', models.PositiveSmallIntegerField()),
                ('body', models.TextField()),
            ],
            options={
                'verbose_name': 'ready document of a trial',
                'verbose_name_plural': 'ready documents of trials',
            },
        ),
        migrations.AlterModelOptions(
            name='publication',
            options={'ordering': ('-year', 'title', 'pk'), 'verbose_name': 'publication', 'verbose_name_plural': 'publications'},
        ),
    ]
