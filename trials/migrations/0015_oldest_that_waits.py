from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trials', '0014_no_phase'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='doubt',
            index=models.Index(fields=['kind', 'since'], name='doubt_oldest_first'),
        ),
        migrations.AddIndex(
            model_name='storedrecord',
            index=models.Index(condition=models.Q(('screening', 'review')), fields=['changed_at'], name='record_near_the_line'),
        ),
    ]
