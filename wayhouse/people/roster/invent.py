"""Invented rosters for demonstrations and tests: the same seed gives the same people, and none of them exists.

Patterns of availability, shares of languages and needs, and the size of keep-apart circles are plausible, not measured.
"""

import random
from collections.abc import Sequence

from wayhouse.people.roster.times import DAYS, PARTS, SLOTS

InventedRow = dict[str, str]

AREAS = ("Harbourton/Old Mill", "Harbourton/Station", "Harbourton/Riverside", "Harbourton/Hill", "Applewick/Market")
_AREA_WEIGHTS = (30, 26, 20, 16, 8)
_FIRST = (
    "Amber", "Ashen", "Autumn", "Azure", "Birch", "Blue", "Bold", "Brave", "Bright", "Brisk", "Bronze", "Calm",
    "Candid", "Cedar", "Clear", "Clever", "Cloudy", "Copper", "Coral", "Cosy", "Crisp", "Dapper", "Dawn", "Deep",
    "Distant", "Dusky", "Early", "Easy", "Ember", "Evening", "Fair", "Fern", "Fleet", "Free", "Frosty", "Gentle",
    "Glad", "Golden", "Green", "Hazel", "Hidden", "Honest", "Humble", "Indigo", "Ivory", "Jade", "Jolly", "Keen",
    "Kind", "Late", "Lemon", "Light", "Lilac", "Linen", "Little", "Lively", "Lucky", "Lunar", "Maple", "Marble",
    "Mellow", "Merry", "Misty", "Modest", "Mossy", "Neat", "New", "Noble", "Northern", "Olive", "Open", "Opal",
    "Patient", "Pearl", "Plain", "Polar", "Quick", "Quiet", "Rainy", "Rapid", "Rosy", "Rowan", "Ruby", "Rustic",
    "Saffron", "Sandy", "Silver", "Slow", "Smooth", "Snowy", "Solar", "Steady", "Still", "Sunny", "Swift", "Teal",
    "Tidy", "Upland", "Violet", "Warm", "Wild", "Winter", "Wise", "Young",
)  # fmt: skip
_SECOND = (
    "Acorn", "Anchor", "Apple", "Arrow", "Badger", "Beacon", "Bell", "Bench", "Boat", "Bridge", "Brook", "Button",
    "Candle", "Canoe", "Clover", "Cloud", "Compass", "Crane", "Cricket", "Daisy", "Dolphin", "Dove", "Drum",
    "Falcon", "Feather", "Field", "Finch", "Flute", "Forest", "Fox", "Garden", "Glacier", "Grove", "Gull", "Harbour",
    "Hare", "Harp", "Heron", "Hill", "Island", "Kettle", "Kite", "Lake", "Lantern", "Lark", "Leaf", "Lighthouse",
    "Lynx", "Meadow", "Mill", "Moon", "Moth", "Mountain", "Oak", "Orchard", "Otter", "Owl", "Paddle", "Pebble",
    "Pine", "Planet", "Pond", "Poppy", "Rabbit", "Raven", "Reed", "River", "Robin", "Sail", "Seal", "Shell",
    "Shore", "Sparrow", "Spring", "Star", "Stone", "Stream", "Swan", "Thistle", "Trail", "Tree", "Trout", "Tulip",
    "Valley", "Wagon", "Walrus", "Wave", "Willow", "Wind", "Wren",
)  # fmt: skip
_LANGUAGES, _LANGUAGE_WEIGHTS = ("en", "ar", "so", "ur", "fr", "pl", "tr", "fa"), (58, 11, 7, 7, 6, 5, 3, 3)
_MIXES, _MIX_WEIGHTS = ("18-26", "27-40", "41-60", "60+"), (28, 38, 24, 10)
# How likely each part of the day is, on working days and at weekends, for each way of living.
_PATTERNS = (
    # works by day, works in shifts, cares for others in school hours, studies, is flexible
    (38, (0.0, 0.0, 0.55), (0.35, 0.35, 0.35)),
    (17, (0.22, 0.22, 0.22), (0.22, 0.22, 0.22)),
    (20, (0.6, 0.15, 0.0), (0.1, 0.1, 0.1)),
    (12, (0.0, 0.3, 0.5), (0.3, 0.3, 0.3)),
    (13, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
)
_CARES = 2
_ODDS = {
    "english": 0.6,
    "third language": 0.12,
    "childcare": 0.05,
    "childcare of carers": 0.3,
    "interpreter": 0.8,
    "step-free": 0.05,
    "phone-in": 0.04,
    "women": 0.38,
    "women only": 0.12,
    "women preferred": 0.35,
    "young adults preferred": 0.4,
    "preferred time": 0.45,
    "leads women": 0.5,
    "kept apart": 0.14,
}
_STAFF_SLOTS = 6
_CIRCLES, _CIRCLE_WEIGHTS = (2, 3, 4, 5), (50, 28, 14, 8)


def invent(*, members: int, facilitators: int, mentors: int, seed: int) -> list[InventedRow]:
    """Rows of a roster as a spreadsheet holds them: keys of columns and texts, staff first."""
    rng = random.Random(f"roster-{seed}-{members}-{facilitators}-{mentors}")  # noqa: S311  invented, not secret
    names = _names(rng, members + facilitators + mentors)
    people = [_member(rng, names.pop()) for _ in range(members)]
    wanted = _wanted_slots(people)
    staff = [_staff(rng, names.pop(), "facilitator", wanted) for _ in range(facilitators)]
    staff += [_staff(rng, names.pop(), "mentor", wanted) for _ in range(mentors)]
    _keep_apart(rng, people)
    return [*staff, *people]


def staff_for(members: int) -> tuple[int, int]:
    """How many facilitators and mentors the groups of so many members need."""
    groups = -(-members // 9)
    return groups + groups // 3 + 1, 2 * groups


def _names(rng: random.Random, count: int) -> list[str]:
    pairs = [f"{first} {second}" for first in _FIRST for second in _SECOND]
    rng.shuffle(pairs)
    rounds = -(-count // len(pairs))
    return [name if turn == 0 else f"{name} {turn + 1}" for turn in range(rounds) for name in pairs][:count]


def _member(rng: random.Random, name: str) -> InventedRow:
    pattern = rng.choices(range(len(_PATTERNS)), [weight for weight, _week, _end in _PATTERNS])[0]
    slots = [slot for slot in SLOTS if rng.random() < _likely(pattern, slot)] or [rng.choice(SLOTS)]
    languages = _spoken(rng)
    mix = rng.choices(_MIXES, _MIX_WEIGHTS)[0]
    kinds, preferred_kind = _kinds(rng, young=mix == _MIXES[0])
    return {
        "name": name,
        "role": "member",
        "languages": ", ".join(languages),
        "availability": _marked(rng, slots),
        "needs": ", ".join(_needs(rng, cares=pattern == _CARES, english="en" in languages)),
        "mode": rng.choices(("either", "in-person", "online"), (55, 33, 12))[0],
        "area": rng.choices(AREAS, _AREA_WEIGHTS)[0],
        "travel": rng.choices(("district", "town", "anywhere"), (15, 60, 25))[0],
        "kinds": ", ".join(kinds),
        "preferred_kind": preferred_kind,
        "mix": mix,
    }


def _staff(rng: random.Random, name: str, role: str, wanted: Sequence[int]) -> InventedRow:
    slots: set[str] = set()
    while len(slots) < _STAFF_SLOTS:
        slots.add(rng.choices(SLOTS, wanted)[0])
    language = rng.choices(_LANGUAGES, _LANGUAGE_WEIGHTS)[0]
    languages = [language] if language == "en" else [language, "en"]
    return {
        "name": name,
        "role": role,
        "languages": ", ".join(languages),
        "availability": _marked(rng, [slot for slot in SLOTS if slot in slots]),
        "mode": rng.choices(("either", "in-person"), (70, 30))[0],
        "area": rng.choices(AREAS, _AREA_WEIGHTS)[0],
        "travel": rng.choices(("town", "anywhere"), (40, 60))[0],
        "kinds": "mixed, women" if _falls(rng, "leads women") else "mixed",
        "meetings_a_week": str(rng.choices((1, 2, 3), (45, 45, 10))[0]),
    }


def _falls(rng: random.Random, odds: str) -> bool:
    return rng.random() < _ODDS[odds]


def _likely(pattern: int, slot: str) -> float:
    day, part = slot.split("-")
    _weight, week, weekend = _PATTERNS[pattern]
    return (weekend if day in DAYS[5:] else week)[PARTS.index(part)]


def _spoken(rng: random.Random) -> list[str]:
    first = rng.choices(_LANGUAGES, _LANGUAGE_WEIGHTS)[0]
    spoken = [first]
    if first != "en" and _falls(rng, "english"):
        spoken.append("en")
    if _falls(rng, "third language"):
        spoken.append(rng.choice(_LANGUAGES))
    return list(dict.fromkeys(spoken))


def _needs(rng: random.Random, *, cares: bool, english: bool) -> list[str]:
    odds = ["childcare of carers" if cares else "childcare", "interpreter", "step-free", "phone-in"]
    needs = [name.partition(" ")[0] for name in odds if _falls(rng, name)]
    return [need for need in needs if need != "interpreter" or not english]


def _kinds(rng: random.Random, *, young: bool) -> tuple[list[str], str]:
    kinds, preferred = ["mixed"], ""
    if _falls(rng, "women"):
        kinds = ["women"] if _falls(rng, "women only") else ["mixed", "women"]
        preferred = "women" if _falls(rng, "women preferred") else ""
    if young:
        kinds.append("young-adults")
        preferred = preferred or ("young-adults" if _falls(rng, "young adults preferred") else "")
    return kinds, preferred


def _marked(rng: random.Random, slots: Sequence[str]) -> str:
    return ", ".join(f"{slot}!" if _falls(rng, "preferred time") else slot for slot in slots)


def _wanted_slots(people: Sequence[InventedRow]) -> list[int]:
    """How many members could come at each time of the week: staff are wanted when members are free."""
    free = [people_row["availability"].replace("!", "").split(", ") for people_row in people]
    return [1 + sum(slot in slots for slots in free) for slot in SLOTS]


def _keep_apart(rng: random.Random, people: list[InventedRow]) -> None:
    """Circles of people who must not meet, of one area and mix: some know each other from before."""
    pool = [person for person in people if _falls(rng, "kept apart")]
    pool.sort(key=lambda person: (person["area"], person["mix"]))
    start = 0
    while start < len(pool) - 1:
        circle = pool[start : start + rng.choices(_CIRCLES, _CIRCLE_WEIGHTS)[0]]
        circle = [person for person in circle if person["area"] == circle[0]["area"]]
        for place, person in enumerate(circle[:-1]):
            person["keep_apart"] = ", ".join(other["name"] for other in circle[place + 1 :])
        start += len(circle)
