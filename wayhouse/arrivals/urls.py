"""Addresses of this room; none says what it is about to whoever looks over a shoulder."""

from django.urls import path

from wayhouse.arrivals.models import Contact
from wayhouse.arrivals.views import public, staff, start, welcome

app_name = "arrivals"

urlpatterns = [
    path("hello/", public.write, {"kind": Contact.Kind.FIRST}, name="write"),
    path("hello/near/", public.write, {"kind": Contact.Kind.NEAR}, name="write_near"),
    path("hello/words/", public.keep_code, name="keep_code"),
    path("hello/back/", public.come_back, name="come_back"),
    path("hello/notes/", public.talk, name="talk"),
    path("hello/in/", welcome.come_in, name="come_in"),
    path("hello/end/", public.end, name="end"),
    path("notes/", staff.contacts, {"kind": Contact.Kind.FIRST}, name="contacts"),
    path("notes/near/", staff.contacts, {"kind": Contact.Kind.NEAR}, name="contacts_near"),
    path("notes/<uuid:contact_id>/", staff.contact, name="contact"),
    path("notes/list.csv", staff.contacts_table, name="contacts_table"),
    path("notes/new/", welcome.decisions, name="decisions"),
    path("notes/<uuid:contact_id>/decide/", welcome.decide, name="decide"),
    path("notes/<uuid:contact_id>/welcome/", welcome.welcome_contact, name="welcome_contact"),
    path("notes/<uuid:contact_id>/renew/", welcome.renew_welcome, name="renew_welcome"),
    path("notes/<uuid:contact_id>/<slug:act>/", staff.settle_contact, name="settle_contact"),
    path("start/", start.start, name="start"),
    path("start/apart/", start.avoid, name="avoid"),
    path("start/<uuid:person_id>/", start.orientation, name="orientation"),
    path("start/<uuid:person_id>/<slug:step>/", start.take_step, name="take_step"),
]
