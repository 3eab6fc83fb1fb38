"""What points somebody out without a name: the only one who …, or place + age + something rare in one sentence.

Open when such a hint slips through, or when an ordinary sentence is warned for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvikelse.domain.guard.kinds import Hit, Kind

_I = re.IGNORECASE
_SENTENCE = re.compile(r"[^.!?\n]{1,400}[.!?\n]?")

# fmt: off
_PERSON = (
    r"(?:elev(?:en|erna|er)?|barn(?:et|en)?|flick(?:a|an|or|orna)|pojk(?:e|en|ar|arna)|tjej(?:en)?"
    r"|kill(?:e|en)|ungdom(?:en|ar|arna)?|familj(?:en|er)?|syskon(?:en|et)?|patient(?:en|er)?"
    r"|ton[åa]ring(?:en)?|person(?:en)?|mamma|pappa|förälder(?:n)?|sexåring(?:en)?"
    r"|[a-zåäö]{2,7}åring(?:en)?|ensamkommande)"
)
_PLACE_WORD = (
    r"(?:årskurs|åk|klass(?:en)?|skola(?:n)?|\w{2,20}skolan|förskola(?:n)?|\w{2,20}förskolan|by(?:n)?"
    r"|ort(?:en)?|kommun(?:en)?|stad(?:en)?|län(?:et)?|grupp(?:en)?|avdelning(?:en)?|boendet|hemmet|fritids|fritidsgården|mottagningen|gymnasiet|trean|fyran"
    r"|femman|sexan|sjuan|åttan|nian|tvåan|ettan|bostadsområdet|gatan|laget|församlingen|området|ön"
    r"|[1-9] ?[A-Fa-f]|[1-9]:an)"
)
_ONLY = re.compile(
    rf"(?:(?:den|det) (?:enda|ende)|(?:skolans|klassens|byns|ortens|kommunens|gruppens|förskolans"
    rf"|avdelningens|familjens|länets|lagets|årskursens|stadens|\w{{2,20}}skolans|\w{{2,20}}s) (?:enda"
    rf"|ende)|(?:är|finns|endast|bara|blott) (?:den |det )?(?:enda|ende)|(?:bara|endast"
    rf"|blott) en(?: enda)?(?= {_PERSON})|(?:bara|endast) ett(?: enda)?(?= {_PERSON})|en av (?:bara "
    rf"|endast )?(?:två|tre|få)(?= {_PERSON}))"
    rf"(?!\w)", _I,
)
_SIBLINGS = re.compile(
    r"(?<!\w)(?:trilling|fyrling|femling|tvilling|siamesisk)(?:arna|ar|paret|par|syskonen|systrarna"
    r"|bröderna|flickorna|pojkarna|s?döttrarna)(?!\w)",
    _I,
)
_EVERYBODY = re.compile(
    r"alla (?:\w{1,12} ){0,3}(?:vet|förstår|känner till|vet om|begriper) (?:ju |redan |nog )?(?:vem|vilken"
    r"|vilka)(?! som (?:ansvarar|har ansvar|ska|bör|är ansvarig|kallar|äger))(?: (?:det|de|hon|han|barnet"
    r"|eleven|familjen)(?: \w{1,12}){0,3})?(?=[ .,:;!?]|$)|lätt att (?:förstå|räkna ut|lista ut) vem"
    r"|går att (?:förstå|räkna ut|lista ut) vem|vem som helst kan (?:räkna|lista) ut",
    _I,
)
_IN_THE_NEWS = re.compile(
    r"(?:(?:var|varit|stått|stod|omskriv\w{1,5}|hängts ut|uppmärksammad\w?|uppmärksammats|synts|figurerat"
    r"|känd|kända|intervjuats?|intervjuad\w?) (?:\w{1,12} ){0,3}(?:i|från|av"
    r"|genom) (?:\w{1,12} ){0,2}(?:lokaltidning\w{0,3}|tidning\w{0,3}|media|tv|nyheterna|pressen|radion?"
    r"|flashback|sociala medier|kvällspressen|lokalradion|rikstidning\w{0,3})(?!\w))",
    _I,
)
_CHILD_OF = re.compile(
    r"(?<!\w)(?:son|dotter|barn|barnbarn|syskon|bror|syster|sonen|dottern|barnet|fru|make|man"
    r"|sambo) till (?:en |ett |vår |vårt |den |det |ortens |kommunens |skolans |byns "
    r"|stadens )?(?:känd\w? |välkänd\w? )?(?:\w{2,20}s )?(?:kommunalråd\w{0,3}|präst\w{0,4}"
    r"|kyrkoherd\w{0,3}|rektor\w{0,3}|polischef\w{0,3}|borgmästar\w{0,3}|riksdagsledam\w{1,6}"
    r"|riksdagsman\w{0,4}|idrottsstjärn\w{0,4}|artist\w{0,3}|kommundirektör\w{0,3}|nämndordförande\w{0,3}"
    r"|ordförande\w{0,3}|imam\w{0,3}|tandläkar\w{0,3}|ica-handlar\w{0,3}|lärare\w{0,3}"
    r"|fotbollsspelare\w{0,3}|politiker\w{0,3}|skådespelare\w{0,3}|influencer\w{0,3})",
    _I,
)
_BIG_FAMILY = re.compile(
    r"(?<!\w)(?:familjen|syskonskaran|syskonskara|familj) (?:med|på|om) (?:sju|åtta|nio|tio|elva|tolv"
    r"|tretton|[7-9]|1[0-9]) (?:barn|syskon)",
    _I,
)
_FIRST = re.compile(
    rf"(?<!\w)den (?:första|yngsta|yngste|äldsta|äldste|längsta|minsta) {_PERSON}? ?(?:i"
    rf"|på) (?:hela )?{_PLACE_WORD}[^.!?\n]{{0,20}} som[^.!?\n]{{3,90}}",
    _I,
)
_PLACED = re.compile(rf"(?<!\w){_PLACE_WORD}(?!\w)", _I)
_BELONGS = re.compile(r"s (?:enda|ende)$", _I)
_RELATIVE = re.compile(r"(?<!\w)(?:som|med|utan|från|i|på)(?!\w)", _I)

_AGE = re.compile(
    r"(?<!\w)(?:[0-9]{1,2}[ -]?(?:år(?:ig|iga|ige|ing|ingen)?|-åring(?:en)?)(?!\w)|(?:två|tre|fyra|fem|sex"
    r"|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton)(?:årig(?:a|e)?"
    r"|åring(?:en)?)(?!\w)|(?:årskurs|åk|klass) ?[0-9F][ A-Fa-f]?(?!\w)|i (?:ettan|tvåan|trean|fyran"
    r"|femman|sexan|sjuan|åttan|nian)(?!\w))",
    _I,
)
_HERE = re.compile(
    r"(?<!\w)(?:[A-ZÅÄÖ][a-zåäö]{2,20}(?:skolan|gymnasiet|förskola|gården|hemmet)|(?:i|på|från|vid"
    r"|utanför) [A-ZÅÄÖ][a-zåäö]{2,20}|byn|byskolan|bygdeskolan)(?!\w)",
)
_RARE = re.compile(
    r"(?<!\w)(?:ledarhund|assistanshund|rullstol(?:en|sburen)?|permobil(?:en)?|rullator(?:n)?|blind(?:a)?"
    r"|döv(?:a|blind|blinda)?|cochlea\w{0,10}|talapparat(?:en)?|teckenspråk(?:et|ig\w{0,4})?"
    r"|downs? syndrom|tourettes?(?: syndrom)?|williams syndrom|sällsynt\w{0,3}|ovanlig\w{0,3} (?:sjukdom"
    r"|diagnos|syndrom|funktion\w{0,20}|namn|sjukdomen|diagnosen)|trilling\w{0,4}|adopterad\w?"
    r"|könsidentitet\w{0,20}|könskorriger\w{0,10}|könsdysfori\w{0,3}|transperson|transflicka|transkille"
    r"|hormonbehandl\w{0,4}|selektiv mutism|dialys(?:en)?|transplant\w{0,12}|leukemi|cancer\w{0,10}"
    r"|hjärntumör\w{0,3}|cystisk fibros|muskelsjukdom\w{0,3}|muskeldystrofi|epilepsi\w{0,10}|stomi(?:n"
    r"|påse)?|sondmat\w{0,5}|respirator(?:n)?|trakeostomi|andningshjälp|cp-skad\w{0,3}|ryggmärgsbråck"
    r"|hjärtfel(?:et)?|albinism|albino|dvärgväxt|kortväxt\w{0,4}|brännskad\w{0,4}|amputer\w{0,5}"
    r"|protes(?:en)?|lvu(?:-placer\w{0,5})?|siS-hem|sis-placer\w{0,4}|ensamkommande|skyddad identitet"
    r"|skyddade personuppgifter|gravid|självmordsförsök(?:et)?|anorexi(?:n)?|heldygnsvård\w{0,5}"
    r"|rättspsyk\w{0,10}|psykos\w{0,4}|schizofreni|hedershot\w{0,5}|könsstymp\w{0,6}|gifte? bort"
    r"|brottsutsatt|sexuellt? övergrepp\w{0,3}|våldtag\w{0,4}|gängkriminell\w{0,3}|skottskad\w{0,4}|häktad"
    r"|fängslad|elitidrott\w{0,4}|landslag\w{0,4}|ishockeyproffs)(?!\w)", _I,
)
# fmt: on
_LONGEST = 110


def hints(text: str) -> Iterator[Hit]:
    """Each sentence that could point somebody out."""
    for sentence in _SENTENCE.finditer(text):
        yield from _in_sentence(text, sentence.start(), sentence.end())


def _in_sentence(text: str, start: int, end: int) -> Iterator[Hit]:
    stop = _stop(text, start, end)
    for match in _ONLY.finditer(text, start, stop):
        rest = text[match.end() : min(stop, match.end() + _LONGEST)]
        placed = _PLACED.search(rest[:60]) or _BELONGS.search(match[0])
        if _BELONGS.search(match[0]) and (rare := _RARE.match(text, match.end() + 1, stop)):
            yield Hit(match.start(), rare.end(), Kind.INDIREKT)
        if placed and _RELATIVE.search(rest) and _speaks_of_people(text, start, match, rest):
            yield Hit(match.start(), _clause_end(text, match.end(), stop), Kind.INDIREKT)
    for match in _SIBLINGS.finditer(text, start, stop):
        if _RELATIVE.match(text, match.end() + 1):
            yield Hit(match.start(), _clause_end(text, match.end(), stop), Kind.INDIREKT)
    for pattern in (_EVERYBODY, _IN_THE_NEWS, _CHILD_OF, _BIG_FAMILY, _FIRST):
        for match in pattern.finditer(text, start, stop):
            yield Hit(match.start(), match.end(), Kind.INDIREKT)
    age, place, rare = (pattern.search(text, start, stop) for pattern in (_AGE, _HERE, _RARE))
    if age and place and rare:
        yield Hit(min(age.start(), place.start(), rare.start()), max(age.end(), place.end(), rare.end()), Kind.INDIREKT)


def _stop(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in ".!?\n ":
        end -= 1
    return end


_OF_THINGS = re.compile(
    r"^ ?(?:gången|sättet|vägen|mottagning\w*|möjlighet\w*|lösning\w*|skäl\w*|anledning\w*|enhet\w*"
    r"|kontakt\w*|insats\w*|part\w*|verksamhet\w*|myndighet\w*|information\w*|tiden|kommun\w*|skolan?"
    r"|som kom|logoped\w*|psykolog\w*|kurator\w*|läkare\w*|lärare\w*|rektor\w*|handläggare\w*|resurs\w*"
    r"|dokument\w*|system\w*|rutin\w*)(?!\w)",
    _I,
)


def _speaks_of_people(text: str, start: int, match: re.Match[str], rest: str) -> bool:
    if _OF_THINGS.match(rest):
        return False
    return bool(re.match(rf" ?(?:{_PERSON}|som|i |på |med |utan |från )", rest, _I)) or bool(
        re.search(rf"(?<!\w){_PERSON}(?!\w)", text[start : match.start()], _I)
    )


def _clause_end(text: str, begin: int, stop: int) -> int:
    """To the comma or the end of the sentence."""
    comma = text.find(",", begin, stop)
    return min(stop, begin + _LONGEST) if comma < 0 else comma
