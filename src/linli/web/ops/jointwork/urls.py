"""Addresses of joint work."""

from django.urls import path

from linli.web.ops.jointwork.views import agreements, meetings

__all__ = ["urlpatterns"]

urlpatterns = [
    path("jointwork/", agreements.agreement_list, name="jointwork"),
    path("jointwork/shared/", agreements.shared, name="jointwork_shared"),
    path("jointwork/new/", agreements.draft, name="agreement_draft"),
    path("jointwork/export.<slug:form>", agreements.export, name="jointwork_export"),
    path("jointwork/<int:pk>/", agreements.agreement, name="agreement"),
    path("jointwork/<int:pk>/sign/", agreements.sign, name="agreement_sign"),
    path("jointwork/<int:pk>/end/", agreements.end, name="agreement_end"),
    path("jointwork/<int:pk>/meetings/new/", meetings.record, name="agreement_meeting"),
    path("jointwork/tasks/<int:pk>/done/", meetings.finish, name="joint_task_done"),
]
