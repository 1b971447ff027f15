"""The audit is only ever added to: neither the models nor the database itself let a line be changed or deleted."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from newsroom.models import AuditLine, Kept
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> AuditLine:
    factories.blog()
    return AuditLine.objects.get(verb="open_blog")


def test_a_line_is_neither_saved_again_nor_deleted(line: AuditLine) -> None:
    line.who = "somebody else"
    for attempt in (line.save, line.delete):
        with pytest.raises(Kept):
            attempt()


def test_a_set_of_lines_is_neither_updated_nor_deleted(line: AuditLine) -> None:
    for attempt in (
        lambda: AuditLine.objects.filter(pk=line.pk).update(who="x"),
        lambda: AuditLine.objects.filter(pk=line.pk).delete(),
        lambda: AuditLine.objects.bulk_update([line], ["who"]),
    ):
        with pytest.raises(Kept):
            attempt()


@pytest.mark.parametrize("statement", ["UPDATE newsroom_auditline SET who = 'x'", "DELETE FROM newsroom_auditline"])
def test_the_database_refuses_too(line: AuditLine, statement: str) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditLine.objects.get(pk=line.pk).who == line.who


def test_a_line_outlives_the_account_it_names(line: AuditLine) -> None:
    who = line.who
    user = factories.chief_of(line.blog)
    user.delete()
    assert AuditLine.objects.get(pk=line.pk).who == who
