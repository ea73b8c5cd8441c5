# SPDX-License-Identifier: Apache-2.0
"""A form that was sent twice is carried out once: the same words and files under one key.

The page draws the key when it shows the form. Something else sent from the same page, as after a
step back in the browser, is another thing to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from django.http import HttpRequest

from comity import clock
from comity.accounts.queries import officer_of
from comity.accounts.services.replies import made_once

FIELD = "form_key"
UNCOUNTED = frozenset({"csrfmiddlewaretoken", "draft_key"})


def sent_once(request: HttpRequest, make: Callable[[], str]) -> str:
    """What `make` names; for a form that was sent before, what it named then.

    Raises as `made_once`, and whatever `make` raises.
    """
    if not request.POST.get(FIELD):
        return make()
    digest = hashlib.sha256("\0".join(_parts(request)).encode("utf-8", "replace")).hexdigest()
    officer = officer_of(request.user)
    return made_once(officer, f"form:{digest}", digest, make, at=clock.now()).text


def _parts(request: HttpRequest) -> Iterator[str]:
    yield request.path
    for name, values in sorted(request.POST.lists()):
        if name not in UNCOUNTED:
            yield from (f"{name}={value}" for value in values)
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest = hashlib.sha256()
            for piece in file.chunks():
                digest.update(piece)
            file.seek(0)
            yield f"{name}:{file.name}:{digest.hexdigest()}"
