"""Every address of the house. Paths are neutral: nothing in one says what this is."""

from django.urls import include, path

handler500 = "wayhouse.core.outage.failed"

urlpatterns = [
    path("", include("wayhouse.home.urls")),
    path("", include("wayhouse.core.urls")),
    path("transparency/", include("wayhouse.audit.urls")),
    path("account/", include("wayhouse.accounts.urls")),
    path("messages/", include("wayhouse.notices.urls")),
    path("people/", include("wayhouse.people.urls")),
    path("mine/", include("wayhouse.leaving.urls")),
    path("care/", include("wayhouse.safeguarding.urls")),
    path("groups/", include("wayhouse.groups.urls")),
    path("evenings/", include("wayhouse.meetings.urls")),
    path("", include("wayhouse.arrivals.urls")),
    path("space/", include("wayhouse.conversations.urls")),
    path("between/", include("wayhouse.mentoring.urls")),
    path("library/", include("wayhouse.blueprints.urls")),
]
