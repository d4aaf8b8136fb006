"""Whatever is wrong with a field, it is said in the voice of the house: for every field of every form of every room."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import polib
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from django.urls import get_resolver
from django.utils import translation

from wayhouse.people.roster.problems import Refused

CATALOGUE = Path(django.__file__).parent / "conf/locale/en/LC_MESSAGES/django.po"
WRONG = ("", "x", "x" * 100_000, "\0", "-1000000", "1000000", "1.5", "2027-13-45", "25:99", None)


def sentences_of_django() -> re.Pattern[str]:
    """What Django's own fields and validators say, with anything in place of what is put in."""
    texts = set[str]()
    for entry in polib.pofile(str(CATALOGUE)):
        if any(file.startswith(("forms/", "core/validators")) for file, _line in entry.occurrences):
            texts |= {entry.msgid, entry.msgid_plural} - {""}
    return re.compile("|".join(re.sub(r"%\\?\(\w+\\?\)[sd]", ".*", re.escape(text)) for text in texts), re.DOTALL)


def kinds_of(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for kind in form.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def fields() -> dict[str, forms.Field]:
    """Every field that stands in a form of a room, by the name of the form and its own."""
    get_resolver().url_patterns  # noqa: B018  the rooms are imported by it
    own = {kind for kind in kinds_of(BaseForm) if re.match(r"wayhouse\.(?!.*\.tests)", kind.__module__)}
    return {
        f"{kind.__module__}.{kind.__name__}.{name}": field
        for kind in own
        for name, field in kind.base_fields.items()  # type: ignore[attr-defined]  # what a form declares
    }


def said_of(field: forms.Field) -> set[str]:
    """Everything that is said of wrong answers."""
    answers: list[Any] = list(WRONG)
    if isinstance(field, forms.MultipleChoiceField):
        answers = [[], ["nobody"], "nobody"]
    if isinstance(field, forms.FileField):
        answers = [None, "nothing", SimpleUploadedFile("table.csv", b"")]
    said = set[str]()
    for answer in answers:
        try:
            field.clean(answer)
        except ValidationError as error:
            said.update(error.messages)
    return said


def test_no_field_speaks_with_the_words_of_django() -> None:
    djangos = sentences_of_django()
    assert djangos.fullmatch("Ensure this value has at most 60 characters (it has 324).")
    with translation.override("en"):
        said = {name: said_of(field) for name, field in fields().items()}
    assert {name: found for name, words in said.items() if (found := list(filter(djangos.fullmatch, words)))} == {}
    # A field of which nothing is said can be left empty, or takes whatever a browser sends for it.
    sentences = set[str]().union(*said.values())
    assert [words for words in sentences if not re.fullmatch(r"[A-Z].*[.?!]", words)] == []
    assert len(sentences) > len(WRONG)


@pytest.mark.parametrize(
    ("field", "answer", "said"),
    [
        (forms.CharField(), "", "Please fill this in."),
        (forms.CharField(max_length=60), "x" * 324, "At most 60 characters, please. It has 324."),
        (forms.CharField(min_length=3), "x", "Please take at least 3 characters."),
        (forms.ChoiceField(choices=[("a", "A")]), "", "Please choose."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "This is not one of the answers. Please choose again."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), [], "Please choose one at least."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), "a", "This is not one of the answers. Please choose again."),
        (forms.IntegerField(), "1.5", "Please write a whole number, such as 3."),
        (forms.IntegerField(min_value=1), "0", "Please write a number from 1 on."),
        (forms.IntegerField(max_value=50), "51", "Please write a number up to 50."),
        (forms.DateField(), "2027-13-45", "Please write the day as year, month and day, such as 2027-01-31."),
        (forms.TimeField(), "25:99", "Please write the time as hours and minutes, such as 18:30."),
        (forms.EmailField(), "x", "Please write an e-mail address, such as name@example.org."),
        (forms.BooleanField(), False, "Please tick this."),
        (forms.FileField(), None, "Please choose a file."),
        (forms.UUIDField(), "x", "Something is missing. Please load this page again."),
    ],
)  # fmt: skip
def test_each_says_what_to_do(field: forms.Field, answer: object, said: str) -> None:
    with translation.override("en"):
        assert said_of_one(field, answer) == [said]


def said_of_one(field: forms.Field, answer: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        field.clean(answer)
    return list(caught.value.messages)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("write it as Town/District", "Write it as Town/District."),
        ("'Elvish' is no language. Did you mean 'English'?", "'Elvish' is no language. Did you mean 'English'?"),
        ("هذه الخلية فارغة", "هذه الخلية فارغة."),
    ],
)
def test_what_is_wrong_with_a_cell_is_a_sentence_in_a_form(text: str, sentence: str) -> None:
    assert Refused(text).sentence == sentence
