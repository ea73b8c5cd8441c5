# SPDX-License-Identifier: Apache-2.0

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_ledger_searched"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="message",
            name="message_steps",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="message_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{arriving:received,arriving:refused,dead:queued,dead:refused,dead:relayed,delivered:opened,delivered:refused,dispatched:dead,dispatched:delivered,dispatched:opened,dispatched:queued,dispatched:refused,dispatched:relayed,opened:refused,queued:dead,queued:delivered,queued:dispatched,queued:opened,queued:refused,queued:relayed,queued:sending,queued:withdrawn,received:delivered,received:opened,received:refused,relayed:delivered,relayed:opened,relayed:refused,sending:dead,sending:delivered,sending:opened,sending:queued,sending:refused,sending:relayed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="f1209afe65e0f8401fa9191f27481bf3a2ea4b4d",
                    operation="UPDATE",
                    pgid="pgtrigger_message_steps_60b1f",
                    table="exchange_message",
                    when="BEFORE",
                ),
            ),
        ),
    ]
