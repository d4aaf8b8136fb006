"""Addresses of this room."""

from django.urls import path

from wayhouse.people.views import me, outgoing, person, roster, way_back, welcome

app_name = "people"

urlpatterns = [
    path("", roster.roster, name="roster"),
    path("table/", roster.roster_import, name="roster_import"),
    path("table.<slug:suffix>", roster.template, name="template"),
    path("out/", outgoing.roster_out, name="roster_out"),
    path("out/table.<slug:suffix>", outgoing.take_roster_out, name="take_roster_out"),
    path("new/", person.enter_person, name="enter_person"),
    path("me/", me.me, name="me"),
    path("me/pause/", me.pause, name="pause"),
    path("me/back/", me.come_back, name="come_back"),
    path("me/language/", me.choose_language, name="choose_language"),
    path("welcome/", welcome.welcome_code, name="welcome_code"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("return/<str:token>/", way_back.way_back, name="way_back"),
    path("back/<uuid:way_back_id>/", way_back.confirm_way_back, name="confirm_way_back"),
    path("back/<uuid:way_back_id>/stop/", way_back.stop_way_back, name="stop_way_back"),
    path("<uuid:person_id>/back/", way_back.ask_way_back, name="ask_way_back"),
    path("<uuid:person_id>/", person.person, name="person"),
    path("<uuid:person_id>/change/", person.change_entry, name="change_entry"),
    path("<uuid:person_id>/invite/", person.invite, name="invite"),
    path("<uuid:person_id>/role/", person.give_role, name="give_role"),
    path("<uuid:person_id>/role/<slug:kind>/", person.end_role, name="end_role"),
]
