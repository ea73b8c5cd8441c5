# SPDX-License-Identifier: Apache-2.0
"""The one tree of errors, and the rule that each says what to do next.

A refusal that the law foresees is a result, not an error (see `agreements.determination`).
Concrete classes stand in the capability that raises them and inherit from one family:

    ComityError
    * NotPermittedError     the law, a role or a state does not allow the act
    * NotFoundError         nothing of that reference, or not yours to see (the same text)
    * ConflictError         somebody or something else was first
    * InvalidInputError     what was given cannot be read or does not hold together
    * VerificationError     a digest, signature, chain or proof does not fit
    * PeerError             a partner, server or file store did not do its part

Programs read `code` and `fields`; pages translate `message` and `remedy`. No personal data,
no content and no key material ever stands in a field.
"""

from __future__ import annotations

from typing import ClassVar


class ComityError(Exception):
    """An error with a permanent code, what stood in the way, and the next act."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "{what} failed."
    remedy: ClassVar[str] = ""

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.message.format(**fields))

    def advice(self) -> str:
        """The next act, with its fields filled in."""
        return self.remedy.format(**self.fields)


class NotPermittedError(ComityError):
    """The law, a role or a state does not allow the act."""


class NotFoundError(ComityError):
    """Nothing of that reference, or not the asker's to see."""


class ConflictError(ComityError):
    """Somebody or something else was first."""


class InvalidInputError(ComityError):
    """What was given cannot be read or does not hold together."""


class VerificationError(ComityError):
    """A digest, signature, chain or proof does not fit."""


class PeerError(ComityError):
    """A partner, server or file store did not do its part."""

    permanent: ClassVar[bool] = False
    """Whether trying again can help: false means that it may."""
