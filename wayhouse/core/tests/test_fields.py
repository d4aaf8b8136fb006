import re

from django import forms
from django.utils import translation

from wayhouse.core import fields
from wayhouse.core.tests.catalogue import ExampleForm, WeekForm

EMPTY: dict[str, str] = {}


def attributes(html: str, tag: str) -> list[dict[str, str]]:
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', found)) for found in re.findall(rf"<{tag}[^>]*>", html)]


def test_help_and_error_belong_to_the_control() -> None:
    html = fields.field(ExampleForm(EMPTY)["name"])
    (control,) = attributes(html, "input")
    assert control["aria-describedby"] == "id_name_helptext id_name_error"
    assert control["aria-invalid"] == "true"
    assert attributes(html, "label") == [{"for": "id_name"}]
    assert re.findall(r'id="(id_name_\w+)"', html) == ["id_name_helptext", "id_name_error"]


def test_a_field_without_help_and_error_refers_to_nothing() -> None:
    (control,) = attributes(fields.field(ExampleForm()["words"]), "textarea")
    assert "aria-describedby" not in control
    assert "aria-invalid" not in control


def test_what_need_not_be_filled_in_says_so() -> None:
    with translation.override("en"):
        assert "(optional)" in fields.field(ExampleForm()["words"])
        assert "(optional)" not in fields.field(ExampleForm()["name"])


def test_attributes_reach_the_control() -> None:
    (control,) = attributes(fields.field(ExampleForm()["name"], autocomplete="off", hx_get="/x"), "input")
    assert (control["autocomplete"], control["hx-get"]) == ("off", "/x")


def test_a_list_of_choices_is_a_named_group() -> None:
    html = fields.field(ExampleForm({"needs": ["step"]})["needs"])
    assert attributes(html, "fieldset") == [
        {"class": "field", "id": "id_needs", "aria-describedby": "id_needs_helptext"}
    ]
    assert [(box["type"], box["value"]) for box in attributes(html, "input")] == [
        ("checkbox", "child"),
        ("checkbox", "step"),
    ]
    assert re.findall(r'value="(\w+)" checked', html) == ["step"]


def test_a_required_choice_of_one_is_required_by_the_browser_too() -> None:
    assert fields.field(ExampleForm()["place"]).count(" required") == 3
    assert fields.field(ExampleForm()["needs"]).count(" required") == 0


def test_a_tick_stands_before_its_words() -> None:
    html = fields.field(ExampleForm()["agree"])
    assert html.index("<input") < html.index("I have read")
    assert html.count("<label") == 1


def test_a_hidden_field_is_only_hidden() -> None:
    class Hidden(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput, initial='"<x>')

    assert fields.field(Hidden()["token"]) == (
        '<input type="hidden" name="token" value="&quot;&lt;x&gt;" id="id_token">'
    )


def test_words_of_people_are_escaped() -> None:
    class Sharp(forms.Form):
        one = forms.ChoiceField(label="<l>", help_text="<h>", choices=[("<v>", "<c>")], widget=forms.RadioSelect)

    html = fields.field(Sharp({"one": "<typed>"})["one"])
    assert "<typed>" not in html
    for sharp in ("<l>", "<h>", "<v>", "<c>"):
        assert sharp not in html


def test_the_summary_leads_to_each_field() -> None:
    form = ExampleForm(EMPTY)
    html = fields.error_summary([form])
    targets = [link["href"] for link in attributes(html, "a")]
    assert targets == ["#id_name", "#id_place", "#id_far", "#id_agree"]
    page = fields.fields(form)
    assert all(f'id="{target[1:]}"' in page for target in targets)
    assert attributes(html, "div")[0] | {"id": "errors", "tabindex": "-1"} == attributes(html, "div")[0]


def test_the_summary_also_says_what_belongs_to_no_field() -> None:
    form = ExampleForm({"name": "x", "place": "in", "far": "10", "agree": "on"})
    form.add_error(None, "Both <cannot> be.")
    assert re.findall(r"<li>(.*?)</li>", fields.error_summary([form])) == ["Both &lt;cannot&gt; be."]


def test_nothing_wrong_nothing_said() -> None:
    assert fields.error_summary([ExampleForm()]) == ""


def test_a_week_is_a_table_of_ticks() -> None:
    html = fields.grid(WeekForm({"free": ["tue-eve", "sat-am"]})["free"])
    assert (html.count('scope="col"'), html.count('scope="row"'), html.count("<input")) == (3, 7, 21)
    assert re.findall(r'value="([\w-]+)" checked', html) == ["tue-eve", "sat-am"]
    assert '<span class="vh">Tuesday, Evening</span>' in html


def test_a_week_keeps_what_was_ticked_before() -> None:
    html = fields.grid(WeekForm(initial={"free": ["mon-pm"]})["free"])
    assert re.findall(r'value="([\w-]+)" checked', html) == ["mon-pm"]


def test_an_empty_week_says_that_it_is_needed() -> None:
    html = fields.grid(WeekForm(EMPTY)["free"])
    assert attributes(html, "fieldset") == [{"class": "field", "id": "id_free", "aria-describedby": "id_free_error"}]


class _Day(forms.Form):
    day = forms.TypedMultipleChoiceField(
        choices=[(0, "Monday"), (1, "Tuesday")], coerce=int, widget=forms.CheckboxSelectMultiple
    )
    quiet = forms.TypedChoiceField(choices=[(2, "Two weeks"), (0, "No")], coerce=int, widget=forms.RadioSelect)


def test_what_a_choice_is_worth_comes_back_also_where_it_is_nothing() -> None:
    form = _Day()
    sent = {name: re.findall(r'value="(\w*)"', fields.field(form[name])) for name in ("day", "quiet")}
    assert sent == {"day": ["0", "1"], "quiet": ["2", "0"]}
    back = _Day({"day": sent["day"], "quiet": sent["quiet"][1]})
    assert (back.is_valid(), back.cleaned_data) == (True, {"day": [0, 1], "quiet": 0})
