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
    Again,
    AlsoHandledAs,
    AnswerKind,
    ContactOutcome,
    NotTakenUpReason,
    OrosanmalanAnswer,
    Rating,
)
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.receivers import receiver_of_position
from avvikelse.services import (
    answers,
    atgarder,
    dialogue,
    effect_answers,
    family,
    group_questions,
    handling,
    quality,
    reporting,
    stories,
    support,
    talks,
    triage,
    undoing,
)
from avvikelse.web.forms import case as forms
from avvikelse.web.forms.proposal import typed_proposal
from avvikelse.web.forms.report import point_said


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


def _only(service: Callable[..., object]) -> Callable[[Call], object]:
    """A step that asks for nothing but a press."""
    return lambda call: service(call.session, call.actor, call.ref, version=call.version, now=call.now)


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


def _hand_over(call: Call) -> object:
    to = receiver_of_position(call.session, call.form.receiver.data)
    return handling.hand_over(
        call.session, call.actor, call.ref, to, call.form.reason.data, version=call.version, now=call.now
    )


def _place(call: Call) -> object:
    to = receiver_of_position(call.session, call.form.receiver.data)
    return triage.place(call.session, call.actor, call.ref, to, version=call.version, now=call.now)


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
    said = (call.form.talk_on.data, call.form.agreed.data, call.form.to_reporter.data)
    return talks.propose_talk(call.session, call.actor, call.ref, *said, version=call.version, now=call.now)


def _confirm_talk(call: Call) -> object:
    return talks.confirm_talk(
        call.session, call.actor, call.ref, agrees=call.form.agrees.data == "ja", version=call.version, now=call.now
    )


def _unlock(call: Call) -> object:
    form = call.form
    return triage.unlock(
        call.session, call.actor, call.ref, form.keeps.data, form.reason.data, version=call.version, now=call.now
    )


def _lift(call: Call) -> object:
    return group_questions.lift(
        call.session, call.actor, call.ref, call.form.text.data, proposal=typed_proposal(call.form),
        version=call.version, now=call.now,
    )  # fmt: skip


