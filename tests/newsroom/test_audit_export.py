"""A blog that is exported on the server was read as a whole: its chiefs see that in their audit."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from newsroom.models import AuditLine
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_export_leaves_a_line_on_the_blog():
    blog = factories.blog()
    factories.draft(blog)
    call_command("export_blog", blog.slug, "--without-pictures", stdout=io.StringIO())
    line = AuditLine.objects.get(verb="export_blog")
    assert (line.blog, line.who, line.after) == (blog, "operator", {"entries": 1})


def test_an_export_that_does_not_come_about_leaves_none():
    factories.blog()
    with pytest.raises(CommandError):
        call_command("export_blog", "no-such-blog", stdout=io.StringIO())
    assert not AuditLine.objects.filter(verb="export_blog").exists()
