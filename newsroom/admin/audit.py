"""The page of the audit: a blog's for its chiefs, the whole of it for instance admins."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from newsroom.desk.audit_lines import A_PAGE, as_csv, lines_for
from newsroom.desk.audit_words import facts_in_words, verb_label
from newsroom.errors import NewsroomError
from newsroom.models import LiveBlog

FILTERS = ("who", "verb", "subject")


def audit_page(model_admin: Any, request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """`?who=`, `?verb=` and `?subject=` narrow it, `?page=` turns it, `?as=csv` sends all of it."""
    blog = LiveBlog.objects.filter(pk=pk or 0).first()
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    try:
        if pk is not None and blog is None:
            raise Http404
        lines = lines_for(request.user, blog, **asked)
        everything = lines_for(request.user, blog)
    except NewsroomError as refusal:
        raise Http404 from refusal
    if request.GET.get("as") == "csv":
        answer = StreamingHttpResponse(as_csv(lines), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="audit-{blog.slug if blog else "all"}.csv"'
        return answer
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    for line in page:
        line.label = verb_label(line.verb)  # type: ignore[attr-defined]
    facts_in_words(page)
    query = request.GET.copy()
    for name in ("page", "as"):
        query.pop(name, None)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Audit"),
        "subtitle": str(blog) if blog else None,
        "opts": model_admin.opts,
        "blog": blog,
        "page": page,
        "asked": asked,
        "people": everything.order_by("who").values_list("who", flat=True).distinct(),
        "verbs": [(verb, verb_label(verb)) for verb in everything.order_by("verb").values_list("verb", flat=True).distinct()],
        "query": query.urlencode(),
    }
    return TemplateResponse(request, "admin/newsroom/liveblog/audit.html", context)
