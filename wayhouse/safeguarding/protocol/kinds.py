"""What a concern can be about: K1 to K8 (practice handbook 4.1). A kind says what to do, never what somebody is."""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of a concern."""

    SELF_HARM = "k1"
    HARM_FROM_OTHERS = "k2"
    VIOLENCE = "k3"
    AT_RISK = "k4"
    CONDUCT = "k5"
    ALLEGATION = "k6"
    BREACH = "k7"
    LEGAL_DEMAND = "k8"


KINDS: dict[Kind, str] = {
    Kind.SELF_HARM: "self-harm or suicide",
    Kind.HARM_FROM_OTHERS: "harm from others: threats, stalking, abuse at home, exploitation",
    Kind.VIOLENCE: "a threat of violence to others",
    Kind.AT_RISK: "a child or an adult at risk",
    Kind.CONDUCT: "hurtful conduct in a group",
    Kind.ALLEGATION: "an allegation against somebody who works here",
    Kind.BREACH: "confidentiality was broken, a device is lost, data got out",
    Kind.LEGAL_DEMAND: "an authority or a court asks for something",
}

# Whoever is accused never reads it, and whoever says so may stay without a name.
ABOUT_STAFF = frozenset({Kind.ALLEGATION})
