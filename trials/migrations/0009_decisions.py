import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trials', '0008_words_of_trials'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('facts', 'Facts about the cells'), ('screening', 'In the catalogue or not'), ('title', 'Chinese title'), ('sponsor', 'Names of a sponsor'), ('merge', 'Two sponsors that are one'), ('product', 'Product of a trial'), ('publication', 'Publication of a trial')], max_length=12, verbose_name='about')),
                ('aspect', models.CharField(blank=True, max_length=60, verbose_name='aspect')),
                ('before', models.JSONField(blank=True, null=True, verbose_name='before')),
                ('after', models.JSONField(blank=True, null=True, verbose_name='after')),
                ('batch', models.UUIDField(blank=True, db_index=True, null=True, verbose_name='decided together')),
                ('at', models.DateTimeField(verbose_name='decided')),
                ('note', models.TextField(verbose_name='note')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                ('undone_note', models.TextField(blank=True, verbose_name='why it was undone')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('sponsor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='trials.sponsor')),
                ('trial', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='trials.trial')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_decisions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['kind', '-at'], name='decision_kind_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['facts', 'screening', 'title', 'sponsor', 'merge', 'product', 'publication'])), name='trials_decision_kind_listed'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='trials_decision_note_filled'), models.CheckConstraint(condition=models.Q(('trial__isnull', False), ('sponsor__isnull', False), _connector='OR'), name='trials_decision_has_a_subject'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_by__isnull', True), ('undone_note', '')), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False), models.Q(('undone_note', ''), _negated=True)), _connector='OR'), name='trials_decision_undone_by_a_person')],
            },
        ),
    ]
