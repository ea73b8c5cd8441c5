# SPDX-License-Identifier: Apache-2.0
"""`comity evidence seal …`: the node's court-facing seal, its certificates and time stamps.

Whoever holds the node's machine administers its seal; an officer does so by a token of their own.
"""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from comity import clock
from comity.accounts.services.acting import officer_of, officer_options
from comity.agreements.text_table import table
from comity.catalogues import N_, translate
from comity.command_line import (
    DONE,
    FileUnusableError,
    Subparsers,
    act,
    group,
    print_json,
    read_file,
    say,
    write_new_file,
)
from comity.evidence import verify
from comity.evidence.queries import renewals as renewal_queries
from comity.evidence.queries import seals as queries
from comity.evidence.seal import ROLE_WORDS, ROOT_STATE_WORDS, OwnSeal, TrustedRoot
from comity.evidence.services import renewing, seal_administration, seal_trust, seals
from comity.sealing.renewals import renewal_document
from comity.sealing.xml_seals import digest_of

MEANING = N_("The seal that courts and partners verify: its certificates and time stamps.")
OWN = N_("Seal {fingerprint}\nof {subject}\nissued by {issuer}, valid until {until}.")
PILOT = N_("It is a PILOT seal: no trust service vouches for it.")
BUILT_IN = N_("Time stamps: the built-in PILOT authority.")
ASKED = N_("Time stamps: {address}.")
ALLOWED = N_("Where it cannot be had, the built-in PILOT authority stamps, and every seal says so.")
REQUESTED = N_("Wrote the request to {path}. Send it to your trust service.")
LISTS = N_("Took in {count} revocation lists of authorities that stand behind the seal.")
REVOKED = N_("Revoked. The node seals with another certificate from now on.")
ROOT_STATE = N_("{administration} {fingerprint}: {state}.")
RENEWED = N_("Renewed the stamps of {count} documents; they hold until {until}.")
NOTHING_DUE = N_("No stamp ends within {days} days.")
WROTE = N_("Wrote {count} renewals to {path}.")


def add_acts(acts: Subparsers) -> None:
    """Add the group `seal` to `evidence`."""
    own = group(acts, "seal", MEANING)
    _showing(own)
    _taking(own)
    _stamping(own)
    _trusting(own)


def _showing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "show",
        show,
        N_("Show the seal, its certificates, and the roots of partners that are trusted."),
        "comity evidence seal show",
        "comity evidence seal show --anchors > anchors.pem",
    )
    parser.add_argument(
        "--anchors", action="store_true", help=N_("print every trusted root as PEM instead")
    )


def _taking(acts: Subparsers) -> None:
    parser = act(
        acts,
        "request",
        request,
        N_("Make a certificate request for the seal's key, for a trust service."),
        'comity evidence seal request --country XN --organisation "Customs" seal.csr',
    )
    parser.add_argument("path", metavar="FILE", help=N_("the request is written there"))
    parser.add_argument("--country", required=True, metavar="CC", help=N_("two letters"))
    parser.add_argument(
        "--organisation", required=True, help=N_("legal name of the administration")
    )
    parser.add_argument("--name", default="", help=N_("name of the seal; the organisation's else"))
    parser.add_argument("--new-key", action="store_true", help=N_("for a new key"))
    officer_options(parser)
    parser = act(
        acts,
        "take",
        take,
        N_("Take in the certificate that a trust service issued, with its whole chain."),
        "comity evidence seal take chain.pem",
        "comity evidence seal take --lists revoked.pem",
    )
    parser.add_argument("path", metavar="FILE", help=N_("certificates in PEM; - reads input"))
    parser.add_argument(
        "--lists", action="store_true", help=N_("the file holds revocation lists alone")
    )
    officer_options(parser)
    parser = act(
        acts,
        "revoke",
        revoke,
        N_("Seal no more with a certificate; its key is replaced where it lies in a file."),
        "comity evidence seal revoke FINGERPRINT",
    )
    parser.add_argument("fingerprint", help=N_("as `show` tells it, whole"))
    officer_options(parser)


def _stamping(acts: Subparsers) -> None:
    parser = act(
        acts,
        "stamps",
        stamps,
        N_("Set who makes time stamps; renew those that end."),
        "comity evidence seal stamps --address https://tsa.example/ --certificates tsa.pem",
        "comity evidence seal stamps --built-in",
        "comity evidence seal stamps --renew",
    )
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--address", metavar="URL", help=N_("of an authority of RFC 3161"))
    chosen.add_argument(
        "--built-in", action="store_true", help=N_("the pilot authority of this node")
    )
    chosen.add_argument(
        "--renew", action="store_true", help=N_("stamp anew what ends within a year")
    )
    chosen.add_argument(
        "--renewals-of", metavar="FILE", help=N_("write the renewals of this sealed file")
    )
    parser.add_argument("--certificates", metavar="FILE", help=N_("of that authority, in PEM"))
    parser.add_argument(
        "--allow-pilot",
        action="store_true",
        help=N_("let the pilot authority stamp where that one cannot be had"),
    )
    parser.add_argument(
        "--days", type=int, default=renewing.AHEAD.days, help=N_("with --renew: how far ahead")
    )
    parser.add_argument("--to", metavar="FOLDER", default=".", help=N_("with --renewals-of"))
    officer_options(parser)


