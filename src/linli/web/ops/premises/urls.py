"""Addresses of premises and inspections."""

from django.urls import path

from linli.web.ops.premises.views import (
    checklists,
    draws,
    editing,
    importing,
    inspections,
    lists,
    pages,
    tables,
)

__all__ = ["urlpatterns"]

urlpatterns = [
    path("premises/", lists.premises_list, name="premises"),
    path("premises/map.geojson", lists.premises_map, name="premises_map"),
    path("premises/export.<slug:form>", lists.export, name="premises_export"),
    path("premises/new/", editing.register, name="premises_new"),
    path("premises/import/", importing.import_register, name="premises_import"),
    path("premises/import/template.csv", importing.template, name="premises_template"),
    path("premises/courtyards/", tables.courtyards, name="courtyards"),
    path("premises/courtyards/export.<slug:form>", tables.courtyards_export, name="courtyards_export"),
    path("premises/coverage/", tables.coverage, name="premises_coverage"),
    path("premises/checklists/", checklists.checklists, name="checklists"),
    path("premises/checklists/<slug:kind>/", checklists.checklist, name="checklist"),
    path("premises/checklists/<slug:kind>/edit/", checklists.edit_checklist, name="checklist_edit"),
    path(
        "premises/checklists/<slug:kind>/interval/<slug:schedule_class>/",
        checklists.interval,
        name="premises_interval",
    ),
    path("premises/at/<str:code>/", pages.premises_page_of, name="premises_page"),
    path("premises/at/<str:code>/edit/", editing.correct, name="premises_edit"),
    path("premises/at/<str:code>/telephone/", pages.telephone, name="premises_telephone"),
    path("premises/at/<str:code>/files/<int:pk>/", pages.kept_file, name="premises_file"),
    path("premises/at/<str:code>/letters/<str:letter>.pdf", pages.letter_paper, name="premises_letter"),
    path("premises/at/<str:code>/<slug:what>/", pages.act, name="premises_act"),
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/all/", inspections.all_inspections, name="inspections_all"),
    path("inspections/notices/", tables.notices, name="inspection_notices"),
    path("inspections/draws/", draws.draws, name="draws"),
    path("inspections/draws/<str:number>/", draws.draw_page, name="draw_page"),
    path("inspections/draws/<str:number>.pdf", draws.draw_paper, name="draw_paper"),
    path("inspections/<str:number>/begin/", inspections.begin, name="inspection_begin"),
    path("inspections/<str:number>/link/", inspections.link, name="inspection_link"),
    path("inspections/<str:number>/sheet/", inspections.sheet, name="inspection_sheet"),
    path("inspections/<str:number>/notices/<str:notice>.pdf", inspections.notice_paper, name="notice_paper"),
    *(
        path(
            f"inspections/<str:number>/{what}/",
            inspections.follow_up,
            {"what": what},
            name=f"inspection_{what}",
        )
        for what in ("serve", "answer", "recheck", "escalate")
    ),
]
