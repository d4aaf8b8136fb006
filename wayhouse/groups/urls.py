"""Addresses of this room."""

from django.urls import path

from wayhouse.groups.views import cycles, drawings, groups, moves, proposals, venues

app_name = "groups"

urlpatterns = [
    path("", cycles.cycles, name="cycles"),
    path("cycles/<uuid:cycle_id>/", cycles.cycle, name="cycle"),
    path("cycles/<uuid:cycle_id>/proposal/", proposals.proposal, name="proposal"),
    path("cycles/<uuid:cycle_id>/drawing/", drawings.drawing, name="drawing"),
    path("cycles/<uuid:cycle_id>/drawing/stop/", drawings.stop, name="stop_drawing"),
    path("cycles/<uuid:cycle_id>/compare/", proposals.compare_proposals, name="compare_proposals"),
    path("proposals/<uuid:proposal_id>/", proposals.kept_proposal, name="kept_proposal"),
    path("proposals/<uuid:proposal_id>/choose/", moves.proposal_choose, name="proposal_choose"),
    path("proposals/<uuid:proposal_id>/move/", moves.proposal_move, name="proposal_move"),
    path("proposals/<uuid:proposal_id>/lock/", moves.proposal_lock, name="proposal_lock"),
    path("proposals/<uuid:proposal_id>/drop/", proposals.proposal_drop, name="proposal_drop"),
    path("proposals/<uuid:proposal_id>/accept/", proposals.proposal_accept, name="proposal_accept"),
    path("places/", venues.venues, name="venues"),
    path("places/new/", venues.venue_new, name="venue_new"),
    path("places/<uuid:venue_id>/", venues.venue, name="venue"),
    path("places/<uuid:venue_id>/use/", venues.use_venue, name="use_venue"),
    # Without an id it is one's own: the group where there is one, else the list.
    path("mine/", groups.group, name="group"),
    path("mine/all/", groups.groups, name="groups"),
    path("mine/left/", groups.left_group, name="left_group"),
    path("<uuid:group_id>/", groups.group, name="group"),
    path("<uuid:group_id>/name/", groups.rename_group, name="rename_group"),
    path("<uuid:group_id>/seat/", groups.give_seat, name="give_seat"),
    path("<uuid:group_id>/leave/", groups.leave_group, name="leave_group"),
]
