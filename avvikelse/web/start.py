"""The start page: what waits for me, and the three things most people come for."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, url_for

from avvikelse.adapters.clock import now
from avvikelse.domain.quarters import quarter_of
from avvikelse.domain.vocabulary import Role, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import (
    effect_questions,
    measure_list,
    owned_decisions,
    reviews,
    role_list,
    safety_warnings,
    samordnare_desk,
    sip,
    start,
    support,
    voices,
    work_lists,
)
from avvikelse.queries.measure_list import MeasureTab
from avvikelse.queries.role_list import RoleFilters
from avvikelse.queries.unreached import unreached
from avvikelse.queries.work_lists import Tab
from avvikelse.services import drafts
from avvikelse.web.access import LOGGED_IN, current_actor, requires
from avvikelse.web.rendering import date_time, long_date, plural

blueprint = Blueprint("start", __name__)
SHOWN_REPORTS, SHOWN_CASES, SHOWN_DRAFTS = 5, 3, 1
ATGARD_FIGURES = {MeasureTab.TO_DO: "Åtgärder att göra", MeasureTab.FOLLOW_UP: "Åtgärder att följa upp"}
# What is asked of the one who has a case, in a word.
ASKED = {
    Status.SUBMITTED: "Fördela",
    Status.ASSIGNED: "Ta emot",
    Status.IN_PROGRESS: "Svara",
    Status.DISPUTED: "Lös tillsammans",
}


@blueprint.get("/")
@requires(LOGGED_IN)
def show() -> str:
    actor, today = current_actor(), local_date(now())
    handles = actor.has(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)
    counts = work_lists.counts(db.session(), actor, today, (Tab.MINE, Tab.LATE)) if handles else {}
    waiting = measure_list.counts(db.session(), actor) if handles else {}
    cases = work_lists.work_list(db.session(), actor, Tab.MINE, today=today).rows if counts.get(Tab.MINE) else ()
    return render_template(
        "start/show.html",
        name=actor.name.split(" ")[0],
        figures=_desk(today)
        + [
            {"number": count, "text": tab.label, "href": url_for("cases.index", flik=tab.value)}
            for tab, count in counts.items()
        ]
        + [
            {"number": count, "text": ATGARD_FIGURES[tab], "href": url_for("measures.index", flik=tab.value)}
            for tab, count in waiting.items()
            if count
        ],
        warnings=safety_warnings.shown(db.session(), actor, today),
        severe=support.waiting(db.session(), actor) if actor.has(Role.CHEF) else (),
        waiting=_waiting(),
        cases=cases[:SHOWN_CASES],
        waiting_cases=counts.get(Tab.MINE, 0),
        asked=ASKED,
        today=today,
        reports=work_lists.my_reports(db.session(), actor, today=today).rows[:SHOWN_REPORTS],
    )


def _desk(today: date) -> list[dict[str, object]]:
    """What lies on the desk of a samordnare: the figure leads there."""
    actor = current_actor()
    if not actor.has(Role.SAMORDNARE):
        return []
    lies = sum(samordnare_desk.counts(db.session(), samordnare_desk.as_samordnare(actor), today).values())
    return [{"number": lies, "text": "På samordnarens bord", "href": url_for("samordnare.show")}]


def _waiting() -> list[dict[str, str]]:
    """What only this person can do something about, as links: where to, what is asked, by when."""
    session, actor = db.session(), current_actor()
    items = _begun()
    for report in start.own_reports(session, actor):
        slug, text = (
            ("svara-pa-fraga", "Svara på en fråga om din rapport")
            if report.asked
            else ("betyg", "Säg om du fick svar på din fråga")
        )
        href = url_for("cases.step", ref=report.ref, slug=slug)
        items.append({"href": href, "text": text, "note": _by(report.number, report.by)})
    for one in effect_questions.of_reporter(session, actor):
        href = url_for("cases.step", ref=one.ref, slug="har-det-hant-igen")
        items.append({"href": href, "text": "Säg om det har hänt igen", "note": _by(one.number, one.closes_on)})
    for voice in voices.asked(session, actor):
        href = url_for("voices.show", ref=voice.ref)
        items.append({"href": href, "text": "Säg om det har hänt igen", "note": f"{voice.problem}, ”jag också”"})
    for owned in owned_decisions.waiting(session, actor):
        href = url_for("owned_decisions.show", decision_id=owned.id)
        note = f"{owned.group}, senast {long_date(owned.due_on)}"
        items.append({"href": href, "text": "Gör det som en samverkansgrupp beslutade", "note": note})
    for group in start.groups(session, actor):
        text = f"{plural(group.questions, 'fråga väntar', 'frågor väntar')} på gruppens beslut"
        items.append({"href": url_for("desk.overview", group_id=group.group_id), "text": text, "note": group.name})
    return items + _follow_up()


def _begun() -> list[dict[str, str]]:
    """The report that was being written when a phone closed or a log-in ran out."""
    return [
        {
            "href": url_for("phone.new" if draft.form == "telefon" else "report.new", utkast=draft.ref),
            "text": "Fortsätt på din telefonrapport"
            if draft.form == "telefon"
            else "Fortsätt på rapporten du började på",
            "note": f"Utkast från {date_time(draft.updated_at)}, inte skickat",
        }
        for draft in drafts.mine(db.session(), current_actor())[:SHOWN_DRAFTS]
    ]


def _follow_up() -> list[dict[str, str]]:
    """What somebody who counts, or who reviews, has come for."""
    session, actor, today = db.session(), current_actor(), local_date(now())
    items = []
    if actor.has(Role.SIP_SAMORDNARE) and (missing := sip.missing(session, actor, today)):
        text = f"Räkna SIP: {plural(missing, 'halvår saknar', 'halvår saknar')} siffror"
        items.append({"href": url_for("sip.index"), "text": text, "note": "Saknade siffror räknas aldrig som noll"})
    if actor.has(Role.REVISOR):
        for review in reviews.readable(session, actor, today):
            href = url_for("reviews.overview", ref=review.ref)
            items.append(
                {
                    "href": href,
                    "text": f"Läs underlaget: {review.about}",
                    "note": f"Till och med {long_date(review.last_on)}",
                }
            )
    if actor.has(Role.ADMINISTRATOR):
        left = role_list.count(session, actor, today, RoleFilters(to_review=quarter_of(today)))
        if left:
            text = f"Gå igenom {plural(left, 'roll', 'roller')}"
            items.append({"href": url_for("role_review.show"), "text": text, "note": "En gång i kvartalet"})
        if stuck := len(unreached(session, actor, today)):
            text = f"{plural(stuck, 'mejl', 'mejl')} når inte fram"
            items.append({"href": url_for("roles.mails"), "text": text, "note": "Kontrollera adressen"})
    if actor.has(Role.LOGGRANSKARE):
        items.append({"href": url_for("log_review.index"), "text": "Läs läsloggen", "note": "Vem har öppnat vad"})
    return items


def _by(number: str, day: date | None) -> str:
    return f"{number}, senast {long_date(day)}" if day else number
