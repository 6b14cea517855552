"""Addresses for other programs."""

from django.urls import path

from linli.web.foundation.exchange import views
from linli.web.foundation.exchange.api.build import api

__all__ = ["urlpatterns"]

urlpatterns = [
    path("api/v1/", api().urls),
    path("exchange/", views.exchange, name="exchange"),
    path("exchange/tokens/", views.make_token, name="make_token"),
    path("exchange/tokens/<int:pk>/end/", views.end_token, name="end_token"),
    path(
        "people/<int:pk>/programs/<slug:kind>/<int:program>/end/",
        views.end_program,
        name="person_end_program",
    ),
    path("exchange/webhooks/", views.subscribe, name="subscribe"),
    path("exchange/webhooks/<int:pk>/end/", views.end_subscription, name="end_subscription"),
    path("exchange/outbox/<int:pk>/resend/", views.resend, name="resend"),
    path("exchange/calendar/", views.make_calendar, name="make_calendar"),
    path("calendar/<str:key>.ics", views.calendar, name="calendar"),
]