def _trusting(acts: Subparsers) -> None:
    parser = act(
        acts,
        "trust",
        trust,
        N_("Decide on the root of a partner's seal, by its fingerprint."),
        "comity evidence seal trust XS 5f1c…",
        "comity evidence seal trust XS 5f1c… --file root.pem",
        "comity evidence seal trust XS 5f1c… --end",
    )
    parser.add_argument("administration", metavar="CODE", help=N_("whose root it is"))
    parser.add_argument("fingerprint", help=N_("that you compared with that administration"))
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--file", metavar="FILE", help=N_("the root, where no message brought it"))
    chosen.add_argument("--refuse", action="store_true", help=N_("do not trust it"))
    chosen.add_argument("--end", action="store_true", help=N_("trust it no more"))
    officer_options(parser)


def show(arguments: argparse.Namespace) -> int:
    """Show the seal."""
    if arguments.anchors:
        print(queries.public_anchors(), end="")
        return DONE
    own = seals.make_seal(at=clock.now())
    if arguments.json:
        print_json(_told(own))
        return DONE
    _say_own(arguments, own)
    print()
    print(_certificates(arguments.language))
    for root in queries.roots():
        _say_root(arguments, root)
    return DONE


def request(arguments: argparse.Namespace) -> int:
    """Make a request."""
    subject = {"country": arguments.country, "organisation": arguments.organisation}
    subject["name"] = arguments.name or arguments.organisation
    made = seal_administration.request_certificate(
        subject=subject, new_key=arguments.new_key, by=officer_of(arguments), at=clock.now()
    )
    write_new_file(arguments.path, made)
    if arguments.json:
        print_json({"request": arguments.path})
    else:
        say(arguments, REQUESTED, path=arguments.path)
    return DONE


def take(arguments: argparse.Namespace) -> int:
    """Take in a chain, or lists."""
    content, by, now = read_file(arguments.path), officer_of(arguments), clock.now()
    if arguments.lists:
        count = seal_administration.take_lists(content, by=by, at=now)
        if arguments.json:
            print_json({"lists": count})
        else:
            say(arguments, LISTS, count=count)
        return DONE
    own = seal_administration.take_certificate(content, by=by, at=now)
    if arguments.json:
        print_json(_told(own))
    else:
        _say_own(arguments, own)
    return DONE


def revoke(arguments: argparse.Namespace) -> int:
    """Seal no more with a certificate."""
    by = officer_of(arguments)
    seal_administration.revoke_certificate(arguments.fingerprint, by=by, at=clock.now())
    if arguments.json:
        print_json({"revoked": arguments.fingerprint})
    else:
        say(arguments, REVOKED)
    return DONE


def stamps(arguments: argparse.Namespace) -> int:
    """Set who stamps, or renew."""
    if arguments.renewals_of:
        return _write_renewals(arguments)
    if arguments.renew:
        return _renew(arguments)
    known = read_file(arguments.certificates) if arguments.certificates else b""
    seal_administration.set_stamps(
        arguments.address or "",
        certificates=known,
        pilot_allowed=arguments.allow_pilot,
        by=officer_of(arguments),
        at=clock.now(),
    )
    own = seals.make_seal(at=clock.now())
    if arguments.json:
        print_json(_told(own)["stamps"])
    else:
        _say_stamps(arguments, own)
    return DONE


def _renew(arguments: argparse.Namespace) -> int:
    ahead = timedelta(days=arguments.days)
    done = renewing.renew(at=clock.now(), by=officer_of(arguments), within=ahead)
    if arguments.json:
        print_json(
            {"documents": done.documents, "pilot": done.pilot, "until": _day(done.holds_until)}
        )
    elif done.documents:
        say(arguments, RENEWED, count=done.documents, until=_day(done.holds_until))
    else:
        say(arguments, NOTHING_DUE, days=arguments.days)
    return DONE


