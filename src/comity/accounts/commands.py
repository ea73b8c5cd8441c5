# SPDX-License-Identifier: Apache-2.0
"""The commands `comity officers …` and `comity tokens …`, at the node's own machine.

Whoever can run them holds the machine; they act as the node's operator and are journalled so.
"""

from __future__ import annotations

import argparse

from comity import clock
from comity.accounts import queries, services
from comity.accounts.administration import checked_roles
from comity.accounts.api_token import ApiToken
from comity.accounts.officer import OPERATOR, Officer, OfficerRecord, OneTimePassword
from comity.accounts.permissions import Role
from comity.catalogues import LANGUAGES, N_, translate
from comity.command_line import DONE, Subparsers, act, group, print_json

LONGEST_LIST = 10_000

HANDED_OVER = N_(
    "{reference}: sign-in name {sign_in_name}, one-time password {password}\n"
    "It is shown this once. Hand it over in person."
)
CHANGED = N_("{reference}: {state}; roles: {roles}")
ACTIVE = N_("active")
SUSPENDED = N_("suspended")
ISSUED = N_(
    "{reference} for {owner} until {expires}:\n{secret}\n"
    "It is shown this once. Put it where the program reads it."
)
REVOKED = N_("{reference} no longer works.")


def add_commands(subparsers: Subparsers) -> None:
    """Add the groups `officers` and `tokens`."""
    acts = group(subparsers, "officers", N_("The officers of this node and their roles."))
    _listing(acts)
    _registering(acts)
    _changing(acts)
    acts = group(subparsers, "tokens", N_("API tokens for programs that act for an officer."))
    _tokens(acts)


def _listing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "list",
        list_officers,
        N_("List the officers."),
        "comity officers list",
        "comity officers list --role administrator --json",
    )
    parser.add_argument("--search", default="", help=N_("part of a reference or name"))
    parser.add_argument("--role", choices=[*Role], help=N_("only holders of this role"))


def _registering(acts: Subparsers) -> None:
    parser = act(
        acts,
        "register",
        register,
        N_("Register an officer; prints a one-time password."),
        'comity officers register a.rivers --name "A. Rivers" --role case-officer',
    )
    parser.add_argument("sign_in_name", help=N_("what the officer types to sign in"))
    parser.add_argument("--name", required=True, help=N_("the name as colleagues read it"))
    parser.add_argument("--email", default="", help=N_("an e-mail address"))
    parser.add_argument(
        "--speaks", choices=sorted(LANGUAGES), default="en", help=N_("the officer's language")
    )
    _role_option(parser)


def _changing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "roles",
        change_roles,
        N_("Give an officer exactly these roles."),
        "comity officers roles OFF-00002 --role case-officer --role registrar",
    )
    _officer_argument(parser)
    _role_option(parser)
    for name, run, meaning in (
        ("suspend", suspend, N_("Suspend an officer; sessions and tokens stop at once.")),
        ("reactivate", reactivate, N_("Reactivate a suspended officer.")),
        ("reset-password", reset_password, N_("Give an officer a one-time password.")),
        (
            "recover",
            recover,
            N_("Remove a lost second factor where fewer than two other administrators exist."),
        ),
    ):
        _officer_argument(act(acts, name, run, meaning, f"comity officers {name} OFF-00002"))


def _tokens(acts: Subparsers) -> None:
    parser = act(
        acts,
        "issue",
        issue_token,
        N_("Issue a token that acts for an officer; prints it once."),
        'comity tokens issue OFF-00002 --name "nightly export" --role auditor --days 90',
    )
    _officer_argument(parser)
    parser.add_argument("--name", required=True, help=N_("what the token is for"))
    parser.add_argument("--days", type=int, default=90, help=N_("days until it expires"))
    _role_option(parser)
    parser = act(
        acts, "list", list_tokens, N_("List an officer's tokens."), "comity tokens list OFF-00002"
    )
    _officer_argument(parser)
    parser = act(
        acts, "revoke", revoke_token, N_("Revoke a token."), "comity tokens revoke TOK-00001"
    )
    parser.add_argument("reference", help=N_("a token, such as TOK-00001"))


def _officer_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", help=N_("an officer, such as OFF-00002"))


def _role_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role",
        action="append",
        required=True,
        dest="roles",
        choices=[*Role],
        help=N_("a role; repeat for several"),
    )


def list_officers(arguments: argparse.Namespace) -> int:
    """Print the officers."""
    role = Role(arguments.role) if arguments.role else None
    records = queries.officer_records(search=arguments.search, role=role, limit=LONGEST_LIST)
    if arguments.json:
        print_json({"officers": [_record(record) for record in records]})
        return DONE
    for record in records:
        print(f"{record.officer.reference}  {record.sign_in_name:<20}", _line(record.officer))
    return DONE


