import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trials', '0015_oldest_that_waits'),
    ]

    operations = [
        migrations.AddField(
            model_name='sponsorpair',
            name='since',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='since'),
        ),
        migrations.AddIndex(
            model_name='sponsorpair',
            index=models.Index(condition=models.Q(('apart', False)), fields=['since'], name='sponsorpair_oldest_first'),
        ),
    ]