def _ask_group(call: Call) -> object:
    return group_questions.ask(
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


def _thank(call: Call) -> object:
    text = answers.AnswerText(AnswerKind.THANKS, to_reporter=call.form.to_reporter.data)
    return answers.answer(call.session, call.actor, call.ref, text, version=call.version, now=call.now)


def _check_answer(call: Call) -> object:
    form = call.form
    return quality.check(
        call.session, call.actor, call.ref, approves=form.verdict.data == "ja", comment=form.comment.data or "",
        version=call.version, now=call.now,
    )  # fmt: skip


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


def _avtalspunkt(call: Call) -> object:
    said = point_said(call.form.avtalspunkt_id.data)
    return handling.set_avtalspunkt(call.session, call.actor, call.ref, **said, version=call.version, now=call.now)


def _factors(call: Call) -> object:
    chosen = tuple(call.form.factors.data or ())
    return handling.set_factors(call.session, call.actor, call.ref, chosen, seen=call.form.seen.data, now=call.now)


def _handler(call: Call) -> object:
    return handling.name_handler(
        call.session, call.actor, call.ref, call.form.handler.data or None, version=call.version, now=call.now
    )


def _contact(call: Call) -> object:
    outcome = ContactOutcome(call.form.outcome.data)
    return handling.note_outside_contact(call.session, call.actor, call.ref, call.form.on.data, outcome, now=call.now)


def _own_process(call: Call) -> object:
    chosen = tuple(AlsoHandledAs(code) for code in call.form.processes.data or ())
    return handling.also_handled_as(call.session, call.actor, call.ref, chosen, seen=call.form.seen.data, now=call.now)


def _atgard(call: Call) -> object:
    form = call.form
    return atgarder.add(
        call.session,
        call.actor,
        call.ref,
        form.kind.data,
        form.text.data,
        form.due_on.data,
        position_id=form.position_id.data or None,
        family_told=_chosen(form, "family_told") or "",
        now=call.now,
    )


def _atgard_done(call: Call) -> object:
    form = call.form
    done_on: date = form.done_on.data
    return atgarder.mark_done(
        call.session, call.actor, call.ref, number(form.atgard.data), done_on, form.changed.data or "", now=call.now
    )


def _effect(call: Call) -> object:
    form = call.form
    return effect_answers.answer_as_reporter(
        call.session, call.actor, call.ref, Again(form.again.data), form.comment.data or "", now=call.now
    )


def _family(call: Call) -> object:
    carries, why = call.form.carries.data == "ja", call.form.reason.data or ""
    return family.set_flag(call.session, call.actor, call.ref, carries, why, version=call.version, now=call.now)


def _gruppmening(call: Call) -> object:
    return triage.write_gruppmening(
        call.session, call.actor, call.ref, call.form.gruppmening.data, version=call.version, now=call.now
    )


def _approve_question(call: Call) -> object:
    form = call.form
    return group_questions.approve(
        call.session,
        call.actor,
        call.ref,
        number(form.question.data),
        form.text.data,
        proposal=typed_proposal(form),
        seen=form.seen.data,
        now=call.now,
    )


def _story(call: Call) -> object:
    form = call.form
    words = stories.StoryWords(
        form.title.data, form.event.data, form.measure.data, form.effect.data, form.tags.data or ""
    )
    return stories.write(call.session, call.actor, call.ref, words, now=call.now)


def _approve_story(call: Call) -> object:
    return stories.approve(call.session, call.actor, call.ref, now=call.now)


def _withdraw_story(call: Call) -> object:
    return stories.withdraw(call.session, call.actor, call.ref, now=call.now)


def _mask(call: Call) -> object:
    return triage.mask(
        call.session, call.actor, call.ref, call.form.masked_description.data, version=call.version, now=call.now
    )


def _diarienummer(call: Call) -> object:
    typed = call.form.diarienummer.data or ""
    return handling.set_diarienummer(call.session, call.actor, call.ref, typed, seen=call.form.seen.data, now=call.now)


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
    Step("ta-emot",          "Ta emot ärendet",                        "Ta emot",                   F.ConfirmForm,         A.ACCEPT,              _only(handling.accept),"Du har tagit emot ärendet. Rapportören har fått veta det."),
    Step("bekrafta-stod",    "Har barnet stöd i dag?",                 "Ja, jag har kontrollerat",  F.ConfirmForm,         P.CONFIRM_SUPPORT,     _only(support.confirm),"Tack. Det är sparat att stödet är kontrollerat, men inget om vad du såg.", "Se efter i ert eget system att barnet har stöd i dag, och ordna det som saknas. Här sparas bara att du har gjort det, din roll och tiden."),
    Step("fordela",          "Fördela till ansvarig chef",             "Fördela",                   F.ReceiverForm,        A.ASSIGN,              _assign,              "Ärendet är fördelat. Chefen och rapportören har fått veta det."),
    Step("svara",            "Svara rapportören",                      "Skicka svaret",             F.AnswerForm,          A.ANSWER,              _answer,              "Svaret är sparat."),
    Step("tacka",            "Tacka den som berättade",                "Skicka tacket",             F.ThanksForm,          A.ANSWER,              _thank,               "Tack är skickat. Exemplet är avslutat, och gruppen läser om det.", "Ett par ord räcker. Skriv gärna om ni gör likadant nästa gång."),
    Step("bekrafta-svar",    "Bekräfta det gemensamma svaret",         "Ja, skicka svaret",         F.ConfirmForm,         A.ANSWER,              _only(answers.confirm_answer),"Svaret är skickat till rapportören."),
    Step("las-svaret",     "Läs svaret innan det skickas",           "Skicka",                    F.CheckAnswerForm,     P.CHECK_ANSWER,        _check_answer,         "Tack, det är sparat. Den som skrev svaret ser vad du har bestämt.", "Svaret är skrivet men inte skickat. Läs det som rapportören kommer att läsa det: går det att förstå, är det fritt från skuld och från uppgifter om barnet?"),
    Step("betyg",            "Säg om du fick svar",                    "Skicka",                    F.FeedbackForm,        A.FEEDBACK_HELPED,     _feedback,            "Tack. Det du svarade hjälper oss att bli bättre."),
    Step("har-det-hant-igen", "Har det hänt igen?",                    "Skicka svaret",             F.EffectForm,          P.EFFECT,              _effect,              "Tack. Ditt svar avgör om åtgärden räknas som bra.", "Något ändrades efter din rapport. Nu undrar vi om det hjälpte. Den som inte svarar räknas som ”vet inte”."),
    Step("svara-pa-fraga",   "Svara på frågan",                        "Skicka svaret",             F.ReplyForm,           P.ANSWER_QUESTION,     _answer_question,     "Tack. Ärendet går vidare."),
    Step("fraga",            "Fråga rapportören",                      "Skicka frågan",             F.AskForm,             P.ASK,                 _ask,                 "Frågan är skickad. Klockan står still tills rapportören har svarat.", "Fråga bara om det som behövs för att förstå brister i samverkan. Skriv inget om barnet."),
    Step("lamna-over",       "Lämna över till någon annan",            "Lämna över",                F.HandOverForm,        A.HAND_OVER,           _hand_over,           "Ärendet är överlämnat."),
    Step("ta-over-igen",     "Ta över ärendet igen",                   "Jag svarar själv igen",     F.ConfirmForm,         P.TAKE_BACK,           _only(handling.take_back),           "Du svarar själv för ärendet igen.", "Någon har svarat i ditt ställe. När du tar över igen har bara du ärendet."),
    Step("ge-till-annan-chef", "Ge ärendet till en chef som svarar",   "Ge ärendet till den chefen", F.PlaceForm,          P.PLACE,               _place,               "Ärendet har en chef som svarar. Fristerna är desamma.", "Den ansvariga chefen svarar inte och ingen ersättare finns. Välj en chef i samma område."),
    Step("inte-vart-ansvar", "Inte vårt ansvar, vi föreslår någon annan", "Skicka till samordnaren", F.DeclineForm,         A.DECLINE,             _decline,             "Ärendet har gått till samordnaren med ditt förslag."),
    Step("ta-tillbaka",      "Ta tillbaka ärendet",                    "Ja, ta tillbaka ärendet",   F.ConfirmForm,         A.UNDO,                _only(undoing.undo),                 "Du har ärendet igen. Den som nyss hade det och rapportören har fått veta det.", "Du kan ta tillbaka det du har lämnat ifrån dig inom fem arbetsdagar, så länge ingen har gått vidare med det. Fristerna är desamma."),
    Step("lost-i-samtal",    "Löst i samtal",                          "Be den andra sidan bekräfta", F.TalkForm,          P.PROPOSE_TALK,        _propose_talk,        "Den andra sidans chef har fått en fråga om det stämmer.", "När cheferna har löst det genom att prata räcker det att skriva ner det. Den andra sidan bekräftar."),
    Step("bekrafta-samtal",  "Stämmer det att det är löst?",           "Skicka",                    F.ConfirmTalkForm,     P.PROPOSE_TALK,        _confirm_talk,        "Tack, det är sparat."),
    Step("las-upp",          "Ge ärendet till en av parterna",         "Ge ärendet till den parten", F.UnlockForm,         A.UNLOCK,              _unlock,              "Den parten går vidare med ärendet ensam. Båda har fått veta det.", "När det är klart vem som ska gå vidare behöver två inte lösa det tillsammans. Skälet står i ärendets väg."),
    Step("atgard",           "Lägg till en åtgärd",                    "Spara åtgärden",            F.AtgardForm,          P.ATGARD,              _atgard,              "Åtgärden är sparad."),
    Step("atgard-klar",      "Åtgärden är på plats",                   "Spara",                     F.AtgardDoneForm,      P.ATGARD,              _atgard_done,         "Det är sparat."),
    Step("lyft",             "Lyft frågan till samverkansgruppen",     "Lyft frågan",               F.LiftForm,            A.LIFT,                _lift,                "Frågan är lyft. Gruppen läser den när båda sidor har godkänt orden.", "Båda sidor godkänner orden först. Då läser gruppen dem, vad det gäller och vilka slags verksamheter."),
    Step("fraga-gruppen",    "Fråga samverkansgruppen",                "Skicka frågan",             F.AskGroupForm,        P.ASK_GROUP,           _ask_group,           "Frågan är skickad. När samordnaren har godkänt orden läser gruppen den, och du får svaret här."),
    Step("gruppmening",      "Skriv gruppmening",                      "Spara meningen",            F.GruppmeningForm,     P.WRITE_GRUPPMENING,   _gruppmening,         "Gruppmeningen är sparad."),
    Step("godkann-mening",   "Godkänn gruppmeningen",                  "Godkänn",                   F.ConfirmForm,         P.APPROVE_GRUPPMENING, _only(triage.approve_gruppmening),"Gruppmeningen är godkänd."),
    Step("godkann-fraga",    "Godkänn frågan till gruppen",            "Godkänn",                   F.ApproveQuestionForm, P.APPROVE_QUESTION,    _approve_question,    "Frågan är godkänd för er sida. Gruppen läser den när båda sidor har sagt ja."),
    Step("beratta",          "Berätta för andra vad ni lärde er",      "Spara berättelsen",         F.StoryForm,           P.WRITE_STORY,         _story,               "Berättelsen är sparad. När båda sidors samordnare har godkänt orden kan alla anställda läsa den.", "En händelsebeskrivning: vad som hände, vad som gjordes och hur det gick. Ingen ser vilket ärende den kommer från."),
    Step("godkann-berattelse", "Godkänn händelsebeskrivningen",        "Godkänn",                   F.ConfirmForm,         P.WRITE_STORY,         _approve_story,       "Du har godkänt händelsebeskrivningen."),
    Step("dra-in-berattelse", "Dra in händelsebeskrivningen",          "Dra in",                    F.ConfirmForm,         P.WRITE_STORY,         _withdraw_story,      "Händelsebeskrivningen är indragen."),
    Step("maska",            "Maska texten",                           "Spara",                     F.MaskForm,            P.MASK,                _mask,                "Den andra parten läser nu den nya texten."),
    Step("koda",             "Ändra kategori och allvar",              "Spara",                     F.RecodeForm,          P.RECODE,              _recode,              "Ändringen är sparad. Det som rapportören valde finns kvar. Ändrar kategorin vem som ska svara är ärendet fördelat dit."),
    Step("familjen",         "Bär familjen samordningen?",             "Spara",                     F.FamilyForm,          P.FAMILY,              _family,              "Det är sparat. Alla parter ser det.", "När familjen får samordna själv ska det första svaret komma inom tio arbetsdagar, och åtgärden ska säga vad familjen får veta."),
    Step("avtal",            "Vilket avtal följdes inte?",             "Spara",                     F.AvtalspunktForm,     P.AVTALSPUNKT,         _avtalspunkt,         "Det är sparat. Alla parter ser det.", "Välj den punkt i avtal eller rutin som inte följdes. Gruppen ser vilka punkter som brister oftast."),
    Step("orsaker",          "Vad bidrog?",                            "Spara",                     F.FactorsForm,         P.FACTORS,             _factors,             "Orsakerna är sparade. Bara ni ser dem."),
    Step("handlaggare",      "Utse handläggare",                       "Spara",                     F.HandlerForm,         P.NAME_HANDLER,        _handler,             "Det är sparat."),
    Step("kontakt",          "Kontakt utanför systemet",               "Spara",                     F.ContactForm,         P.OUTSIDE_CONTACT,     _contact,             "Det är sparat. Bara dag, roll och resultat finns kvar.", "Behöver du veta vilket ärende det gäller? Ring den andra enheten. Skriv aldrig här vad ni sa."),
    Step("hanteras-aven",    "Hanteras även som",                      "Spara",                     F.OwnProcessForm,      P.OWN_PROCESS,         _own_process,         "Det är sparat.", "Det här avslutar inte ärendet. Det visar att ni också hanterar händelsen i er egen ordning."),
    Step("anteckning",       "Intern anteckning",                      "Spara anteckningen",        F.NoteForm,            P.NOTE,                _note,                "Anteckningen är sparad. Bara ert område ser den.", "Bara ert sekretessområde läser anteckningen. Skriv ändå inget om barnet."),
    Step("diarienummer",     "Diarienummer",                           "Spara",                     F.DiarienummerForm,    P.DIARIENUMMER,        _diarienummer,        "Diarienumret är sparat."),
    Step("for-samman",       "För samman med ett annat ärende",        "För samman",                F.MergeForm,           A.MERGE,               _merge,               "Ärendena är sammanförda. Rapportören har fått veta det.", "Det här ärendet avslutas och besvaras i huvudärendet. Den som rapporterade får veta det nu, och får sedan samma svar. I gruppens siffror räknas de två som ett. Är det två händelser ska de vara två ärenden."),
    Step("tas-inte-upp",     "Tas inte upp här",                       "Avsluta",                   F.NotTakenUpForm,      A.NOT_TAKEN_UP,        _not_taken_up,        "Ärendet är avslutat och rapportören har fått veta varför."),
    Step("komplettera",      "Lägg till uppgifter",                    "Lägg till",                 F.AddFactForm,         P.ADD_FACT,            _add_fact,            "Uppgifterna är tillagda."),
    Step("aterta",           "Ta tillbaka rapporten",                  "Ta tillbaka",               F.ConfirmForm,         A.WITHDRAW,            _only(reporting.withdraw),"Rapporten är återtagen. Den finns kvar i registret."),
)
# fmt: on

BY_SLUG = {step.slug: step for step in STEPS}
