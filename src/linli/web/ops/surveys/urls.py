"""Addresses of surveys."""

from django.urls import path

from linli.web.ops.surveys.views import answering, checks, entering, planning, waves

__all__ = ["urlpatterns"]

urlpatterns = [
    path("answer/", answering.answer, name="survey_answer"),
    path("surveys/", waves.wave_list, name="surveys"),
    path("surveys/new/", planning.plan, name="survey_plan"),
    path("surveys/questionnaires/", planning.questionnaires, name="survey_questionnaires"),
    path("surveys/questionnaires/template.xlsx", planning.template_file, name="survey_template"),
    path("surveys/questionnaires/<int:pk>.<slug:form>", planning.questionnaire_file, name="survey_form_file"),
    path("surveys/checks/", checks.check_list, name="survey_checks"),
    path("surveys/checks/new/", checks.make, name="survey_check"),
    path("surveys/checks/export.<slug:form>", checks.export, name="survey_checks_export"),
    path("surveys/addresses/<int:pk>/", entering.enter, name="survey_enter"),
    path("surveys/addresses/<int:pk>/outcome/", entering.outcome, name="survey_outcome"),
    path("surveys/<int:pk>/", waves.wave_page, name="survey"),
    path("surveys/<int:pk>/addresses/", entering.addresses, name="survey_addresses"),
    path("surveys/<int:pk>/letters/", planning.letters, name="survey_letters"),
    path("surveys/<int:pk>/reserves/", planning.reserves, name="survey_reserves"),
    path("surveys/<int:pk>/close/", planning.close, name="survey_close"),
    path("surveys/<int:pk>/export.<slug:form>", waves.export, name="survey_export"),
]
