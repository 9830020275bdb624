"""Every address of the site: engines mount their pages here, apps get theirs from the engines."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
