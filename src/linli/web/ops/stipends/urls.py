"""Addresses of stipends."""

from django.urls import path

from linli.web.ops.stipends.views import budgets, lots, proposing

__all__ = ["urlpatterns"]

urlpatterns = [
    path("stipends/", lots.lot_list, name="stipends"),
    path("stipends/export.<slug:form>", lots.export, name="stipends_export"),
    path("stipends/mine/", lots.mine, name="stipends_mine"),
    path("stipends/propose/", proposing.propose, name="stipends_propose"),
    path("stipends/budgets/", budgets.budget_list, name="stipends_budgets"),
    path("stipends/budgets/new/", budgets.make, name="stipends_budget_make"),
    path("stipends/budgets/<int:pk>/cap/", budgets.change, name="stipends_budget_change"),
    path("stipends/budgets/<int:pk>/lines/new/", budgets.open_line, name="stipends_line_open"),
    path("stipends/lines/<int:pk>/cap/", budgets.change_line, name="stipends_line_change"),
    path("stipends/<int:pk>/", lots.lot_page, name="stipends_lot"),
    path("stipends/<int:pk>/export.<slug:form>", lots.export_lot, name="stipends_lot_export"),
    path("stipends/<int:pk>/reverse/", proposing.reverse, name="stipends_reverse"),
    path("stipends/<int:pk>/<slug:step>/", lots.step, name="stipends_step"),
]
