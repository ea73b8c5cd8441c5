# SPDX-License-Identifier: Apache-2.0
"""`comity send`, `comity inbox`, `comity message …`: an officer's messages from the shell.

Messages are an officer's and not the machine's: every act needs the officer's own API token. What
is refused by law is kept and told with its reason; exit code 1 says that it did not go.
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import shutil
from pathlib import Path
from typing import Any

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import require
from comity.accounts.services.acting import officer_of, officer_options
from comity.agreements.queries import known_law
from comity.agreements.question import Question
from comity.agreements.question_reading import question_of
from comity.agreements.reasons import sentence_of
from comity.agreements.terminal.options import day
from comity.agreements.text_table import table
from comity.agreements.verdict import VERDICT_WORDS, Verdict
from comity.catalogues import N_, translate
from comity.command_line import (
    DONE,
    REFUSED,
    FileUnusableError,
    Subparsers,
    act,
    group,
    print_json,
    read_file,
    say,
)
from comity.errors import InvalidInputError
from comity.exchange import words
from comity.exchange.draft import Decision, Draft, DraftPart, Posted, file_name
from comity.exchange.law import assess_sending
from comity.exchange.ledger import LedgerRow, LedgerSearch
from comity.exchange.message_documents import (
    content_document,
    evidence_document,
    message_document,
    posted_document,
    row_document,
)
from comity.exchange.message_state import STATE_WORDS, Direction, MessageState
from comity.exchange.note import NOTE, Note
from comity.exchange.queries.ledger import ledger, ledger_row
from comity.exchange.queries.messages import evidences, message
from comity.exchange.queries.own import own_code
from comity.exchange.reasons import REFUSED_BY_A_PERSON
from comity.exchange.services.opening import open_message, open_part, refuse_message
from comity.exchange.services.operating import try_again
from comity.exchange.services.posting import keep_part, post, withdraw
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
    code_of,
)

UNKNOWN_TYPE = "application/octet-stream"
LONGEST_BODY = 1024 * 1024
ACCEPTED = N_("{reference} is accepted for {partner} ({verdict}); it leaves now.")
REJECTED = N_("{reference} was not accepted for sending: {reason}. {change}")
UNDECIDED = N_(
    "The law leaves it to a person whether this goes to {partner}: {verdict}.\n"
    "Nothing was kept. Whoever may decide sends it with --decide REASON."
)
LIMITS = N_("What the law says:")
CONSENT_FIRST = N_("Obtain the consent first, in writing; the reason says when it was given.")
WEIGH_EACH = N_("Weigh each of these points; the reason says how.")
NOTHING_HERE = N_("No message fits.")
OLDER = N_("These are the {count} newest; go on with --after {key}.")
STATE_NOW = N_("{reference}: {state}.")
OUR_ANSWER = N_("Law, as we answer: {verdict} ({basis})")
THEIR_ANSWER = N_("Law, as the partner answers: {verdict}")
LIST_HEADS = (N_("message"), N_("partner"), N_("state"), N_("kind"), N_("case"), N_("recorded"))


class MessageTokenNeededError(InvalidInputError):
    """Messages are read and written by officers, and no token says who acts."""

    code = "message-token-needed"
    message = N_("Messages are an officer's, and no API token says who acts.")
    remedy = N_("Name a file that holds the officer's token with --token-file, or give it with -.")


class ArticleDiffersError(InvalidInputError):
    """The article that was named is not the one that the assessment rests on."""

    code = "article-differs"
    message = N_("Article {given} is named, and the assessment rests on {found} of {instrument}.")
    remedy = N_("Leave --article out, or ask with `comity determine` what each article allows.")


class BodyUnreadableError(InvalidInputError):
    """The body of a message is no JSON object."""

    code = "message-body-unreadable"
    message = N_("The body in {path} is no JSON object.")
    remedy = N_("Write the members of the body as one JSON object.")


def add_commands(subparsers: Subparsers) -> None:
    """Add `send`, `inbox` and the group `message`."""
    _sending(subparsers)
    _inbox(subparsers)
    acts = group(subparsers, "message", N_("The ledger of messages, and what is done with them."))
    _listing(acts)
    _reading(acts)
    _acting(acts)


def _sending(subparsers: Subparsers) -> None:
    parser = act(
        subparsers,
        "send",
        send,
        N_("Send files to a partner; the law is assessed before anything goes."),
        "comity send report.pdf --to XS --under xn-xs-2020 --form INFO_OFFENCE"
        " --purpose ADMIN_ENQUIRY --offence SMUGGLING_GENERAL --token-file casey.token",
        "comity send list.csv photo.jpg --to XS --supply --form SPONTANEOUS"
        " --purpose ADMIN_ENQUIRY --class TRANSPORT_DOCUMENT --case REQ-2026-00041"
        " --note 'As agreed' --token-file casey.token --json",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help=N_("any number, of any size"))
    parser.add_argument("--to", required=True, metavar="PARTNER", help=N_("its code"))
    parser.add_argument("--kind", default=NOTE, help=N_("kind of message, with its version"))
    parser.add_argument("--under", default="", metavar="INSTRUMENT", help=N_("empty: the best one"))
    parser.add_argument("--article", default="", help=N_("refuse unless it rests on this article"))
    parser.add_argument("--form", action="append", default=[], metavar="CODE", help=N_("several"))
    parser.add_argument("--purpose", action="append", default=[], metavar="CODE")
    parser.add_argument("--offence", action="append", default=[], metavar="CODE")
    parser.add_argument("--class", dest="classes", action="append", default=[], metavar="CODE")
    parser.add_argument(
        "--caveat",
        action="append",
        default=[],
        metavar="CODE",
        help=N_("the partner must keep it; several"),
    )
    parser.add_argument(
        "--handling",
        choices=[code.value for code in HandlingCode],
        help=N_("the partner must keep it"),
    )
    parser.add_argument(
        "--came-with",
        action="append",
        default=[],
        metavar="CODE",
        help=N_("a caveat with which it came to us; several"),
    )
    parser.add_argument(
        "--came-handling",
        choices=[code.value for code in HandlingCode],
        help=N_("the handling code with which it came to us"),
    )
    parser.add_argument(
        "--supply", action="store_true", help=N_("we supply information, instead of asking for it")
    )
    parser.add_argument("--case", default="", help=N_("reference of the case: a code, no name"))
    parser.add_argument("--subject", default="", help=N_("of the note; its first line otherwise"))
    parser.add_argument("--note", default="", help=N_("text that goes with the files"))
    parser.add_argument("--body", metavar="FILE", help=N_("body of another kind, as JSON"))
    parser.add_argument("--in-reply-to", default="", metavar="REFERENCE")
    parser.add_argument(
        "--decide", default="", metavar="REASON", help=N_("send where the law leaves it to you")
    )
    officer_options(parser)


def _inbox(subparsers: Subparsers) -> None:
    parser = act(
        subparsers,
        "inbox",
        inbox,
        N_("List what partners sent and nobody has opened yet."),
        "comity inbox --token-file casey.token",
        "comity inbox --all --json --token-file casey.token",
    )
    parser.add_argument("--all", action="store_true", help=N_("what was opened as well"))
    parser.add_argument("--after", default="", metavar="REFERENCE", help=N_("go on after this"))
    officer_options(parser)


def _listing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "list",
        list_messages,
        N_("Search the ledger: by reference, digest, case, error, partner, state, day."),
        "comity message list --partner XS --state dead --token-file casey.token",
        "comity message list 9f86d081884c --json --token-file casey.token",
    )
    parser.add_argument("words", nargs="?", default="", metavar="WORDS")
    parser.add_argument("--partner", default="")
    parser.add_argument("--state", choices=[state.value for state in MessageState])
    parser.add_argument("--direction", choices=[each.value for each in Direction])
    parser.add_argument("--kind", default="")
    parser.add_argument("--since", metavar="DAY")
    parser.add_argument("--until", metavar="DAY")
    parser.add_argument("--after", default="", metavar="REFERENCE", help=N_("go on after this"))
    officer_options(parser)


def _reading(acts: Subparsers) -> None:
    parser = act(
        acts,
        "show",
        show,
        N_("Show one message: its life, its evidences, the law; nothing of its content."),
        "comity message show MSG-00012 --json --token-file casey.token",
    )
    _reference(parser)
    parser = act(
        acts,
        "open",
        open_one,
        N_("Open a message: the first opening is told to its sender."),
        "comity message open MSG-00012 --token-file casey.token",
    )
    _reference(parser)
    parser = act(
        acts,
        "save",
        save,
        N_("Save the files of a message, its signed envelope and its evidences in a folder."),
        "comity message save MSG-00012 --to case-41 --token-file casey.token",
    )
    _reference(parser)
    parser.add_argument("--to", required=True, metavar="FOLDER", help=N_("made if it is not there"))


def _acting(acts: Subparsers) -> None:
    parser = act(
        acts,
        "refuse",
        refuse,
        N_("Refuse what a partner sent, for a reason of the list."),
        "comity message refuse MSG-00012 --reason not-competent --token-file casey.token",
    )
    _reference(parser)
    parser.add_argument("--reason", required=True, choices=[r.value for r in REFUSED_BY_A_PERSON])
    for name, run, meaning in (
        ("try-again", again, N_("Send now what waits or was given up.")),
        ("withdraw", take_back, N_("Take back a message that has not left.")),
    ):
        example = f"comity message {name} MSG-00012 --token-file casey.token"
        _reference(act(acts, name, run, meaning, example))


def _reference(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", metavar="REFERENCE")
    officer_options(parser)


# Sending


def send(arguments: argparse.Namespace) -> int:
    """Post files to a partner as the officer behind the token."""
    by, at = _officer(arguments), clock.now()
    require(by, Permission.SEND_MESSAGES)
    question = _question(arguments)
    if arguments.article and question is not None:
        _require_article(arguments, question)
    draft = Draft(
        kind=arguments.kind,
        to=arguments.to,
        body=_body(arguments),
        parts=tuple(_kept(path) for path in arguments.files),
        question=question,
        in_reply_to=message(arguments.in_reply_to).identifier if arguments.in_reply_to else "",
        handling=max(arguments.handling or "", arguments.came_handling or ""),
        caveats=tuple(
            dict.fromkeys(
                code_of(Caveat, given).value for given in (*arguments.came_with, *arguments.caveat)
            )
        ),
        case=arguments.case,
        decision=Decision(arguments.decide, by) if arguments.decide else None,
    )
    return _tell_posted(arguments, post(draft, by=by, at=at))


def _question(arguments: argparse.Namespace) -> Question | None:
    """What is asked of the law; None where no form and no purpose are named."""
    if not (arguments.form or arguments.purpose):
        return None
    parties = ("supplier", "receiver") if arguments.supply else ("asker", "asked")
    document: dict[str, Any] = {
        "kind": "release" if arguments.supply else "ask",
        parties[0]: own_code(),
        parties[1]: arguments.to,
        "forms": [code_of(FormOfAssistance, given).value for given in arguments.form],
        "purposes": [code_of(Purpose, given).value for given in arguments.purpose],
        "offences": [code_of(Offence, given).value for given in arguments.offence],
        "on": clock.today().isoformat(),
    }
    if arguments.under:
        document["under"] = arguments.under
    item = {
        "classes": [code_of(InformationClass, given).value for given in arguments.classes],
        "caveats": [code_of(Caveat, given).value for given in arguments.came_with],
        "handling": arguments.came_handling,
    }
    if arguments.supply and any(item.values()):
        document["item"] = {name: value for name, value in item.items() if value}
    return question_of(document)


def _require_article(arguments: argparse.Namespace, question: Question) -> None:
    found = assess_sending(question, known_law(), on=clock.today()).finding
    if found.article != arguments.article:
        raise ArticleDiffersError(
            given=arguments.article, found=found.article or "–", instrument=found.governing or "–"
        )


def _body(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.body:
        try:
            body = json.loads(read_file(arguments.body, most=LONGEST_BODY))
        except ValueError as error:
            raise BodyUnreadableError(path=arguments.body) from error
        if not isinstance(body, dict):
            raise BodyUnreadableError(path=arguments.body)
        return body
    names = ", ".join(Path(path).name for path in arguments.files)
    first = next(iter(arguments.note.strip().splitlines()), "")
    return Note((arguments.subject or first or names)[:300], arguments.note).body()


def _kept(path: str) -> DraftPart:
    """A file kept in storage, whatever its size."""
    try:
        with Path(path).open("rb") as file:
            guessed = mimetypes.guess_type(path)[0] or UNKNOWN_TYPE
            return keep_part(file, Path(path).name, guessed)
    except OSError as error:
        obstacle = error.strerror or "it cannot be read"
        raise FileUnusableError(path=path, obstacle=obstacle) from error


def _tell_posted(arguments: argparse.Namespace, posted: Posted) -> int:
    code = posted.reason.code if posted.reason else ""
    verdict = posted.law.verdict if posted.law else ""
    if arguments.json:
        print_json(posted_document(posted))
    else:
        told = UNDECIDED if posted.needs_decision else ACCEPTED if posted.accepted else REJECTED
        say(
            arguments,
            told,
            reference=posted.reference,
            partner=posted.partner,
            verdict=_verdict(verdict, arguments.language),
            reason=words.problem_in_words(code, arguments.language),
            change=words.next_act(code, arguments.language),
        )
        _tell_limits(arguments, posted)
    return DONE if posted.accepted else REFUSED


def _tell_limits(arguments: argparse.Namespace, posted: Posted) -> None:
    """In words what stands against a message that did not go, and what to do where one decides."""
    limiting = posted.law.findings if posted.law else ()
    found = [each for each in limiting if not each["holds"]] or limiting
    if posted.accepted or not found:
        return
    say(arguments, LIMITS)
    for each in found:
        facts = {str(name): str(value) for name, value in each["facts"].items()}
        article = f" ({each['article']})" if each["article"] else ""
        sentence = sentence_of(each["reason"], facts, arguments.language)
        print(f"  {each['rule']}: {sentence}{article}")
    if posted.needs_decision and posted.law:
        consent = posted.law.verdict == Verdict.PRIOR_CONSENT
        say(arguments, CONSENT_FIRST if consent else WEIGH_EACH)


def _verdict(code: str, language: str) -> str:
    return translate(VERDICT_WORDS[Verdict(code)], language) if code in frozenset(Verdict) else "–"


# Reading


def inbox(arguments: argparse.Namespace) -> int:
    """What came in and lies on the desk."""
    require(_officer(arguments), Permission.VIEW_MESSAGES)
    if arguments.all:
        return _tell_list(arguments, LedgerSearch(direction=Direction.IN))
    return _tell_list(arguments, LedgerSearch(direction=Direction.IN, unopened=True))


def list_messages(arguments: argparse.Namespace) -> int:
    """The ledger, narrowed."""
    require(_officer(arguments), Permission.VIEW_MESSAGES)
    search = LedgerSearch(
        words=arguments.words,
        partner=arguments.partner,
        state=MessageState(arguments.state) if arguments.state else None,
        direction=Direction(arguments.direction) if arguments.direction else None,
        kind=arguments.kind,
        since=day(arguments.since, "--since"),
        until=day(arguments.until, "--until"),
    )
    return _tell_list(arguments, search)


def _tell_list(arguments: argparse.Namespace, search: LedgerSearch) -> int:
    page = ledger(search, after=arguments.after)
    if arguments.json:
        items = [row_document(row) for row in page.rows]
        print_json({"items": items, "next": page.older or None})
        return DONE
    if not page.rows:
        say(arguments, NOTHING_HERE)
        return DONE
    language = arguments.language
    rows = [
        (
            row.reference,
            row.partner,
            translate(STATE_WORDS[row.state], language),
            row.kind,
            row.case,
            f"{row.recorded_at:%Y-%m-%d %H:%M}",
        )
        for row in page.rows
    ]
    width = shutil.get_terminal_size((100, 24)).columns
    print(table([translate(head, language) for head in LIST_HEADS], rows, width))
    if page.older:
        say(arguments, OLDER, count=len(page.rows), key=page.older)
    return DONE


def show(arguments: argparse.Namespace) -> int:
    """One message without its content."""
    require(_officer(arguments), Permission.VIEW_MESSAGES)
    return _tell_message(arguments, {})


def open_one(arguments: argparse.Namespace) -> int:
    """One message with its content."""
    opened = open_message(arguments.reference, by=_officer(arguments), at=clock.now())
    return _tell_message(arguments, content_document(opened.envelope))


def _tell_message(arguments: argparse.Namespace, content: dict[str, Any]) -> int:
    record, known = message(arguments.reference), evidences(arguments.reference)
    stated = [
        evidence_document(each.evidence, digest=each.digest, told=not each.to_tell)
        for each in known
    ]
    row = ledger_row(record.reference)
    if arguments.json:
        told = message_document(row, record, stated)
        print_json(told | content)
        return DONE
    language = arguments.language
    lines = [
        f"{record.reference} · {record.partner} · {translate(STATE_WORDS[record.state], language)}",
        *_facts_of(row, language),
        *(f"  {each['at'][:19]}  {_evidence_line(each, language)}" for each in stated),
    ]
    if content:
        lines += ["", str(content["subject"]), str(content["body"].get("text", "")), ""]
        lines += [f"  {f['number'] + 1:03d} {f['name']} · {f['size']}" for f in content["files"]]
    print("\n".join(lines).rstrip())
    return DONE


def _facts_of(row: LedgerRow, language: str) -> list[str]:
    """Its kind and case, what both sides say of the law, and what stands in the way."""
    told = [" · ".join(filter(None, (row.kind, row.case)))]
    basis = " ".join(filter(None, (row.instrument, row.article)))
    for says, verdict in ((OUR_ANSWER, row.verdict), (THEIR_ANSWER, row.their_verdict)):
        if verdict:
            said = translate(says, language)
            told.append(said.format(verdict=_verdict(verdict, language), basis=basis))
    if row.problem:
        why, act = (words.problem_in_words, words.next_act)
        told.append(f"{why(row.problem, language)}. {act(row.problem, language)}".strip())
    return [f"  {line}" for line in told]


def _evidence_line(stated: dict[str, Any], language: str) -> str:
    kind = translate(words.EVIDENCE_WORDS[stated["kind"]], language)
    reason = words.problem_in_words(stated["reason"], language) if stated["reason"] else ""
    return " · ".join(filter(None, (kind, stated["by"], reason)))


def save(arguments: argparse.Namespace) -> int:
    """Files, envelope and evidences of a message in a folder; nothing there is written over."""
    by, at, folder = _officer(arguments), clock.now(), Path(arguments.to)
    opened = open_message(arguments.reference, by=by, at=at)
    saved = [_written(folder, f"{arguments.reference}.envelope.json", opened.document)]
    for each in evidences(arguments.reference):
        name = f"{arguments.reference}.{each.evidence.kind.value}.{each.evidence.by}.json"
        saved.append(_written(folder, name, each.document))
    for number, part in enumerate(opened.envelope.parts):
        saved.append(
            _copied(folder, f"{number + 1:03d} {file_name(part.name)}", arguments, number, by)
        )
    if arguments.json:
        print_json({"reference": arguments.reference, "saved": saved})
    else:
        print("\n".join(saved))
    return DONE


def _written(folder: Path, name: str, content: bytes) -> str:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("xb") as file:
            file.write(content)
    except OSError as error:
        obstacle = error.strerror or "it cannot be written"
        raise FileUnusableError(path=str(folder / name), obstacle=obstacle) from error
    return str(folder / name)


def _copied(
    folder: Path, name: str, arguments: argparse.Namespace, number: int, by: Officer
) -> str:
    part = open_part(arguments.reference, number, by=by, at=clock.now())
    try:
        with part.content as source, (folder / name).open("xb") as file:
            shutil.copyfileobj(source, file)
    except OSError as error:
        obstacle = error.strerror or "it cannot be written"
        raise FileUnusableError(path=str(folder / name), obstacle=obstacle) from error
    return str(folder / name)


# Acting


def refuse(arguments: argparse.Namespace) -> int:
    """Refuse what came in."""
    by, reason = _officer(arguments), arguments.reason
    refuse_message(arguments.reference, reason, by=by, at=clock.now())
    return _tell_state(arguments)


def again(arguments: argparse.Namespace) -> int:
    """Try again: the operator of the machine may, without a token."""
    try_again(arguments.reference, by=officer_of(arguments), at=clock.now())
    return _tell_state(arguments)


def take_back(arguments: argparse.Namespace) -> int:
    """Withdraw."""
    withdraw(arguments.reference, by=_officer(arguments), at=clock.now())
    return _tell_state(arguments)


def _tell_state(arguments: argparse.Namespace) -> int:
    state = message(arguments.reference).state
    if arguments.json:
        print_json({"reference": arguments.reference, "state": state.value})
    else:
        told = translate(STATE_WORDS[state], arguments.language)
        say(arguments, STATE_NOW, reference=arguments.reference, state=told)
    return DONE


def _officer(arguments: argparse.Namespace) -> Officer:
    """The officer behind the token."""
    if not arguments.token_file and not arguments.by:
        raise MessageTokenNeededError
    return officer_of(arguments)
