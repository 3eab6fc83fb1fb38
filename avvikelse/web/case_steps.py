"""THE table of what can be done with a case on the web: address, heading, form, who, and the one service it calls.

web/cases.py shows and runs it. Open to add a step: a row here, a form in web/forms/case.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import (
    Action,
    AlsoHandledAs,
    AnswerKind,
    ContactOutcome,
    NotTakenUpReason,
    OrosanmalanAnswer,
    Rating,
)
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.receivers import receiver_of_position
from avvikelse.services import answers, atgarder, dialogue, group_questions, handling, joint, reporting, talks, triage
from avvikelse.web.forms import case as forms


@dataclass(frozen=True, slots=True)
class Call:
    """What a step's service gets: filled form, version as seen, time."""

    session: Session
    actor: Actor
    ref: str
    form: Any
    version: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One row.

    `needs` is the action of the workflow or the permission that opens it; `done` is what the reader is told.
    """

    slug: str
    title: str
    button: str
    form: type[forms.CaseForm]
    needs: Action | Permission
    run: Callable[[Call], object]
    done: str
    lead: str = ""
    shows_case: bool = True


def _assign(call: Call) -> object:
    to = receiver_of_position(call.session, call.form.receiver.data)
    return triage.assign(
        call.session, call.actor, call.ref, to, reason=call.form.reason.data, version=call.version, now=call.now
    )


def _not_taken_up(call: Call) -> object:
    why = NotTakenUpReason(call.form.why.data)
    return triage.not_taken_up(
        call.session, call.actor, call.ref, why, call.form.to_reporter.data, version=call.version, now=call.now
    )


def _merge(call: Call) -> object:
    return triage.merge_into_number(
        call.session, call.actor, call.ref, call.form.main.data, version=call.version, now=call.now
    )


def _withdraw(call: Call) -> object:
    return reporting.withdraw(call.session, call.actor, call.ref, version=call.version, now=call.now)


def _accept(call: Call) -> object:
    return handling.accept(call.session, call.actor, call.ref, version=call.version, now=call.now)


def _hand_over(call: Call) -> object:
    to = receiver_of_position(call.session, call.form.receiver.data)
    return handling.hand_over(
        call.session, call.actor, call.ref, to, call.form.reason.data, version=call.version, now=call.now
    )


def _decline(call: Call) -> object:
    form = call.form
    return handling.decline(
        call.session,
        call.actor,
        call.ref,
        form.reason.data,
        form.proposed_enhet_id.data or None,
        avtalspunkt_id=form.avtalspunkt_id.data or None,
        version=call.version,
        now=call.now,
    )


def _propose_talk(call: Call) -> object:
    form = call.form
    return talks.propose_talk(
        call.session,
        call.actor,
        call.ref,
        form.talk_on.data,
        form.agreed.data,
        form.to_reporter.data,
        version=call.version,
        now=call.now,
    )


def _confirm_talk(call: Call) -> object:
    return talks.confirm_talk(
        call.session, call.actor, call.ref, agrees=call.form.agrees.data == "ja", version=call.version, now=call.now
    )


def _commit(call: Call) -> object:
    form = call.form
    return joint.commit(
        call.session,
        call.actor,
        call.ref,
        form.who.data,
        form.what.data,
        form.when_on.data,
        agreed=form.agreed.data == "ja",
        version=call.version,
        now=call.now,
    )


def _lift(call: Call) -> object:
    return group_questions.lift(
        call.session, call.actor, call.ref, call.form.text.data, version=call.version, now=call.now
    )


def _answer(call: Call) -> object:
    form = call.form
    text = answers.AnswerText(
        kind=AnswerKind(_chosen(form, "kind") or AnswerKind.FULL.value),
        orosanmalan=OrosanmalanAnswer(feedback) if (feedback := _chosen(form, "orosanmalan")) else None,
        **{name: getattr(form, name).data for name in (*answers.QUICK_PARTS, *answers.FOUR_PARTS, "no_atgard_reason")},
    )
    return answers.answer(call.session, call.actor, call.ref, text, version=call.version, now=call.now)


def _confirm_answer(call: Call) -> object:
    return answers.confirm_answer(call.session, call.actor, call.ref, version=call.version, now=call.now)


def _feedback(call: Call) -> object:
    rating = Rating(call.form.rating.data)
    return answers.feedback(
        call.session, call.actor, call.ref, rating, call.form.reason.data or "", version=call.version, now=call.now
    )


def _ask(call: Call) -> object:
    return dialogue.ask(call.session, call.actor, call.ref, call.form.text.data, version=call.version, now=call.now)


def _answer_question(call: Call) -> object:
    return dialogue.answer_open_question(call.session, call.actor, call.ref, call.form.text.data, now=call.now)


def _add_fact(call: Call) -> object:
    return dialogue.add_fact(call.session, call.actor, call.ref, call.form.text.data, now=call.now)


def _note(call: Call) -> object:
    return handling.add_note(call.session, call.actor, call.ref, call.form.text.data, now=call.now)


def _recode(call: Call) -> object:
    form = call.form
    return handling.recode(
        call.session,
        call.actor,
        call.ref,
        category=form.category.data or None,
        severity=form.severity.data,
        possible_severity=form.possible_severity.data,
        version=call.version,
        now=call.now,
    )


def _factors(call: Call) -> object:
    return handling.set_factors(call.session, call.actor, call.ref, tuple(call.form.factors.data or ()), now=call.now)


def _handler(call: Call) -> object:
    return handling.name_handler(
        call.session, call.actor, call.ref, call.form.handler.data or None, version=call.version, now=call.now
    )


def _contact(call: Call) -> object:
    outcome = ContactOutcome(call.form.outcome.data)
    return handling.note_outside_contact(call.session, call.actor, call.ref, call.form.on.data, outcome, now=call.now)


def _own_process(call: Call) -> object:
    chosen = tuple(AlsoHandledAs(code) for code in call.form.processes.data or ())
    return handling.also_handled_as(call.session, call.actor, call.ref, chosen, now=call.now)


def _atgard(call: Call) -> object:
    form = call.form
    return atgarder.add(
        call.session, call.actor, call.ref, form.kind.data, form.text.data, form.due_on.data, now=call.now
    )


def _atgard_done(call: Call) -> object:
    done_on: date = call.form.done_on.data
    return atgarder.mark_done(call.session, call.actor, call.ref, number(call.form.atgard.data), done_on, now=call.now)


def _gruppmening(call: Call) -> object:
    return triage.write_gruppmening(
        call.session, call.actor, call.ref, call.form.gruppmening.data, version=call.version, now=call.now
    )


def _approve_gruppmening(call: Call) -> object:
    return triage.approve_gruppmening(call.session, call.actor, call.ref, version=call.version, now=call.now)


def _approve_question(call: Call) -> object:
    return group_questions.approve(
        call.session, call.actor, call.ref, number(call.form.question.data), call.form.text.data, now=call.now
    )


def _mask(call: Call) -> object:
    return triage.mask(
        call.session, call.actor, call.ref, call.form.masked_description.data, version=call.version, now=call.now
    )


def _diarienummer(call: Call) -> object:
    return handling.set_diarienummer(
        call.session, call.actor, call.ref, call.form.diarienummer.data or "", now=call.now
    )


def _chosen(form: Any, name: str) -> str | None:
    """The value of a field that the form may lack for this case."""
    return form[name].data if name in form else None


def number(text: str | None) -> int:
    """A row id from a hidden field. Raises Invalid for anything else."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid("Något i formuläret stämde inte. Ladda om sidan och försök igen.")
    return int(text)


