"""One page, cached as Django's manual says: the decorator on the view, the answer in the in-process cache."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import cache_page


@cache_page(3600)
def blog(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html")


urlpatterns = [path("live/bench/", blog)]
