"""Addresses of cases."""

from django.urls import path

from linli.web.foundation.casework.views import changing, detail, lists, opening

__all__ = ["urlpatterns"]

urlpatterns = [
    path("cases/", lists.case_list, name="cases"),
    path("cases/map.geojson", lists.case_map, name="cases_map"),
    path("cases/export.csv", lists.cases_csv, name="cases_csv"),
    path("cases/open/<slug:kind>/", opening.open_case, name="open_case"),
    path("cases/<str:number>/", detail.case_page_of, name="case"),
    path("cases/<str:number>/step/<slug:step>/", changing.step, name="case_step"),
    path("cases/<str:number>/note/", changing.note, name="case_note"),
    path("cases/<str:number>/answer/", changing.answer, name="case_answer"),
    path("cases/<str:number>/assign/", changing.assign, name="case_assign"),
    path("cases/<str:number>/describe/", changing.describe, name="case_describe"),
    path("cases/<str:number>/share/", changing.share, name="case_share"),
    path("cases/<str:number>/unshare/", changing.unshare, name="case_unshare"),
    path("cases/<str:number>/attach/", changing.attach, name="case_attach"),
    path("cases/<str:number>/merge/", changing.merge, name="case_merge"),
    path("cases/<str:number>/emergency/", changing.emergency, name="case_emergency"),
    path("cases/<str:number>/personal/", changing.personal, name="case_personal"),
    path("cases/<str:number>/feedback/", changing.feedback, name="case_feedback"),
    path("cases/<str:number>/files/<int:pk>/", detail.attachment, name="case_file"),
]
