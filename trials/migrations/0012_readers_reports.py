import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trials', '0011_merged_sponsors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('aspect', models.CharField(blank=True, max_length=16, verbose_name='about')),
                ('fault', models.CharField(choices=[('wrong', 'It is wrong'), ('missing', 'Something is missing'), ('outdated', 'It is out of date'), ('quote', 'The quoted words do not say it'), ('language', 'The Chinese or the English is wrong'), ('other', 'Something else')], max_length=10, verbose_name='what is wrong')),
                ('words', models.TextField(max_length=2000, verbose_name='in the reader’s words')),
                ('shown', models.TextField(blank=True, verbose_name='what the page said')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail for an answer')),
                ('language', models.CharField(max_length=10, verbose_name='language of the page')),
                ('made_at', models.DateTimeField(verbose_name='reported')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('outcome', models.CharField(blank=True, choices=[('corrected', 'Corrected'), ('right', 'The catalogue is right'), ('registry', 'Only the registry can correct it'), ('unclear', 'Cannot be told'), ('spam', 'Not a report')], max_length=10, verbose_name='outcome')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='note')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closed_reports', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('trial', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='trials.trial', verbose_name='trial')),
            ],
            options={
                'verbose_name': 'reader’s report',
                'verbose_name_plural': 'readers’ reports',
                'ordering': ('-pk',),
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['made_at'], name='report_open'), models.Index(condition=models.Q(('email', ''), _negated=True), fields=['made_at'], name='report_email'), models.Index(fields=['-made_at'], name='report_made')],
                'constraints': [models.CheckConstraint(condition=models.Q(('fault__in', ['wrong', 'missing', 'outdated', 'quote', 'language', 'other'])), name='trials_report_fault_listed'), models.CheckConstraint(condition=models.Q(('outcome__in', ['corrected', 'right', 'registry', 'unclear', 'spam', ''])), name='trials_report_outcome_listed'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='trials_report_words_filled'), models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('digest',), name='trials_report_said_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('note', ''), ('outcome', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('email', ''), models.Q(('outcome', ''), _negated=True), models.Q(('note', ''), _negated=True)), _connector='OR'), name='trials_report_closed_by_a_person_without_its_email')],
            },
        ),
    ]
