import pytest
from django.utils.translation import override

from wayhouse.crypto.sealed import sealed_words
from wayhouse.people.models import RosterEntry
from wayhouse.people.roster import names, parsing
from wayhouse.people.roster.choices import KINDS, MODES, NEEDS, ROLES, TRAVEL
from wayhouse.people.roster.columns import COLUMN, COLUMNS, DEFAULTS, WORDS, headings, shown
from wayhouse.people.roster.languages import CODES, find_language, language_name
from wayhouse.people.roster.problems import Refused, letter_of, quoted
from wayhouse.people.roster.times import SLOTS, find_slot, slot_label


def test_the_columns_fill_every_word_of_an_entry_and_no_other() -> None:
    assert sorted(WORDS) == sealed_words(RosterEntry)
    assert sorted(DEFAULTS) == sealed_words(RosterEntry)


def test_the_examples_of_every_column_can_be_read() -> None:
    for column in COLUMNS:
        for example in column.examples:
            if example or not column.needed:
                column.parse(example)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Quiet Fox", "Quiet Fox"),
        ("  Quiet   Fox ", "Quiet Fox"),
        ("Ｑｕｉｅｔ", "Quiet"),
        ("O'Neil-Jones 2", "O'Neil-Jones 2"),
        ("Zoë", "Zoë"),
        ("ثعلب هادئ", "ثعلب هادئ"),
        ("Тихая Лиса", "Тихая Лиса"),
        ("静かな狐", "静かな狐"),
        ("a" * 40, "a" * 40),
    ],
)
def test_a_chosen_name_is_kept_in_one_spelling(typed: str, name: str) -> None:
    assert names.chosen_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "a" * 41,
        "12",
        "Quiet\u202eFox",  # turns round what follows
        "Quiet\u200bFox",  # zero width
        "Quiet\u200dFox",
        "Quiet\u2066Fox",
        "Quiet\x00Fox",
        "Quiet\nFox",
        "Quiet\u2028Fox",
        "Quiet\ufeffFox",
        "Quiet\u3164Fox",  # a letter that shows nothing
        "Quiet\ufe0fFox",
        "Quiet\U000e0041Fox",  # a tag
        "Quiet\ue000Fox",  # private use
        "Qui\u0435t Fox",  # a Cyrillic letter that looks like e
        "\u0391lpha",  # a Greek letter that looks like A
        "Quiet ثعلب",
        "Quiet\u0301\u0301\u0301\u0301",
        "Quiet <b>",
        "Quiet, Fox",
        "fox@example.org",
        "Fox 🦊",
    ],
)
def test_a_name_that_hides_or_pretends_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        names.chosen_name(typed)


def test_names_are_the_same_whatever_case_and_width() -> None:
    assert names.folded("ＱＵＩＥＴ  fox") == names.folded("Quiet Fox")
    assert names.folded("Straße") == names.folded("STRASSE")


@pytest.mark.parametrize(
    ("typed", "slot"),
    [
        ("tue-evening", "tue-evening"),
        ("Tue evening", "tue-evening"),
        ("TUESDAY EVENING", "tue-evening"),
        ("evening Tuesday", "tue-evening"),
        ("Di abends", "tue-evening"),
        ("Dienstagabend", "tue-evening"),
        ("Dienstag am Abend", "tue-evening"),
        ("Di. Nachmittag", "tue-afternoon"),
        ("So vormittags", "sun-morning"),
        ("Mo früh", "mon-morning"),
        ("sat pm", "sat-afternoon"),
        ("sat am", "sat-morning"),
        ("on Thursday in the morning", "thu-morning"),
        ("مساء الثلاثاء", "tue-evening"),
        ("الأحد صباحًا", "sun-morning"),
        ("الجمعة بعد الظهر", "fri-afternoon"),
        ("thu-night", None),
        ("thu", None),
        ("evening", None),
        ("mon tue evening", None),
        ("mon morning evening", None),
        ("tue evening maybe", None),
        ("", None),
    ],
)
def test_times_of_the_week_as_people_write_them(typed: str, slot: str | None) -> None:
    assert find_slot(typed) == slot


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_label_of_every_language_is_understood_again(language: str) -> None:
    with override(language):
        assert [find_slot(slot_label(slot)) for slot in SLOTS] == list(SLOTS)
        for vocabulary in (ROLES, NEEDS, MODES, TRAVEL, KINDS):
            assert [vocabulary.find(label) for label in vocabulary.labels()] == list(vocabulary.codes)
        assert [headings()[column_heading(column.key)] for column in COLUMNS] == [column.key for column in COLUMNS]
        known = [code for code in sorted(CODES) if language_name(code) != code]
        assert [find_language(language_name(code)) for code in known] == known


