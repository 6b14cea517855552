"""Addresses of disputes."""

from django.urls import path

from linli.web.ops.disputes.views import lists, opening, papers, statistics, steps

__all__ = ["urlpatterns"]

urlpatterns = [
    path("disputes/", lists.dispute_list, name="disputes"),
    path("disputes/mine/", lists.mine, name="disputes_mine"),
    path("disputes/open/", opening.open_dispute, name="dispute_open"),
    path("disputes/export.csv", lists.dispute_export, {"form": "csv"}, name="disputes_csv"),
    path("disputes/export.xlsx", lists.dispute_export, {"form": "xlsx"}, name="disputes_xlsx"),
    path("disputes/figures/", statistics.figures_page, name="dispute_figures"),
    path("disputes/figures/export.xlsx", statistics.figures_export, name="dispute_figures_xlsx"),
    path("disputes/<str:number>/steps/<slug:what>/", steps.step, name="dispute_step"),
    path("disputes/<str:number>/steps/<slug:what>/<int:which>/", steps.step, name="dispute_step"),
    path("disputes/<str:number>/papers/<slug:kind>/<int:which>/", papers.paper, name="dispute_paper"),
    path(
        "disputes/<str:number>/papers/<slug:kind>/<int:which>.pdf",
        papers.paper,
        {"form": "pdf"},
        name="dispute_paper_pdf",
    ),
]
