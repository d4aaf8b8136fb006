"""What the cells with a fixed set of answers may say, and what people write for it in the languages of the house."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wayhouse.people.roster.vocabulary import Choice, Vocabulary

ROLES = Vocabulary(
    Choice("member", _("member"), ("participant", "Mitglied", "Teilnehmer", "Teilnehmerin", "Teilnehmende", "عضو")),
    Choice("facilitator", _("facilitator"), ("Moderation", "Moderator", "Moderatorin", "Leitung", "ميسر", "ميسرة")),
    Choice("mentor", _("mentor"), ("Mentorin", "Begleitung", "مرشد", "مرشدة")),
)
NEEDS = Vocabulary(
    Choice("childcare", _("childcare"), ("child care", "Kinderbetreuung", "رعاية الأطفال", "رعاية أطفال")),
    Choice(
        "interpreter",
        _("interpreter"),
        ("interpreting", "Dolmetscher", "Dolmetscherin", "Dolmetschen", "Sprachmittlung", "مترجم", "مترجمة", "ترجمة"),
    ),
    Choice(
        "step-free",
        _("step-free access"),
        ("step free", "stepfree", "wheelchair", "stufenlos", "barrierefrei", "Rollstuhl", "بلا درج", "بدون درج"),
    ),
    Choice("phone-in", _("joining by phone"), ("phone", "by phone", "Telefon", "per Telefon", "هاتف", "بالهاتف")),
)
MODES = Vocabulary(
    Choice("in-person", _("in person"), ("inperson", "on site", "vor Ort", "persönlich", "Präsenz", "حضوريا", "حضوري")),
    Choice("online", _("online"), ("remote", "digital", "عن بعد", "عبر الإنترنت")),
    Choice("either", _("either of them"), ("both", "any", "beides", "egal", "كلاهما", "الاثنان")),
)
TRAVEL = Vocabulary(
    Choice("district", _("in the district"), ("own district", "Stadtteil", "Viertel", "im Viertel", "الحي")),
    Choice("town", _("in the town"), ("city", "own town", "Stadt", "Ort", "in der Stadt", "المدينة")),
    Choice("anywhere", _("anywhere"), ("everywhere", "überall", "überallhin", "في أي مكان", "أي مكان")),
)
KINDS = Vocabulary(
    Choice("mixed", pgettext_lazy("kind of group", "mixed"), ("gemischt", "all", "offen", "مختلطة", "مختلط")),
    Choice("women", pgettext_lazy("kind of group", "women"), ("women only", "Frauen", "نساء", "للنساء")),
    Choice(
        "young-adults",
        pgettext_lazy("kind of group", "young adults"),
        ("young", "youth", "junge Erwachsene", "jung", "شباب", "الشباب"),
    ),
)
