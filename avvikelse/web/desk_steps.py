"""THE table of what can be done at a samverkansgrupp's desk: address, heading, form, and the one service it calls.

web/desk_acts.py shows and runs it. Open to add a step: a row here, a form in web/forms/desk.py. All of it is the
convenor's, but for what says `members`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.services import (
    action_plan,
    agenda,
    group_decisions,
    group_meetings,
    group_questions,
    group_register,
    publishing,
    questions_at_desk,
    themes,
)
from avvikelse.web.forms import desk as forms
from avvikelse.web.forms import plan as plan_forms
from avvikelse.web.forms.base import BaseForm
from avvikelse.web.forms.proposal import typed_proposal


@dataclass(frozen=True, slots=True)
class Call:
    """What a step's service gets. `ref` is empty for what begins something new."""

    session: Session
    actor: Actor
    group_id: int
    ref: str
    form: Any
    now: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One row. `done` is what the reader is told; `lead` stands above the form."""

    area: str
    slug: str
    title: str
    button: str
    form: type[BaseForm]
    run: Callable[[Call], object]
    done: str
    lead: str = ""
    members: bool = False


def _question(service: Callable[..., object]) -> Callable[[Call], object]:
    return lambda c: service(c.session, c.actor, c.group_id, c.ref, c.form.text.data or "", now=c.now)


def _proposed(service: Callable[..., object]) -> Callable[[Call], object]:
    """A question, with what is proposed."""
    return lambda c: service(
        c.session, c.actor, c.group_id, c.ref, c.form.text.data or "", proposal=typed_proposal(c.form), now=c.now
    )


def _write_proposal(c: Call) -> object:
    return questions_at_desk.write_proposal(c.session, c.actor, c.group_id, c.ref, typed_proposal(c.form), now=c.now)


def _decide(c: Call) -> object:
    publish = bool(c.form.publish.data)
    return group_decisions.decide(c.session, c.actor, c.group_id, c.form.words(), publish=publish, now=c.now)


def _new_owner(c: Call) -> object:
    form = c.form
    return group_decisions.new_owner(
        c.session, c.actor, c.group_id, c.ref, form.owner.data or "", form.due_on.data, now=c.now
    )


def _publish(c: Call) -> object:
    return publishing.publish(c.session, c.actor, c.group_id, c.ref, now=c.now)


def _plan(c: Call) -> object:
    return group_meetings.plan(c.session, c.actor, c.group_id, c.form.plan(), now=c.now)


def _change(c: Call) -> object:
    return group_meetings.change(c.session, c.actor, c.group_id, c.ref, c.form.plan(), now=c.now)


def _cancel(c: Call) -> object:
    return group_meetings.cancel(c.session, c.actor, c.group_id, c.ref, c.form.reason.data or "", now=c.now)


def _open(c: Call) -> object:
    return group_meetings.open_meeting(c.session, c.actor, c.group_id, c.ref, now=c.now)


def _close(c: Call) -> object:
    return group_meetings.close(c.session, c.actor, c.group_id, c.ref, now=c.now)


def _add_item(c: Call) -> object:
    return agenda.add(c.session, c.actor, c.group_id, c.ref, c.form.title.data or "", now=c.now)


def _standing(c: Call) -> object:
    lines = (c.form.items.data or "").splitlines()
    return agenda.keep_standing(c.session, c.actor, c.group_id, lines, now=c.now)


def _put(c: Call) -> object:
    text = c.form.text.data or ""
    return group_questions.put(c.session, c.actor, c.group_id, text, proposal=typed_proposal(c.form), now=c.now)


def _add_seat(c: Call) -> object:
    return group_register.add_seat(c.session, c.actor, c.group_id, c.form.words(), now=c.now)


def _change_seat(c: Call) -> object:
    return group_register.change_seat(c.session, c.actor, c.group_id, int(c.ref), c.form.words(), now=c.now)


def _end_seat(c: Call) -> object:
    return group_register.end_seat(c.session, c.actor, c.group_id, int(c.ref), now=c.now)


def _mandate(c: Call) -> object:
    form = c.form
    return group_register.write_mandate(
        c.session, c.actor, c.group_id, form.text.data or "", form.decided_by.data or "", form.decided_on.data,
        form.valid_to.data, now=c.now,
    )  # fmt: skip


def _add_theme(c: Call) -> object:
    return themes.add(c.session, c.actor, c.group_id, c.form.words(), about=c.form.about.data or "", now=c.now)


def _change_theme(c: Call) -> object:
    return themes.change(c.session, c.actor, c.group_id, c.ref, c.form.words(), now=c.now)


def _decide_theme(c: Call) -> object:
    return group_decisions.decide_theme(
        c.session, c.actor, c.group_id, c.ref, c.form.words(), publish=bool(c.form.publish.data), now=c.now
    )


def _dismiss(c: Call) -> object:
    return themes.dismiss(c.session, c.actor, c.group_id, c.ref, c.form.reason.data or "", now=c.now)


def _add_plan(c: Call) -> object:
    form = c.form
    return action_plan.add_plan(
        c.session, c.actor, c.group_id, form.first_year.data, form.aim.data or "", form.decided_on.data, now=c.now
    )


def _add_activity(c: Call) -> object:
    return action_plan.add_activity(c.session, c.actor, c.group_id, c.ref, c.form.words(), now=c.now)


def _move_activity(c: Call) -> object:
    form = c.form
    return action_plan.move(
        c.session, c.actor, c.group_id, c.ref, form.owner.data or "", form.due_on.data, form.text.data or "", now=c.now
    )


F, Q, D, T, A, P = forms, questions_at_desk, group_decisions, themes, action_plan, plan_forms

# fmt: off
STEPS: tuple[Step, ...] = (
    # area        slug              heading                               button                   form                     service               what the reader is told
    Step("ny",      "fraga",          "Ställ en fråga till gruppen",        "Skicka frågan",         F.PutQuestionForm,       _put,                 "Frågan är skickad. Den står på nästa dagordning, och du får ett svar.", "Alla i gruppen får ställa frågor. Du ser svaret under Frågor.", members=True),
    Step("ny",      "beslut",         "Skriv ett beslut",                   "Spara beslutet",        F.DecideForm,            _decide,              "Beslutet är sparat.", "Svarar beslutet på en fråga? Öppna frågan i stället, så går beslutet tillbaka till dem som frågade."),
    Step("ny",      "mote",           "Sätt dag för ett möte",              "Spara mötet",           F.MeetingForm,           _plan,                "Mötet är sparat. Dagordningen bygger sig själv."),
    Step("ny",      "punkter",        "Stående punkter",                    "Spara punkterna",       F.StandingItemsForm,     _standing,            "Punkterna är sparade."),
    Step("ny",      "plats",          "Lägg till en plats",                 "Spara platsen",         F.SeatForm,              _add_seat,            "Platsen är sparad."),
    Step("ny",      "uppdrag",        "Skriv in gruppens uppdrag",          "Spara uppdraget",       F.MandateForm,           _mandate,             "Uppdraget är sparat."),
    Step("fragor",  "svara",          "Svara på frågan",                    "Skicka svaret",         F.AnswerQuestionForm,    _question(Q.answer),  "Svaret är sparat. Den som frågade får besked."),
    Step("fragor",  "sand-tillbaka",  "Sänd tillbaka frågan med skäl",      "Sänd tillbaka",         F.DeclineForm,           _question(Q.decline), "Frågan är återsänd. De som frågade läser skälen."),
    Step("fragor",  "forslag",        "Skriv ett förslag till beslut",      "Spara förslaget",       F.ProposalForm,          _write_proposal,      "Förslaget är sparat. Gruppen läser det i månaden, i underlaget och på dagordningen.", "Gruppen läser förslaget före mötet. På mötet kan ni besluta något annat."),
    Step("fragor",  "lyft",           "Lyft frågan till gruppen ovanför",   "Lyft frågan",           F.LiftOnForm,            _proposed(Q.lift_on), "Frågan är lyft. Den står under Frågor tills gruppen ovanför har svarat."),
    Step("beslut",  "klart",          "Beslutet är genomfört",              "Spara",                 F.DoneForm,              _question(D.mark_done), "Beslutet är genomfört."),
    Step("beslut",  "avsluta",        "Avsluta beslutet med skäl",          "Avsluta beslutet",      F.CloseDecisionForm,     _question(D.close),   "Beslutet är avslutat. Skälet står kvar."),
    Step("beslut",  "ny-ansvarig",    "Ny ansvarig eller ny dag",           "Spara",                 F.NewOwnerForm,          _new_owner,           "Beslutet har fått en ny ansvarig eller dag."),
    Step("beslut",  "lyft",           "Lyft frågan till gruppen ovanför",   "Lyft frågan",           F.LiftOnForm,            _proposed(D.lift),    "Frågan är lyft. Beslutet väntar på svar från gruppen ovanför."),
    Step("beslut",  "publicera",      "Publicera beslutet",                 "Publicera",             F.PublishDecisionForm,   _publish,             "Beslutet är publicerat. De som har rapporterat om detta får besked.", "Beslutet visas för alla som har rapporterat om detta, för deras enheter och för alla anställda på Läget. Det som är markerat bara för gruppen visas inte."),
    Step("moten",   "andra",          "Ändra mötet",                        "Spara mötet",           F.MeetingForm,           _change,              "Mötet är ändrat."),
    Step("moten",   "stall-in",       "Ställ in mötet",                     "Ställ in mötet",        F.CancelMeetingForm,     _cancel,              "Mötet är inställt."),
    Step("moten",   "oppna",          "Öppna mötet",                        "Öppna mötet",           F.PublishDecisionForm,   _open,                "Mötet är öppet. Beslut som ni skriver nu hör till mötet.", "Dagordningen står fast från nu. Nya frågor kommer med nästa gång."),
    Step("moten",   "punkt",          "Lägg till en punkt",                 "Lägg till",             F.AgendaItemForm,        _add_item,            "Punkten står på dagordningen."),
    Step("moten",   "avsluta",        "Avsluta mötet",                      "Avsluta mötet",         F.PublishDecisionForm,   _close,               "Mötet är avslutat. Läs igenom protokollet och publicera det.", "Beslut som inte är klara förs vidare till nästa möte."),
    Step("ny",      "tema",           "Skriv ett tema",                     "Spara temat",           F.ThemeForm,             _add_theme,           "Temat är sparat. Det står på Läget.", "Ett tema är ett problem som kommer igen. Fall räknas först när någon har bekräftat dem."),
    Step("teman",   "andra",          "Ändra temat",                        "Spara temat",           F.ThemeForm,             _change_theme,        "Temat är ändrat."),
    Step("teman",   "stang",          "Stäng temat",                        "Stäng temat",           F.CloseThemeForm,        _question(T.close),   "Temat är stängt. Det som blev av det står på Läget."),
    Step("teman",   "fraga",          "Gör temat till en fråga till gruppen", "Spara frågan",        F.ThemeQuestionForm,     _proposed(T.make_question), "Frågan står på nästa dagordning. Beslutet går tillbaka till alla som har rapporterat."),
    Step("teman",   "lyft",           "Lyft temat till gruppen ovanför",    "Lyft temat",            F.ThemeQuestionForm,     _proposed(T.lift),    "Temat är lyft till gruppen ovanför."),
    Step("teman",   "beslut",         "Skriv ett beslut om temat",          "Spara beslutet",        F.DecideForm,            _decide_theme,        "Beslutet är sparat. Det går tillbaka till alla vars rapporter ligger bakom temat."),
    Step("kandidater", "avfarda",     "Avfärda mönstret",                   "Avfärda",               F.DismissForm,           _dismiss,             "Mönstret är avfärdat. Det föreslås inte igen."),
    Step("ny",      "handlingsplan",  "Skriv en handlingsplan",             "Spara planen",          P.PlanForm,              _add_plan,            "Planen är sparad. Lägg till aktiviteter.", "En plan gäller två år. Aktiviteterna läggs till efter hand."),
    Step("handlingsplan", "aktivitet", "Lägg till en aktivitet",            "Spara aktiviteten",     P.ActivityForm,          _add_activity,        "Aktiviteten är sparad."),
    Step("aktiviteter", "folj-upp",   "Följ upp aktiviteten",               "Spara",                 P.ActivityTextForm,      _question(A.follow_up), "Uppföljningen är sparad."),
    Step("aktiviteter", "klar",       "Aktiviteten är klar",                "Spara",                 P.ActivityTextForm,      _question(A.finish),  "Aktiviteten är klar."),
    Step("aktiviteter", "flytta",     "Ny ansvarig eller ny dag",           "Spara",                 P.MoveActivityForm,      _move_activity,       "Aktiviteten är ändrad.", "Den dag som planerades först står kvar. ”I tid” betyder den dagen."),
    Step("aktiviteter", "avbryt",     "Avbryt aktiviteten",                 "Avbryt aktiviteten",    P.ActivityReasonForm,    _question(A.cancel),  "Aktiviteten är avbruten. Skälet står kvar."),
    Step("platser", "andra",          "Ändra platsen",                      "Spara platsen",         F.SeatForm,              _change_seat,         "Platsen är ändrad."),
    Step("platser", "ta-bort",        "Ta bort platsen",                    "Ta bort platsen",       F.EndSeatForm,           _end_seat,            "Platsen är borttagen. I äldre protokoll står den kvar."),
)
# fmt: on

BY_ADDRESS = {(step.area, step.slug): step for step in STEPS}
