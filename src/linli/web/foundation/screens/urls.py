"""Addresses of the shared pages."""

from django.urls import path

from linli.web.foundation.screens import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("", views.home, name="home"),
    path("home/cards/", views.home_cards, name="home_cards"),
    path("search/", views.search, name="search"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
]
