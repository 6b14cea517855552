"""Addresses of assessment."""

from django.urls import path

from linli.web.foundation.screens.doors import doors_to

__all__ = ["urlpatterns"]

# They bring the engine of analysis and the plotting library.
comparisons = doors_to("linli.web.workbench.assessment.views.comparisons")
consequences = doors_to("linli.web.workbench.assessment.views.consequences")
figures = doors_to("linli.web.workbench.assessment.views.figures")
periods = doors_to("linli.web.workbench.assessment.views.periods")

urlpatterns = [
    path("assessment/", periods("period_list"), name="assessment"),
    path("assessment/new/", periods("open_period"), name="assessment_open"),
    path("assessment/periods/<int:pk>/compute/", periods("compute"), name="assessment_compute"),
    path("assessment/versions/<int:pk>/", periods("version"), name="assessment_version"),
    path("assessment/versions/<int:pk>/approve/", periods("approve"), name="assessment_approve"),
    path("assessment/versions/<int:pk>/lock/", periods("lock"), name="assessment_lock"),
    path("assessment/versions/<int:pk>/propose/", periods("propose"), name="assessment_propose"),
    path("assessment/versions/<int:pk>/place/", figures("place"), name="assessment_place"),
    path("assessment/versions/<int:pk>/figure/", figures("figure"), name="assessment_figure"),
    path("assessment/versions/<int:pk>/records/", figures("records"), name="assessment_records"),
    path("assessment/versions/<int:pk>/export.<slug:form>", figures("export"), name="assessment_export"),
    path("assessment/versions/<int:pk>/compare/", comparisons("compare"), name="assessment_compare"),
    path("assessment/versions/<int:pk>/clauses/", comparisons("clauses"), name="assessment_clauses"),
    path("assessment/versions/<int:pk>/chance/", comparisons("chance"), name="assessment_chance"),
    path("assessment/consequences/", consequences("consequence_list"), name="consequences"),
    path("assessment/consequences/<int:pk>/", consequences("consequence"), name="consequence"),
    path("assessment/consequences/<int:pk>/object/", consequences("object_to"), name="consequence_object"),
    path("assessment/consequences/<int:pk>/decide/", consequences("decide"), name="consequence_decide"),
    path("assessment/consequences/<int:pk>/confirm/", consequences("confirm"), name="consequence_confirm"),
    path("assessment/consequences/<int:pk>/drop/", consequences("drop"), name="consequence_drop"),
    path(
        "assessment/consequences/<int:pk>/files/<int:exhibit>/",
        consequences("exhibit"),
        name="consequence_file",
    ),
]
