"""Addresses of the desk: work lists and cases for staff, report and follow for everybody."""

from __future__ import annotations

from yiwang.engines.desk.cases.urls import urlpatterns as cases
from yiwang.engines.desk.lists.urls import urlpatterns as lists
from yiwang.engines.desk.public.urls import urlpatterns as public
from yiwang.engines.desk.running.urls import urlpatterns as running

app_name = "desk"
urlpatterns = [*lists, *cases, *running, *public]
