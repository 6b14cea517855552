"""Addresses of people, organisations and one's own account; allauth's own are under ``accounts/``."""

from django.urls import path

from linli.web.foundation.accounts.views import own, people

__all__ = ["urlpatterns"]

urlpatterns = [
    path("me/", own.me, name="me"),
    path("me/sessions/end/", own.end_session, name="end_session"),
    path("organisations/", own.organisations, name="organisations"),
    path("organisations/<int:pk>/", own.organisation, name="organisation"),
    path("people/", people.people, name="people"),
    path("people/export.<slug:form>", people.people_file, name="people_file"),
    path("people/new/", people.make, name="make_account"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/change/", people.change, name="person_change"),
    path("people/<int:pk>/roles/", people.give_role, name="person_give_role"),
    path("people/<int:pk>/roles/<int:grant>/take/", people.take_role, name="person_take_role"),
    path("people/<int:pk>/stop/", people.deactivate, name="person_deactivate"),
    path("people/<int:pk>/open/", people.reactivate, name="person_reactivate"),
    path("people/<int:pk>/password/", people.reset_password, name="person_reset_password"),
    path("people/<int:pk>/second-factor/", people.reset_factor, name="person_reset_factor"),
    path("people/<int:pk>/proposals/<int:proposal>/confirm/", people.confirm, name="person_confirm"),
    path("people/<int:pk>/proposals/<int:proposal>/refuse/", people.refuse, name="person_refuse"),
    path("people/<int:pk>/unlock/", people.unlock, name="person_unlock"),
    path("people/<int:pk>/sign-out/", people.end_sessions, name="person_end_sessions"),
]
