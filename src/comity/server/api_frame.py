# SPDX-License-Identifier: Apache-2.0
"""What every request of the API passes through: size, identity, once only, entity tags, problems.

Inside everything else that the server does with a request, and only for addresses under /api/.
An endpoint thus raises errors and returns values; it knows nothing of headers but its own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import get_conditional_response

from comity import clock
from comity.accounts import services as accounts
from comity.accounts.officer import NobodySignedInError
from comity.accounts.services import Caller
from comity.errors import ComityError
from comity.server.problems import (
    CONTENT_TYPE,
    MethodNotAllowedError,
    NoSuchAddressError,
    RequestTooLargeError,
    RequestUnreadableError,
    ServerFailedError,
    problem_response,
)

KEPT_HEADERS = ("Content-Type", "Location", "ETag")
SERVER_FAILED = 500
UPLOADS = frozenset(
    {
        "/api/v1/evidence/items/files",
        "/api/v1/evidence/verification",
        "/api/v1/exchange/messages/files",
    }
)
"""Files pass through to the disk whatever their size."""
PASSED_ON = frozenset({"/api/v1/evidence/verification", "/api/v1/exchange/messages/files"})
"""What is only read, or is kept once without a key."""
KEEPS_ITS_KEY = re.compile(
    r"/api/v1/evidence/(packages|releases|items/[^/]+/certified-copies"
    r"|certified-copies/[^/]+/final|destruction-lists/[^/]+/approve)"
)
"""What takes long, or asks others over the network: no transaction stays open meanwhile, and the
endpoint keeps what it made for a key."""
_CALLER = "_comity_caller"


def caller_of(request: HttpRequest) -> Caller:
    """Who calls, by the token in the Authorization header; looked up and counted once."""
    known: Caller | None = getattr(request, _CALLER, None)
    if known is None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NobodySignedInError
        known = accounts.use_token(token.strip(), at=clock.now())
        setattr(request, _CALLER, known)
    return known


class ApiFrame:
    """The middleware of the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request of the API; pass every other one on untouched."""
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        try:
            _refuse_too_large(request)
            response = self._once(request)
        except ComityError as error:
            return problem_response(error)
        return _tagged(request, _as_problem(response))

    def _once(self, request: HttpRequest) -> HttpResponse:
        """The response; for a POST with an Idempotency-Key, the same one every time."""
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            return self.get_response(request)
        caller = caller_of(request)
        accounts.checked_key(key)
        if request.path in PASSED_ON or KEEPS_ITS_KEY.fullmatch(request.path):
            return self.get_response(request)
        digest = _digest(request, caller)  # takes a file in, before the transaction begins
        with transaction.atomic():
            claim = accounts.claim_key(caller.officer, key, digest, at=clock.now())
            if isinstance(claim, accounts.Reply):
                return _repeated(claim)
            response = self._undone_if_refused(request)
            if response.status_code >= SERVER_FAILED:
                transaction.set_rollback(True)
            else:
                accounts.keep_reply(claim, _kept(response))
        return response

    def _undone_if_refused(self, request: HttpRequest) -> HttpResponse:
        """The response, with nothing left in the database when it is a refusal."""
        before = transaction.savepoint()
        response = _as_problem(self.get_response(request))
        if response.status_code >= 400:
            transaction.savepoint_rollback(before)
        else:
            transaction.savepoint_commit(before)
        return response


def _refuse_too_large(request: HttpRequest) -> None:
    if request.path in UPLOADS:
        return
    longest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    length = request.headers.get("Content-Length") or "0"
    if length.isdigit() and int(length) > longest:
        raise RequestTooLargeError(length=length, longest=longest)


def _digest(request: HttpRequest, caller: Caller) -> str:
    """What makes two requests the same: token, address and body."""
    parts = [caller.token, request.get_full_path()]
    if request.path in UPLOADS:
        parts, body = [*parts, *_form(request)], b""
    else:
        parts, body = [*parts, request.headers.get("Content-Type", "")], request.body
    head = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(head + b"\0" + body).hexdigest()


def _form(request: HttpRequest) -> Iterator[str]:
    """A form's fields and its files by their digests: each sending draws its own boundary."""
    try:
        fields, files = request.POST, request.FILES
    except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
        raise RequestUnreadableError from error
    for name, values in sorted(fields.lists()):
        yield from (f"{name}={value}" for value in values)
    sent = [(name, file) for name in sorted(files) for file in files.getlist(name)]
    for name, file in sent:
        digest = hashlib.sha256()
        for piece in file.chunks():
            digest.update(piece)
        file.seek(0)
        yield f"{name}:{file.name}:{file.content_type}:{digest.hexdigest()}"


def _kept(response: HttpResponse) -> accounts.Reply:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    return accounts.Reply(response.status_code, headers, response.content)


def _repeated(reply: accounts.Reply) -> HttpResponse:
    response = HttpResponse(reply.body, status=reply.status, headers=reply.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _as_problem(response: HttpResponse) -> HttpResponse:
    """The framework's own refusals in the shape of ours."""
    status = response.status_code
    if status < 400 or response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
        return response
    if status == 405:
        methods = response.headers.get("Allow", "")
        refused = problem_response(MethodNotAllowedError(methods=methods))
        refused["Allow"] = methods
        return refused
    if status == 404:
        return problem_response(NoSuchAddressError())
    failed = ServerFailedError if status >= SERVER_FAILED else RequestUnreadableError
    return problem_response(failed())


def _tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give what was read an entity tag, and answer 304 when the reader has it already."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    if response.streaming or not response["Content-Type"].startswith("application/json"):
        return response
    if "ETag" not in response:
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers.setdefault("Cache-Control", "private, no-cache")
    unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
    return unchanged if isinstance(unchanged, HttpResponse) else response