def _write_renewals(arguments: argparse.Namespace) -> int:
    try:
        with Path(arguments.renewals_of).open("rb") as file:
            first, *others = _sealed_in(file)
    except OSError as error:
        obstacle = error.strerror or N_("it cannot be opened")
        raise FileUnusableError(path=arguments.renewals_of, obstacle=obstacle) from error
    found = renewal_queries.renewals_of(first)
    for other in filter(renewal_queries.was_sealed_here, others):
        found += renewal_queries.renewals_of(other)
    folder = Path(arguments.to)
    for number, renewal in enumerate(found, start=1):
        write_new_file(str(folder / f"renewal-{number:03}.json"), renewal_document(renewal))
    if arguments.json:
        print_json({"document": first, "renewals": len(found)})
    else:
        say(arguments, WROTE, count=len(found), path=folder)
    return DONE


def _sealed_in(file: BinaryIO) -> list[str]:
    """SHA-256 of what was sealed: of a package its seals, its own first; else of the file."""
    try:
        files = verify.Container(file).files
        ends = ("/signature.xml", "/copy.pdf")
        inside = [each.digest for name, each in sorted(files.items()) if name.endswith(ends)]
        return [files[verify.SIGNATURE].digest, *inside]
    except (verify.Broken, LookupError, ValueError):  # it is no package
        file.seek(0)
        return [digest_of(file).hex()]


def trust(arguments: argparse.Namespace) -> int:
    """Decide on a root."""
    named = (arguments.administration, arguments.fingerprint)
    by, now = officer_of(arguments), clock.now()
    if arguments.file:
        code, fingerprint = named
        root = seal_trust.trust_file(code, read_file(arguments.file), fingerprint, by=by, at=now)
    elif arguments.refuse:
        root = seal_trust.refuse_root(*named, by=by, at=now)
    elif arguments.end:
        root = seal_trust.end_trust(*named, by=by, at=now)
    else:
        root = seal_trust.trust_root(*named, by=by, at=now)
    if arguments.json:
        print_json(_root_told(root))
    else:
        _say_root(arguments, root)
    return DONE


def _say_own(arguments: argparse.Namespace, own: OwnSeal) -> None:
    certificate = own.certificate
    say(
        arguments,
        OWN,
        fingerprint=certificate.fingerprint,
        subject=certificate.subject,
        issuer=certificate.issuer,
        until=_day(certificate.valid_until),
    )
    if own.pilot:
        say(arguments, PILOT)
    _say_stamps(arguments, own)


def _say_stamps(arguments: argparse.Namespace, own: OwnSeal) -> None:
    if not own.stamp_address:
        say(arguments, BUILT_IN)
        return
    say(arguments, ASKED, address=own.stamp_address)
    if own.pilot_stamps_allowed:
        say(arguments, ALLOWED)


def _say_root(arguments: argparse.Namespace, root: TrustedRoot) -> None:
    state = translate(ROOT_STATE_WORDS[root.state], arguments.language)
    say(
        arguments,
        ROOT_STATE,
        administration=root.administration,
        fingerprint=root.certificate.fingerprint,
        state=state,
    )


def _certificates(language: str) -> str:
    rows = [
        (
            translate(ROLE_WORDS[each.role], language),
            each.certificate.fingerprint[:16],
            _day(each.certificate.valid_until),
            _day(each.revoked_at or each.ended_at),
        )
        for each in queries.kept_certificates()
    ]
    heads = (N_("certificate"), N_("fingerprint"), N_("valid until"), N_("ended"))
    return table([translate(head, language) for head in heads], rows)


def _told(own: OwnSeal) -> dict[str, Any]:
    """The seal as a program reads it; any: texts, flags and lists."""
    return {
        "fingerprint": own.certificate.fingerprint,
        "subject": own.certificate.subject,
        "issuer": own.certificate.issuer,
        "valid_until": own.certificate.valid_until.isoformat(),
        "pilot": own.pilot,
        "in_token": own.in_token,
        "stamps": {"address": own.stamp_address, "pilot_allowed": own.pilot_stamps_allowed},
        "certificates": [
            {
                "role": each.role.value,
                "fingerprint": each.certificate.fingerprint,
                "valid_until": each.certificate.valid_until.isoformat(),
                "pilot": each.certificate.pilot,
                "ended": _day(each.ended_at),
                "revoked": _day(each.revoked_at),
            }
            for each in queries.kept_certificates()
        ],
        "roots": [_root_told(root) for root in queries.roots()],
    }


def _root_told(root: TrustedRoot) -> dict[str, Any]:
    """A root as a program reads it; any: texts and flags."""
    return {
        "administration": root.administration,
        "fingerprint": root.certificate.fingerprint,
        "state": root.state.value,
        "pilot": root.pilot,
        "learned_from": root.learned_from,
        "decided_by": root.decided_by,
        "decided_at": _day(root.decided_at),
    }


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else ""
