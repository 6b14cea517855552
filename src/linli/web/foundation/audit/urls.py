"""Addresses of the audit log."""

from django.urls import path

from linli.web.foundation.audit import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("audit/", views.log, name="audit"),
    path("audit/export.csv", views.log_csv, name="audit_csv"),
    path("audit/cases/<str:number>/", views.case_record, name="audit_case"),
    path("emergencies/", views.emergencies, name="audit_emergencies"),
    path("emergencies/<int:pk>/", views.review, name="audit_review"),
]
