"""The admin is read-only: a write that skips the service would skip the journal."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

REGISTERED = sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)


@pytest.mark.parametrize(
    ("model", "shown"), [pytest.param(m, p, id=m._meta.label) for m, p in REGISTERED]
)
def test_the_admin_offers_no_way_to_write(model: type, shown: admin.ModelAdmin) -> None:
    request = RequestFactory().get("/")

    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)
