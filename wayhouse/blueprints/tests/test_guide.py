from conftest import SignedIn
from wayhouse.people.models import Person


def test_the_title_of_a_guide_says_nothing_to_whoever_looks_at_the_screen(signed_in: SignedIn, bo: Person) -> None:
    page = signed_in(bo).get("/library/twelve-evenings/what-we-miss/").content.decode()
    assert "<title>Guide – Open Circle</title>" in page
    assert "<h1>What we left, what we miss</h1>" in page


def test_for_members_no_guide_exists(signed_in: SignedIn, cass: Person, dee: Person) -> None:
    addresses = ["/library/", "/library/twelve-evenings/", "/library/twelve-evenings/what-we-miss/"]
    assert [signed_in(dee).get(address).status_code for address in addresses] == [404, 404, 404]
    assert [signed_in(cass).get(address).status_code for address in addresses] == [404, 404, 404]
