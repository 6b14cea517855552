"""Addresses of incidents. The list and the page of an incident are casework's."""

from django.urls import path

from linli.web.ops.incidents.views import board, dispatching, intake, statistics, units

__all__ = ["urlpatterns"]

urlpatterns = [
    path("incidents/intake/", intake.intake, name="incident_intake"),
    path("incidents/intake/hints/", intake.hints, name="incident_hints"),
    path("incidents/board/", board.board_page, name="incident_board"),
    path("incidents/board/live/", board.board_live, name="incident_board_live"),
    path("incidents/wall/", board.wall_page, name="incident_wall"),
    path("incidents/wall/live/", board.wall_live, name="incident_wall_live"),
    path("incidents/map/", board.map_page, name="incident_map"),
    path("incidents/map.geojson", board.board_map, name="incident_points"),
    path("incidents/statistics/", statistics.statistics_page, name="incident_statistics"),
    path("incidents/statistics.<slug:form>", statistics.statistics_export, name="incident_statistics_file"),
    path("incidents/units/", units.units_page, name="incident_units"),
    path("incidents/units.<slug:form>", units.units_export, name="incident_units_file"),
    path("incidents/units/new/", units.unit_new, name="incident_unit_new"),
    path("incidents/units/import/", units.unit_import, name="incident_unit_import"),
    path("incidents/units/<int:pk>/", units.unit_page, name="incident_unit"),
    path("incidents/units/<int:pk>/edit/", units.unit_edit, name="incident_unit_edit"),
    path("incidents/units/<int:pk>/<slug:what>/", units.unit_change, name="incident_unit_change"),
    path("incidents/<str:number>/dispatch/", dispatching.dispatch_page, name="incident_dispatch"),
    path(
        "incidents/<str:number>/units/<int:pk>/<slug:what>/", dispatching.unit_report, name="incident_report"
    ),
]
