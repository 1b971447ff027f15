"""While a new version migrates, the one before still writes: it does not name the columns that it does not know."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from newsroom.models import LiveBlog
from tests import factories

SINCE = "0006"


def added_columns() -> list[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    steps = [step for (app, name), step in loader.disk_migrations.items() if app == "newsroom" and name >= SINCE]
    return [(act.model_name, act.name) for step in steps for act in step.operations if isinstance(act, migrations.AddField)]


@pytest.mark.parametrize(("model", "name"), added_columns())
def test_a_column_that_was_added_can_be_left_out(model: str, name: str):
    table = apps.get_model("newsroom", model)
    if name not in {field.name for field in table._meta.get_fields()}:
        pytest.skip("It went again.")
    field = table._meta.get_field(name)
    assert field.many_to_many or field.null or field.db_default is not models.NOT_PROVIDED, f"{model}.{name} has no default in the database"


@pytest.mark.django_db
def test_the_version_before_can_open_a_blog():
    old = factories.blog()
    later = {"second_pair", "quiet_minutes", "standing_required"}
    columns = ", ".join(field.column for field in LiveBlog._meta.local_concrete_fields if field.name not in {"id", "slug", "epoch", *later})
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO newsroom_liveblog (slug, epoch, {columns}) SELECT 'from-before', 'abcdefghijkl', {columns} "
            "FROM newsroom_liveblog WHERE id = %s",
            [old.pk],
        )
    opened = LiveBlog.objects.get(slug="from-before")
    assert (opened.second_pair, opened.quiet_minutes, opened.standing_required) == ([], 30, False)
