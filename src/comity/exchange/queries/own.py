# SPDX-License-Identifier: Apache-2.0
"""Who we are in the exchange, and which kinds of message we take."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.exchange.draft import UnknownKindError
from comity.exchange.kind import Kind, Kinds


class OwnAdministrationMissingError(NotFoundError):
    """The node does not know which administration runs it."""

    code = "own-administration-missing"
    message = N_("This node does not know whose it is, so it can neither send nor receive.")
    remedy = N_("Set COMITY_ADMINISTRATION to the administration's code in the register.")


def own_code() -> str:
    """The code of the administration that runs this node.

    Raises:
        OwnAdministrationMissingError: none is set.
    """
    code = str(settings.ENVIRONMENT.administration)
    if not code:
        raise OwnAdministrationMissingError
    return code


def kinds() -> Kinds:
    """Every kind of message that this node takes, by name."""
    found: Kinds = import_string(settings.MESSAGE_KINDS)
    return found


def kind_named(name: str) -> Kind:
    """The kind of this name.

    Raises:
        UnknownKindError: this node has none.
    """
    kind = kinds().get(name)
    if kind is None:
        raise UnknownKindError(kind=name, known=", ".join(sorted(kinds())))
    return kind
