"""Texts that differ between län: where to turn with what is no avvikelse, who answers for the pages. Open to add one.

Each has the program's own words, which are right everywhere; a län's administrator replaces them by names and numbers
of its own. The län's words are kept in models/texts.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from avvikelse.domain.languages import LANGUAGES, SWEDISH
from avvikelse.domain.vocabulary import Labelled

LONGEST = 1_000


class LanTextKey(Labelled):
    """`NAME = "key", "what the administrator reads above the field"`."""

    COMPLAINT_CARE = "klagomal_vard", "Klagomål på vården: vårdgivaren"
    COMPLAINT_PATIENT_BOARD = "klagomal_patientnamnd", "Klagomål på vården: patientnämnden"
    COMPLAINT_SCHOOL = "klagomal_skola", "Klagomål på skolan"
    COMPLAINT_SOCIAL = "klagomal_socialtjanst", "Klagomål på socialtjänsten"
    ELSE_DANGER = "annat_fara", "Något annat: akut fara"
    ELSE_CONCERN = "annat_oro", "Något annat: oro för ett barn"
    ELSE_LEX_MARIA = "annat_lex_maria", "Något annat: skada i vården (lex Maria)"
    ELSE_LEX_SARAH = "annat_lex_sarah", "Något annat: missförhållande i omsorgen (lex Sarah)"
    ELSE_COMPLAINT = "annat_klagomal", "Något annat: klagomål"
    ELSE_INCIDENT = "annat_incident", "Något annat: personuppgifter har röjts"
    ACCESSIBILITY = "tillganglighet", "Tillgänglighet: vem som ansvarar och hur man når er"


K = LanTextKey

# What is no avvikelse, with its heading on the pages, in the order of hurry.
SOMETHING_ELSE: Mapping[K, str] = {
    K.ELSE_DANGER: "Akut fara",
    K.ELSE_CONCERN: "Oro för ett barn",
    K.ELSE_LEX_MARIA: "Skada i vården",
    K.ELSE_LEX_SARAH: "Missförhållande i omsorgen",
    K.ELSE_COMPLAINT: "Klagomål",
    K.ELSE_INCIDENT: "Personuppgifter har röjts",
}

# (key, language): the program's own words
OWN: Mapping[tuple[K, str], str] = {
    (K.COMPLAINT_CARE, "sv"): "Prata först med mottagningen. Du kan också skriva till verksamhetschefen, som ska svara "
    "dig. Du hittar mottagningen på 1177.se eller ringer 1177.",
    (
        K.COMPLAINT_PATIENT_BOARD,
        "sv",
    ): "Patientnämnden hjälper dig gratis att få svar från vården. Den finns i regionen "
    "och tar inte ställning för vården. Du hittar den på 1177.se.",
    (K.COMPLAINT_SCHOOL, "sv"): "Prata med rektor. Hjälper det inte lämnar du ett klagomål till kommunen, eller till "
    "skolans styrelse om den är fristående. De måste utreda och svara. På skolans webbplats står hur du gör.",
    (K.COMPLAINT_SOCIAL, "sv"): "Prata med er socialsekreterare eller med dennes chef. Du kan också lämna ett klagomål "
    "till kommunen. Ring kommunens växel och fråga efter socialtjänsten.",
    (K.ELSE_DANGER, "sv"): "Ring 112. Behöver ett barn skydd samma dag, kontakta socialjouren. Du når den genom 112 "
    "eller kommunens växel.",
    (K.ELSE_CONCERN, "sv"): "Gör en orosanmälan till socialtjänsten i den kommun där barnet bor. Den görs i "
    "socialtjänstens egen kanal, aldrig här. Du som arbetar med barn måste anmäla, och du anmäler genast.",
    (K.ELSE_LEX_MARIA, "sv"): "Fick ett barn en vårdskada, eller kunde ha fått det? Skriv en avvikelse i vårdens eget "
    "system. Vårdgivaren utreder och avgör om den ska anmälas enligt lex Maria.",
    (K.ELSE_LEX_SARAH, "sv"): "Är det ett missförhållande i socialtjänsten, eller risk för ett? Berätta det för din "
    "chef. Verksamheten utreder enligt lex Sarah.",
    (K.ELSE_COMPLAINT, "sv"): "Är någon missnöjd med vården, skolan eller socialtjänsten? Vänd er till verksamheten. "
    "Patientnämnden hjälper till när det gäller vården. Skolans huvudman måste utreda klagomål på skolan.",
    (K.ELSE_INCIDENT, "sv"): "Har uppgifter om någon kommit till fel person? Säg det genast till din chef eller ert "
    "dataskyddsombud. Det är en personuppgiftsincident och kan behöva anmälas inom 72 timmar.",
    (K.ACCESSIBILITY, "sv"): "Regionen och kommunerna i länet ansvarar för sidorna tillsammans. Ring eller skriv till "
    "regionens växel om du vill ha svar, eller om du behöver en sida på något annat sätt.",
    (K.COMPLAINT_CARE, "en"): "Talk to the clinic first. You can also write to its manager, who must answer you. You "
    "find the clinic at 1177.se, or call 1177.",
    (K.COMPLAINT_PATIENT_BOARD, "en"): "The patients’ advisory committee helps you, free of charge, to get an answer "
    "from the health service. It does not take the health service’s side. You find it at 1177.se.",
    (K.COMPLAINT_SCHOOL, "en"): "Talk to the headteacher. If that does not help, make a complaint to the municipality, "
    "or to the school’s board if the school is independent. They must look into it and answer you.",
    (K.COMPLAINT_SOCIAL, "en"): "Talk to your social worker or to the social worker’s manager. You can also make a "
    "complaint to the municipality. Call its switchboard and ask for the social services.",
}


def own_text(key: K, language: str) -> str:
    """The program's own words; in Swedish where the language has none yet."""
    return OWN.get((key, language)) or OWN[key, "sv"]


def languages_of(key: K) -> tuple[str, ...]:
    """The languages in which the text is shown: families read more of them than those who work here."""
    return tuple(LANGUAGES) if key.value.startswith("klagomal_") else (SWEDISH,)
