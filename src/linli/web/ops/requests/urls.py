"""Addresses of requests."""

from django.urls import path

from linli.web.ops.requests.views import figures, lists, opening

__all__ = ["urlpatterns"]

urlpatterns = [
    path("requests/", lists.request_list, name="requests"),
    path("requests/export.<slug:form>", lists.export, name="requests_export"),
    path("requests/open/", opening.open_request, name="requests_open"),
    path("requests/open/near/", opening.near_by, name="requests_near"),
    path("requests/five-in-time/", figures.five, name="five_in_time"),
    path("requests/five-in-time/export.<slug:form>", figures.five_export, name="five_export"),
    path("requests/queue/", figures.queue, name="requests_queue"),
    path("requests/queue/<int:pk>/retry/", figures.retry, name="requests_retry"),
    path("requests/<str:number>/receipt/", opening.receipt, name="request_receipt"),
]
