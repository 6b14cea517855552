"""Addresses of problem places."""

from django.urls import path

from linli.web.ops.problems import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("problems/", views.problems, name="problems"),
    path("problems/export.<slug:form>", views.export, name="problems_export"),
    path("problems/<str:number>/file/", views.file, name="problem_file"),
    path("problems/<str:number>/nearby/", views.near, name="problem_near"),
    path("problems/<str:number>/place.geojson", views.place, name="problem_place_map"),
    path("problems/<str:number>/measures/", views.plan, name="problem_plan"),
    path("problems/<str:number>/measures/<int:pk>/progress/", views.progress, name="problem_progress"),
    path("problems/<str:number>/measures/<int:pk>/postpone/", views.postpone, name="problem_postpone"),
    path("problems/<str:number>/measures/<int:pk>/drop/", views.drop, name="problem_drop"),
]
