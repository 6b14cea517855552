"""Addresses of meetings."""

from django.urls import path

from linli.web.ops.meetings import counting, views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("meetings/", views.meeting_list, name="meetings"),
    path("meetings/new/", views.plan, name="meeting_plan"),
    path("meetings/export.<slug:form>", views.export, name="meetings_export"),
    path("meetings/counts/", counting.year, name="meeting_counts"),
    path("meetings/counts/export.<slug:form>", counting.export, name="meeting_counts_export"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/hold/", views.hold, name="meeting_hold"),
    path("meetings/<int:pk>/cancel/", views.cancel, name="meeting_cancel"),
    path("meetings/<int:pk>/follow/", views.follow, name="meeting_follow"),
    path("meetings/<int:pk>/photos/", views.add_photo, name="meeting_add_photo"),
    path("meetings/<int:pk>/photos/<int:photo>/", views.photo, name="meeting_photo"),
]
