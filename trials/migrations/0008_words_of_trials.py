import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trials', '0007_changed_trials'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrialText',
            fields=[
                ('trial', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='trials.trial')),
                ('stamp', models.BigIntegerField()),
                ('titles', models.TextField()),
                ('subjects', models.TextField()),
                ('around', models.TextField()),
                ('eligibility', models.TextField()),
            ],
            options={
                'verbose_name': 'words of a trial',
                'verbose_name_plural': 'words of trials',
            },
        ),
    ]
