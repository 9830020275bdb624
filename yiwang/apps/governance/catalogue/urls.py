"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.governance.catalogue.pages import classes, component_forms, components, imports

app_name = "catalogue"
urlpatterns = [
    path("", classes.classes, name="classes"),
    path("sheet/", classes.sheet, name="sheet"),
    path("look-up/", classes.look_up, name="look_up"),
    path("import/", imports.classes, name="import"),
    path("imports/<int:import_id>/", imports.report, name="import_report"),
    path("imports/<int:import_id>/report.csv", imports.download, name="import_download"),
    path("classes/<str:class_code>/", classes.one_class, name="class"),
    path("components/", components.components, name="components"),
    path("components/components.csv", components.export, name="component_export"),
    path("components/map/", components.component_map, name="component_map"),
    path("components/new/", component_forms.new, name="component_new"),
    path("components/import/", imports.components, name="component_import"),
    path("components/<str:component_code>/", components.one_component, name="component"),
    path("components/<str:component_code>/edit/", component_forms.edit, name="component_edit"),
    path("components/<str:component_code>/retire/", component_forms.retire, name="component_retire"),
]
