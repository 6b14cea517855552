"""Addresses of equipment."""

from django.urls import path

from linli.web.ops.equipment.views import changing, coverage, register

__all__ = ["urlpatterns"]

urlpatterns = [
    path("equipment/", register.device_list, name="equipment"),
    path("equipment/due/", register.due_list, name="equipment_due"),
    path("equipment/add/", changing.add, name="equipment_add"),
    path("equipment/import/", register.device_import, name="equipment_import"),
    path("equipment/template.xlsx", register.template, name="equipment_template"),
    path("equipment/export.csv", register.device_export, {"form": "csv"}, name="equipment_csv"),
    path("equipment/export.xlsx", register.device_export, {"form": "xlsx"}, name="equipment_xlsx"),
    path("equipment/map/", coverage.coverage_map, name="equipment_map"),
    path("equipment/points.geojson", coverage.points, name="equipment_points"),
    path("equipment/outline.geojson", coverage.outline, name="equipment_outline"),
    path("equipment/figures/", coverage.figures_page, name="equipment_figures"),
    path("equipment/<int:pk>/", register.device_page_of, name="equipment_device"),
    path("equipment/<int:pk>/receipts/<int:issue>/", changing.receipt, name="equipment_receipt"),
    path("equipment/<int:pk>/<slug:what>/", changing.step, name="equipment_step"),
]
