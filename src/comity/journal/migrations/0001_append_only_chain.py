# SPDX-License-Identifier: Apache-2.0
"""Makes the journal's tables, its triggers and its one appending function."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.RunSQL(
            (SQL / "0001_append_only_chain.sql").read_text("utf-8"),
            migrations.RunSQL.noop,  # a journal is never unmade by a migration
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("identifier", models.UUIDField(unique=True)),
                ("at", models.DateTimeField()),
                ("actor", models.TextField()),
                ("role", models.TextField()),
                ("act", models.TextField()),
                ("subject", models.TextField()),
                ("instrument", models.TextField()),
                ("article", models.TextField()),
                ("facts", models.JSONField()),
                ("digest", models.BinaryField()),
                ("leaf", models.BinaryField()),
            ],
            options={"db_table": "journal_entry", "ordering": ["sequence"], "managed": False},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={"db_table": "journal_checkpoint", "ordering": ["size"], "managed": False},
        ),
        migrations.CreateModel(
            name="Subtree",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("position", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "journal_subtree", "managed": False},
        ),
    ]
