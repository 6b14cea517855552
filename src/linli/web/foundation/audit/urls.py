"""Addresses of the audit log."""

from django.urls import path

from linli.web.foundation.audit import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("audit/", views.log, name="audit"),
    path("audit/heads/", views.log_heads, name="audit_heads"),
    path("audit/export.<slug:form>", views.log_file, name="audit_file"),
    path("audit/cases/<str:number>/", views.case_record, name="audit_case"),
    path("emergencies/", views.emergencies, name="audit_emergencies"),
    path("emergencies/<int:pk>/", views.review, name="audit_review"),
]
