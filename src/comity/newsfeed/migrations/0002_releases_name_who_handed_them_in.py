from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsfeed', '0001_releases_and_cards'),
    ]

    operations = [
        migrations.AddField(
            model_name='release',
            name='handed_in_by',
            field=models.CharField(blank=True, default='', max_length=24),
        ),
    ]
