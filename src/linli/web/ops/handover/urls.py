"""Addresses of boards and notes."""

from django.urls import path

from linli.web.ops.handover import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("handover/", views.board, name="handover"),
    path("handover/new/", views.hand_over, name="handover_new"),
    path("handover/<int:pk>/", views.note, name="handover_note"),
    path("handover/<int:pk>/read/", views.read, name="handover_read"),
    path("handover/items/<int:pk>/close/", views.close_item, name="handover_close_item"),
]
