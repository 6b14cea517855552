"""Addresses of supervision."""

from django.urls import path

from linli.web.ops.supervision.views import checks, groups, rounds, standing

__all__ = ["urlpatterns"]

urlpatterns = [
    path("supervision/", checks.check_list, name="supervision"),
    path("supervision/export.<slug:form>", checks.export, name="supervision_export"),
    path("supervision/checks/<int:pk>/", checks.check, name="supervision_check"),
    path("supervision/checks/<int:pk>/record/", checks.record, name="supervision_record"),
    path("supervision/checks/<int:pk>/cancel/", checks.cancel, name="supervision_cancel"),
    path("supervision/rounds/", rounds.round_list, name="supervision_rounds"),
    path("supervision/rounds/draw/", rounds.draw, name="supervision_draw"),
    path("supervision/rounds/review/", rounds.review, name="supervision_review"),
    path("supervision/rounds/<int:pk>/", rounds.round_page, name="supervision_round"),
    path("supervision/rooms/", standing.room_page, name="supervision_rooms"),
    path("supervision/rooms/export.<slug:form>", standing.rooms_export, name="supervision_rooms_export"),
    path("supervision/progress/", standing.progress, name="supervision_progress"),
    path("supervision/progress/publish/", standing.publish, name="supervision_publish"),
    path("supervision/progress/<int:pk>/", standing.publication, name="supervision_publication"),
    path(
        "supervision/progress/export.<slug:form>",
        standing.progress_export,
        name="supervision_progress_export",
    ),
    path("supervision/groups/", groups.group_list, name="supervision_groups"),
    path("supervision/groups/enter/", groups.enter, name="supervision_enter"),
    path("supervision/groups/export.<slug:form>", groups.export, name="supervision_groups_export"),
    path("supervision/groups/<int:pk>/", groups.group_page, name="supervision_group"),
]
