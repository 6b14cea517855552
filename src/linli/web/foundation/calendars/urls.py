"""Addresses of the calendar."""

from django.urls import path

from linli.web.foundation.calendars import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("calendar/", views.year, name="calendar_year"),
    path("calendar/notice/", views.notice, name="calendar_notice"),
    path("calendar/withdraw/", views.withdraw, name="calendar_withdraw"),
    path("calendar/hours/", views.hours, name="calendar_hours"),
]