def column_heading(key: str) -> str:
    from wayhouse.people.roster.vocabulary import fold

    return fold(str(COLUMN[key].label))


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("en", ["en"]),
        ("EN, ar; de", ["en", "ar", "de"]),
        ("Arabic, English, arabic", ["ar", "en"]),
        ("Türkisch", ["tr"]),
        ("Turkisch", ["tr"]),
        ("Farsi, Dari", ["fa"]),
        ("العربية، الإنجليزية", ["ar", "en"]),
        ("Soomaali\nPolski", ["so", "pl"]),
    ],
)
def test_languages_by_code_or_name(typed: str, codes: list[str]) -> None:
    assert parsing.languages(typed) == {"languages": codes}


def test_an_unknown_language_is_refused_with_what_may_be_meant() -> None:
    with pytest.raises(Refused, match=r"'Arabish' is not a language we know.* Did you mean 'Arabic'"):
        parsing.languages("en, Arabish")
    with pytest.raises(Refused, match="at least one language"):
        parsing.languages(" , ")


def test_times_with_a_mark_are_preferred() -> None:
    assert parsing.availability("Tue evening!, Mon morning") == {
        "slots": ["mon-morning", "tue-evening"],
        "preferred_slots": ["tue-evening"],
    }
    assert parsing.availability("Tue evening") == {"slots": ["tue-evening"]}


def test_a_time_that_does_not_exist_is_named() -> None:
    with pytest.raises(Refused, match="'thu-night' is not a time of the week; use a day and morning, afternoon"):
        parsing.availability("tue-evening, thu-night")


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("role", "", {}),
        ("role", "Mentorin", {"role": "mentor"}),
        ("role", "مرشد", {"role": "mentor"}),
        ("needs", "", {"needs": []}),
        ("needs", "keine", {"needs": []}),
        ("needs", "phone-in, Kinderbetreuung", {"needs": ["childcare", "phone-in"]}),
        ("needs", "step-free", {"needs": ["step-free"]}),
        ("mode", "", {"mode": "either"}),
        ("mode", "In-Person", {"mode": "in-person"}),
        ("travel", "", {"travel": "district"}),
        ("travel", "Überall", {"travel": "anywhere"}),
        ("kinds", "", {"kinds": ["mixed"]}),
        ("kinds", "Frauen, mixed", {"kinds": ["mixed", "women"]}),
        ("preferred_kind", "", {"preferred_kind": ""}),
        ("preferred_kind", "young adults", {"preferred_kind": "young-adults"}),
        ("area", " Harbourton / Old Mill ", {"area": "Harbourton/Old Mill"}),
        ("area", "", {"area": ""}),
        ("mix", "60+", {"mix": "60+"}),
        ("meetings_a_week", "", {}),
        ("meetings_a_week", "3", {"meetings_a_week": 3}),
        ("keep_apart", "4, Amber Lantern", {"keep_apart": [4, "Amber Lantern"]}),
    ],
)
def test_what_cells_mean(key: str, typed: str, words: dict[str, object]) -> None:
    assert COLUMN[key].parse(typed) == words


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("role", "coordinator"),
        ("needs", "wheel"),
        ("mode", "sometimes"),
        ("area", "Mill Street 4"),
        ("area", "Lindenstraße"),
        ("area", "10115 Harbourton"),
        ("area", "Harbourton/Old Mill/North"),
        ("area", "Harbourton/"),
        ("mix", "x" * 21),
        ("mix", "a\u202eb"),
        ("meetings_a_week", "4"),
        ("meetings_a_week", "0"),
        ("meetings_a_week", "1.5"),
        ("keep_apart", "x" * 41),
        ("keep_apart", ",".join(str(number) for number in range(2, 23))),
    ],
)
def test_what_cells_must_not_say(key: str, typed: str) -> None:
    with pytest.raises(Refused):
        COLUMN[key].parse(typed)


def test_an_answer_outside_the_set_lists_the_set() -> None:
    with pytest.raises(Refused) as refusal:
        COLUMN["mode"].parse("onlin")
    offered = "'onlin' is not one of the answers; use: in person, online, either of them"
    assert str(refusal.value) == f"{offered}. Did you mean 'online'?"


def test_words_as_people_read_them() -> None:
    assert shown("slots", ["mon-morning", "tue-evening"]) == "Monday morning, Tuesday evening"
    assert shown("languages", ["en", "ay"]) == "English, ay"
    assert shown("needs", []) == "–"
    assert shown("preferred_kind", "") == "–"
    assert shown("meetings_a_week", 2) == "2"
    assert shown("role", "safeguarding") == "safeguarding"


def test_places_and_quotations() -> None:
    assert [letter_of(index) for index in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]
    assert quoted("\u202eabc\n") == "·abc"
    assert quoted("x" * 31) == "x" * 30 + "…"
