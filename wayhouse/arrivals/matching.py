"""Whether two names may belong to the same person. Errs on the side of keeping apart. Pure."""

import re
import unicodedata

_WORD = re.compile(r"\w+")


def may_be_the_same(one: str, other: str) -> bool:
    """Whether all words of one name stand in the other: "Jonas", "jonas K." and "K., Jonas" may be the same.

    A single letter alone tells nobody, unless it is all that somebody is called.
    """
    first, second = _words(one), _words(other)
    shared = first & second
    within = bool(shared) and (first <= second or second <= first)
    return within and (first == second or any(len(word) > 1 for word in shared))


def are_the_same(one: str, other: str) -> bool:
    """Whether both names have the same words."""
    return _words(one) == _words(other)


def _words(name: str) -> set[str]:
    # Accents come and go with keyboards.
    plain = unicodedata.normalize("NFKD", name.casefold())
    return set(_WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))
