"""Languages that people speak: every code of ISO 639-1, and the names by which the common ones are written.

The names are data and not texts of the interface: whoever writes "Türkisch" is understood in an English house too.
"""

from functools import cache

from django.utils.translation import get_language

from wayhouse.people.roster.vocabulary import closest, fold

_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng
    nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
CODES = frozenset(_CODES.split())

# code | English | German | Arabic | how else people write it
_TABLE = """
ak|Akan|Akan|الأكانية|Twi
am|Amharic|Amharisch|الأمهرية|አማርኛ
ar|Arabic|Arabisch|العربية|عربي, عربى
az|Azerbaijani|Aserbaidschanisch|الأذربيجانية|Azerice
be|Belarusian|Belarussisch|البيلاروسية|Беларуская
bg|Bulgarian|Bulgarisch|البلغارية|Български
bn|Bengali|Bengalisch|البنغالية|বাংলা, Bangla
bs|Bosnian|Bosnisch|البوسنية|Bosanski
ca|Catalan|Katalanisch|الكتالونية|Català
cs|Czech|Tschechisch|التشيكية|Čeština
da|Danish|Dänisch|الدنماركية|Dansk
de|German|Deutsch|الألمانية|ألماني
el|Greek|Griechisch|اليونانية|Ελληνικά
en|English|Englisch|الإنجليزية|إنجليزي, انكليزي
es|Spanish|Spanisch|الإسبانية|Español, Castellano
et|Estonian|Estnisch|الإستونية|Eesti
fa|Persian|Persisch|الفارسية|Farsi, Dari, فارسی, دری
ff|Fula|Fulfulde|الفولانية|Fulani, Pular
fi|Finnish|Finnisch|الفنلندية|Suomi
fr|French|Französisch|الفرنسية|Français
ha|Hausa|Hausa|الهوسا|هوسا
he|Hebrew|Hebräisch|العبرية|עברית, Ivrit
hi|Hindi|Hindi|الهندية|हिन्दी
hr|Croatian|Kroatisch|الكرواتية|Hrvatski
hu|Hungarian|Ungarisch|المجرية|Magyar
hy|Armenian|Armenisch|الأرمنية|Հայերեն
id|Indonesian|Indonesisch|الإندونيسية|Bahasa Indonesia
ig|Igbo|Igbo|الإيغبو|إيغبو
it|Italian|Italienisch|الإيطالية|Italiano
ja|Japanese|Japanisch|اليابانية|日本語
ka|Georgian|Georgisch|الجورجية|ქართული
kk|Kazakh|Kasachisch|الكازاخية|Қазақ
ko|Korean|Koreanisch|الكورية|한국어
ku|Kurdish|Kurdisch|الكردية|Kurdî, Kurmanji, Kurmancî, Sorani, كوردی, کوردی
ln|Lingala|Lingala|اللينغالا|لينغالا
lt|Lithuanian|Litauisch|الليتوانية|Lietuvių
lv|Latvian|Lettisch|اللاتفية|Latviešu
mk|Macedonian|Mazedonisch|المقدونية|Македонски
ms|Malay|Malaiisch|الملايوية|Bahasa Melayu
ne|Nepali|Nepalesisch|النيبالية|नेपाली
nl|Dutch|Niederländisch|الهولندية|Nederlands
no|Norwegian|Norwegisch|النرويجية|Norsk
om|Oromo|Oromo|الأورومية|Afaan Oromoo
pa|Punjabi|Pandschabi|البنجابية|ਪੰਜਾਬੀ, پنجابی
pl|Polish|Polnisch|البولندية|Polski
ps|Pashto|Paschtu|البشتوية|پښتو, Paschto
pt|Portuguese|Portugiesisch|البرتغالية|Português
ro|Romanian|Rumänisch|الرومانية|Română
ru|Russian|Russisch|الروسية|Русский
rw|Kinyarwanda|Kinyarwanda|الكينيارواندا|Ikinyarwanda
sk|Slovak|Slowakisch|السلوفاكية|Slovenčina
sl|Slovenian|Slowenisch|السلوفينية|Slovenščina
so|Somali|Somali|الصومالية|Soomaali, Somalisch
sq|Albanian|Albanisch|الألبانية|Shqip
sr|Serbian|Serbisch|الصربية|Српски, Srpski
sv|Swedish|Schwedisch|السويدية|Svenska
sw|Swahili|Suaheli|السواحيلية|Kiswahili, Swaheli
ta|Tamil|Tamil|التاميلية|தமிழ், Tamilisch
tg|Tajik|Tadschikisch|الطاجيكية|Тоҷикӣ
th|Thai|Thai|التايلاندية|ไทย, Thailändisch
ti|Tigrinya|Tigrinisch|التغرينية|ትግርኛ, Tigrigna, Tigrinja
tl|Tagalog|Tagalog|التاغالوغية|Filipino
tr|Turkish|Türkisch|التركية|Türkçe, تركي
ug|Uyghur|Uigurisch|الأويغورية|ئۇيغۇرچە
uk|Ukrainian|Ukrainisch|الأوكرانية|Українська
ur|Urdu|Urdu|الأردية|اردو, أردو
uz|Uzbek|Usbekisch|الأوزبكية|Oʻzbek
vi|Vietnamese|Vietnamesisch|الفيتنامية|Tiếng Việt
wo|Wolof|Wolof|الولوفية|ولوف
yo|Yoruba|Yoruba|اليوروبا|Yorùbá
zh|Chinese|Chinesisch|الصينية|中文, Mandarin
"""
_COLUMN = {"en": 0, "de": 1, "ar": 2}


def find_language(text: str) -> str | None:
    """The ISO 639-1 code of a code or name, or None."""
    word = fold(text)
    return word if word in CODES else _by_name().get(word)


def nearest_language(text: str) -> str:
    """The language somebody may have meant, in the reader's language, or an empty text."""
    near = closest(fold(text), _by_name())
    return language_name(_by_name()[near]) if near else ""


def language_name(code: str) -> str:
    """What a language is called in the reader's language; rare ones by their code."""
    names = _names().get(code)
    return names[_COLUMN.get((get_language() or "en")[:2], 0)] if names else code


@cache
def _names() -> dict[str, tuple[str, str, str]]:
    rows = (line.split("|") for line in _TABLE.strip().splitlines())
    return {code: (english, german, arabic) for code, english, german, arabic, _others in rows}


@cache
def _by_name() -> dict[str, str]:
    found = {}
    for line in _TABLE.strip().splitlines():
        code, *names, others = line.split("|")
        found.update({fold(name): code for name in (*names, *others.split(","))})
    return found