def register(arguments: argparse.Namespace) -> int:
    """Register an officer."""
    made = services.register_officer(
        sign_in_name=arguments.sign_in_name,
        display_name=arguments.name,
        email=arguments.email,
        language=arguments.speaks,
        roles=arguments.roles,
        by=OPERATOR,
        at=clock.now(),
    )
    return _hand_over(arguments, made)


def change_roles(arguments: argparse.Namespace) -> int:
    """Change an officer's roles."""
    changed = services.change_roles(
        arguments.reference, arguments.roles, by=OPERATOR, at=clock.now()
    )
    return _tell(arguments, changed)


def suspend(arguments: argparse.Namespace) -> int:
    """Suspend an officer."""
    return _tell(arguments, services.suspend(arguments.reference, by=OPERATOR, at=clock.now()))


def reactivate(arguments: argparse.Namespace) -> int:
    """Reactivate an officer."""
    return _tell(arguments, services.reactivate(arguments.reference, by=OPERATOR, at=clock.now()))


def reset_password(arguments: argparse.Namespace) -> int:
    """Give an officer a one-time password."""
    made = services.reset_password(arguments.reference, by=OPERATOR, at=clock.now())
    return _hand_over(arguments, made)


def recover(arguments: argparse.Namespace) -> int:
    """Remove an officer's lost second factor."""
    made = services.recover_at_the_machine(arguments.reference, by=OPERATOR, at=clock.now())
    return _hand_over(arguments, made)


def issue_token(arguments: argparse.Namespace) -> int:
    """Issue a token for an officer."""
    issued = services.issue_token(
        arguments.name,
        roles=checked_roles(arguments.roles),
        days=arguments.days,
        by=OPERATOR,
        owner=queries.officer_by_reference(arguments.reference),
        at=clock.now(),
    )
    if arguments.json:
        print_json({**_token(issued.token), "secret": issued.secret})
        return DONE
    words = translate(ISSUED, arguments.language)
    print(
        words.format(
            reference=issued.token.reference,
            owner=issued.token.owner,
            expires=issued.token.expires_at.date(),
            secret=issued.secret,
        )
    )
    return DONE


def list_tokens(arguments: argparse.Namespace) -> int:
    """Print an officer's tokens."""
    tokens = queries.tokens_of(queries.officer_by_reference(arguments.reference))
    if arguments.json:
        print_json({"tokens": [_token(token) for token in tokens]})
        return DONE
    for token in tokens:
        end = token.revoked_at or token.expires_at
        print(token.reference, end.date(), ", ".join(sorted(token.roles)), token.name, sep="  ")
    return DONE


def revoke_token(arguments: argparse.Namespace) -> int:
    """Revoke a token."""
    token = services.revoke_token(arguments.reference, by=OPERATOR, at=clock.now())
    if arguments.json:
        print_json(_token(token))
    else:
        print(translate(REVOKED, arguments.language).format(reference=token.reference))
    return DONE


def _hand_over(arguments: argparse.Namespace, made: OneTimePassword) -> int:
    told = {
        "reference": made.officer.reference,
        "sign_in_name": made.sign_in_name,
        "password": made.password,
    }
    if arguments.json:
        print_json(told)
    else:
        print(translate(HANDED_OVER, arguments.language).format(**told))
    return DONE


def _tell(arguments: argparse.Namespace, officer: Officer) -> int:
    if arguments.json:
        print_json(_officer(officer))
        return DONE
    words = translate(CHANGED, arguments.language)
    state = translate(ACTIVE if officer.active else SUSPENDED, arguments.language)
    roles = ", ".join(officer.ordered_roles)
    print(words.format(reference=officer.reference, state=state, roles=roles))
    return DONE


def _line(officer: Officer) -> str:
    state = "" if officer.active else " [suspended]"
    return f"{officer.display_name}: {', '.join(officer.ordered_roles)}{state}"


def _officer(officer: Officer) -> dict[str, object]:
    return {
        "reference": officer.reference,
        "display_name": officer.display_name,
        "roles": list(officer.ordered_roles),
        "language": officer.language,
        "active": officer.active,
    }


def _record(record: OfficerRecord) -> dict[str, object]:
    return {
        **_officer(record.officer),
        "sign_in_name": record.sign_in_name,
        "second_factors": list(record.second_factors),
        "version": record.version,
    }


def _token(token: ApiToken) -> dict[str, object]:
    return {
        "reference": token.reference,
        "name": token.name,
        "owner": token.owner,
        "roles": sorted(token.roles),
        "expires_at": token.expires_at.isoformat(),
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }
