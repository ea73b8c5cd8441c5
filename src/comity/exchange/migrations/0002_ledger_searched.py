# SPDX-License-Identifier: Apache-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_partners_and_ledger"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["kind"], name="message_kind"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["recorded_at"], name="message_recorded"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("differs", True)), fields=["partner"], name="message_differs"
            ),
        ),
    ]
