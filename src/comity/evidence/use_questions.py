# SPDX-License-Identifier: Apache-2.0
"""Acts on items and the questions of the law: from an intended act to its question, and back."""

from __future__ import annotations

from datetime import date

from comity.agreements.question import Disclose, Item, Question, Recipient, Release, Use
from comity.evidence.item import Channel
from comity.evidence.use import Given, Scope
from comity.evidence.use_messages import Occasion
from comity.handling.marking import Marking
from comity.reference.taxonomy import Offence, Purpose


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


def scope_of_question(question: Question) -> Scope | None:
    """The act that a question is about, as notices and consents name it; None for other acts."""
    match question:
        case Use():
            return Scope(Occasion.USE, question.purpose, question.proceeding)
        case Disclose():
            occasion = Occasion.COMPELLED if question.compelled else Occasion.DISCLOSURE
            return to_recipient(question.recipient, question.recipient_code, occasion)
        case Release():
            return to_recipient(Recipient.THIRD_STATE, question.receiver)
        case _:
            return None


def to_recipient(
    recipient: Recipient, code: str = "", occasion: Occasion = Occasion.DISCLOSURE
) -> Scope:
    """The scope of passing an item on to somebody."""
    return Scope(occasion, Purpose.OTHER_LAW, recipient=recipient, recipient_code=code).normal()


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
