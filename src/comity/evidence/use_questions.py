# SPDX-License-Identifier: Apache-2.0
"""From an item's channel and an intended act to the question that the assessment answers."""

from __future__ import annotations

from datetime import date

from comity.agreements.question import Disclose, Item, Question, Use
from comity.evidence.item import Channel
from comity.evidence.use import Given, Scope
from comity.evidence.use_messages import Occasion
from comity.handling.marking import Marking
from comity.reference.taxonomy import Offence


def question_of(
    channel: Channel,
    scope: Scope,
    *,
    holder: str,
    given: Given,
    on: date,
    offences: tuple[Offence, ...] = (),
) -> Question:
    """May the holder do this with what came by this channel, after what was told and consented?"""
    if scope.occasion is Occasion.USE or scope.recipient is None:
        return Use(
            holder=holder,
            supplier=channel.supplier,
            purpose=scope.purpose,
            on=on,
            supplied_on=channel.supplied_on,
            proceeding=scope.proceeding,
            offences=offences,
            item=item_asked(channel.marking),
            form=channel.form,
            requested_on=channel.requested_on,
            under=channel.instrument,
            consent_given=given.consent,
            notice_given=given.notice,
        )
    return Disclose(
        holder=holder,
        supplier=channel.supplier,
        recipient=scope.recipient,
        on=on,
        supplied_on=channel.supplied_on,
        recipient_code=scope.recipient_code,
        compelled=scope.occasion is Occasion.COMPELLED,
        offences=offences,
        item=item_asked(channel.marking),
        requested_on=channel.requested_on,
        under=channel.instrument,
        consent_given=given.consent,
        notice_given=given.notice,
    )


def item_asked(marking: Marking) -> Item:
    """What the assessment needs to know of an item; of several handling codes the strictest."""
    return Item(
        classes=marking.classes,
        caveats=marking.caveats,
        handling=max(marking.handling, default=None),
        personal_data=marking.personal_data,
        judicially_obtained=marking.judicially_obtained,
        return_or_destroy_by=marking.return_or_destroy_by,
        audience=marking.audience,
    )
