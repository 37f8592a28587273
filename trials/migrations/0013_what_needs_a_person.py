import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('trials', '0012_readers_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Doubted',
            fields=[
                ('trial', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='trials.trial')),
                ('stamp', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'doubted trial',
                'verbose_name_plural': 'doubted trials',
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='heard',
            field=models.JSONField(blank=True, default=list, verbose_name='what others said then'),
        ),
        migrations.CreateModel(
            name='PublicName',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='public_name', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=80, verbose_name='name that readers see')),
            ],
            options={
                'verbose_name': 'public name',
                'verbose_name_plural': 'public names',
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='trials_publicname_name_filled')],
            },
        ),
        migrations.CreateModel(
            name='Doubt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('conflict', 'Sources disagree'), ('dissent', 'A decision that something later disagrees with'), ('unsure', 'Read, but not surely'), ('no-source', 'No cell source found'), ('new-value', 'A word of the registry’s that is new to us')], max_length=10, verbose_name='kind')),
                ('aspect', models.CharField(max_length=200, verbose_name='aspect')),
                ('key', models.CharField(max_length=230)),
                ('said', models.CharField(max_length=32)),
                ('weight', models.FloatField(default=0)),
                ('since', models.DateTimeField(verbose_name='since')),
                ('trial', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='doubts', to='trials.trial')),
            ],
            options={
                'verbose_name': 'doubt',
                'verbose_name_plural': 'doubts',
                'ordering': ('kind', 'weight', 'pk'),
                'indexes': [models.Index(fields=['kind', 'weight', 'id'], name='doubt_worst_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['conflict', 'dissent', 'unsure', 'no-source', 'new-value'])), name='trials_doubt_kind_listed'), models.CheckConstraint(condition=models.Q(('aspect', ''), _negated=True), name='trials_doubt_aspect_filled'), models.CheckConstraint(condition=models.Q(('said', ''), _negated=True), name='trials_doubt_said_filled'), models.UniqueConstraint(fields=('kind', 'key'), name='trials_doubt_once')],
            },
        ),
        migrations.CreateModel(
            name='Left',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('key', models.CharField(max_length=230)),
                ('said', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='left')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='left', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'item left as it is',
                'verbose_name_plural': 'items left as they are',
                'ordering': ('-pk',),
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'said'), name='trials_left_once')],
            },
        ),
    ]