P, A, F = Permission, Action, forms

# fmt: off
STEPS: tuple[Step, ...] = (
    # slug                   heading                                   button                       form                   who                    service               what the reader is told
    Step("ta-emot",          "Ta emot ärendet",                        "Ta emot",                   F.ConfirmForm,         A.ACCEPT,              _accept,              "Du har tagit emot ärendet. Rapportören har fått veta det."),
    Step("fordela",          "Fördela till ansvarig chef",             "Fördela",                   F.ReceiverForm,        A.ASSIGN,              _assign,              "Ärendet är fördelat. Chefen och rapportören har fått veta det."),
    Step("svara",            "Svara rapportören",                      "Skicka svaret",             F.AnswerForm,          A.ANSWER,              _answer,              "Svaret är sparat."),
    Step("bekrafta-svar",    "Bekräfta det gemensamma svaret",         "Ja, skicka svaret",         F.ConfirmForm,         A.ANSWER,              _confirm_answer,      "Svaret är skickat till rapportören."),
    Step("betyg",            "Hjälpte svaret?",                        "Skicka",                    F.FeedbackForm,        A.FEEDBACK_HELPED,     _feedback,            "Tack. Det du svarade hjälper oss att bli bättre."),
    Step("svara-pa-fraga",   "Svara på frågan",                        "Skicka svaret",             F.TextForm,            P.ANSWER_QUESTION,     _answer_question,     "Tack. Ärendet går vidare."),
    Step("fraga",            "Fråga rapportören",                      "Skicka frågan",             F.TextForm,            P.ASK,                 _ask,                 "Frågan är skickad. Klockan står still tills rapportören har svarat.", "Fråga bara om det som behövs för att förstå brister i samverkan. Skriv inget om barnet."),
    Step("lamna-over",       "Lämna över till någon annan",            "Lämna över",                F.HandOverForm,        A.HAND_OVER,           _hand_over,           "Ärendet är överlämnat."),
    Step("inte-vart-ansvar", "Inte vårt ansvar, vi föreslår någon annan", "Skicka till samordnaren", F.DeclineForm,         A.DECLINE,             _decline,             "Ärendet har gått till samordnaren med ditt förslag."),
    Step("lost-i-samtal",    "Löst i samtal",                          "Be den andra sidan bekräfta", F.TalkForm,          P.PROPOSE_TALK,        _propose_talk,        "Den andra sidans chef har fått en fråga om det stämmer.", "När cheferna har löst det genom att prata räcker det att skriva ner det. Den andra sidan bekräftar."),
    Step("bekrafta-samtal",  "Stämmer det att det är löst?",           "Skicka",                    F.ConfirmTalkForm,     P.PROPOSE_TALK,        _confirm_talk,        "Tack, det är sparat."),
    Step("atagande",         "Vad kan ni bidra med?",                  "Spara",                     F.CommitForm,          P.COMMIT,              _commit,              "Det är sparat. Den andra chefen ser det när båda har svarat."),
    Step("atgard",           "Lägg till en åtgärd",                    "Spara åtgärden",            F.AtgardForm,          P.ATGARD,              _atgard,              "Åtgärden är sparad."),
    Step("atgard-klar",      "Åtgärden är på plats",                   "Spara",                     F.AtgardDoneForm,      P.ATGARD,              _atgard_done,         "Det är sparat."),
    Step("lyft",             "Lyft frågan till samverkansgruppen",     "Lyft frågan",               F.LiftForm,            A.LIFT,                _lift,                "Frågan är lyft. Gruppen läser den när samordnaren har godkänt orden."),
    Step("gruppmening",      "Skriv gruppmening",                      "Spara meningen",            F.GruppmeningForm,     P.WRITE_GRUPPMENING,   _gruppmening,         "Gruppmeningen är sparad."),
    Step("godkann-mening",   "Godkänn gruppmeningen",                  "Godkänn",                   F.ConfirmForm,         P.APPROVE_GRUPPMENING, _approve_gruppmening, "Gruppmeningen är godkänd."),
    Step("godkann-fraga",    "Godkänn frågan till gruppen",            "Godkänn",                   F.ApproveQuestionForm, P.APPROVE_GRUPPMENING, _approve_question,    "Frågan är godkänd. Nu kan gruppen läsa den."),
    Step("maska",            "Maska texten",                           "Spara",                     F.MaskForm,            P.MASK,                _mask,                "Den andra parten läser nu den nya texten."),
    Step("koda",             "Ändra kategori och allvar",              "Spara",                     F.RecodeForm,          P.RECODE,              _recode,              "Ändringen är sparad. Det som rapportören valde finns kvar."),
    Step("orsaker",          "Vad bidrog?",                            "Spara",                     F.FactorsForm,         P.FACTORS,             _factors,             "Orsakerna är sparade. Bara ni ser dem."),
    Step("handlaggare",      "Utse handläggare",                       "Spara",                     F.HandlerForm,         P.NAME_HANDLER,        _handler,             "Det är sparat."),
    Step("kontakt",          "Kontakt utanför systemet",               "Spara",                     F.ContactForm,         P.OUTSIDE_CONTACT,     _contact,             "Det är sparat. Bara dag, roll och resultat finns kvar.", "Behöver du veta vilket ärende det gäller? Ring den andra enheten. Skriv aldrig här vad ni sa."),
    Step("hanteras-aven",    "Hanteras även som",                      "Spara",                     F.OwnProcessForm,      P.OWN_PROCESS,         _own_process,         "Det är sparat.", "Det här avslutar inte ärendet. Det visar att ni också hanterar händelsen i er egen ordning."),
    Step("anteckning",       "Intern anteckning",                      "Spara anteckningen",        F.TextForm,            P.NOTE,                _note,                "Anteckningen är sparad. Bara ert område ser den.", "Bara ert sekretessområde läser anteckningen. Skriv ändå inget om barnet."),
    Step("diarienummer",     "Diarienummer",                           "Spara",                     F.DiarienummerForm,    P.DIARIENUMMER,        _diarienummer,        "Diarienumret är sparat."),
    Step("for-samman",       "För samman med ett annat ärende",        "För samman",                F.MergeForm,           A.MERGE,               _merge,               "Ärendena är sammanförda. Rapportören har fått veta det."),
    Step("tas-inte-upp",     "Tas inte upp här",                       "Avsluta",                   F.NotTakenUpForm,      A.NOT_TAKEN_UP,        _not_taken_up,        "Ärendet är avslutat och rapportören har fått veta varför."),
    Step("komplettera",      "Lägg till uppgifter",                    "Lägg till",                 F.TextForm,            P.ADD_FACT,            _add_fact,            "Uppgifterna är tillagda."),
    Step("aterta",           "Ta tillbaka rapporten",                  "Ta tillbaka",               F.ConfirmForm,         A.WITHDRAW,            _withdraw,            "Rapporten är återtagen. Den finns kvar i registret."),
)
# fmt: on

BY_SLUG = {step.slug: step for step in STEPS}
