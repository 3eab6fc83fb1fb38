"""*Roller*: who holds which role within my reach, who is invited to one, and taking back. Open for `/roller`.

A role is given through *Bjud in* (web/invite.py) and on the pages of the organisation.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import role_list
from avvikelse.queries.role_list import PAGE_SIZE, RoleFilters
from avvikelse.queries.unreached import unreached
from avvikelse.queries.waiting_invitations import count_waiting, waiting_invitations
from avvikelse.services import invitations, position_holders, second_step
from avvikelse.web import role_review
from avvikelse.web.access import current_actor, requires
from avvikelse.web.forms.organisation import ConfirmForm
from avvikelse.web.invite import WHO
from avvikelse.web.list_arguments import page_asked, words_asked

blueprint = Blueprint("roles", __name__, url_prefix="/roller")
ENDED = "tidigare"


@blueprint.get("")
@requires(WHO)
def index() -> str:
    session, actor, today = db.session(), current_actor(), local_date(now())
    chosen = request.args.get("roll", "")
    filters = RoleFilters(
        words=words_asked(),
        role=Role(chosen) if chosen in Role._value2member_map_ else None,
        ended=request.args.get("visa") == ENDED,
    )

    def link(page: int = 1, *, ended: bool = filters.ended) -> str:
        role = filters.role.value if filters.role else None
        asked: dict[str, Any] = {"q": filters.words, "roll": role, "visa": ENDED if ended else None}
        return url_for(".index", sida=page if page > 1 else None, **{k: v for k, v in asked.items() if v})

    return render_template(
        "roles/list.html",
        page=role_list.role_list(session, actor, today, filters, page_asked()),
        filters=filters,
        roles=list(Role),
        size=PAGE_SIZE,
        today=today,
        link=link,
        invited=count_waiting(session, actor, now()),
        may_review=role_review.WHO.allows(actor),
    )


@blueprint.get("/inbjudna")
@requires(WHO)
def invited() -> str:
    page = waiting_invitations(db.session(), current_actor(), now(), page_asked())
    return render_template(
        "roles/invited.html",
        page=page,
        size=PAGE_SIZE,
        link=lambda number=1: url_for(".invited", sida=number if number > 1 else None),
    )


@blueprint.post("/inbjudna/<id:invitation_id>/ta-tillbaka")
@requires(WHO)
def take_back_invitation(invitation_id: int) -> Response:
    if invitations.take_back(db.session(), current_actor(), invitation_id, now=now()):
        flash("Inbjudan är tillbakatagen. Länken i mejlet fungerar inte längre.", "success")
    else:
        flash("Inbjudan väntar inte längre. Har personen tagit emot den står rollen under Gäller.", "info")
    return redirect(url_for(".invited"), 303)


@blueprint.get("/mejl")
@requires(WHO)
def mails() -> str:
    """Mails without a case that reach nobody: whoever may read the role can mend the address."""
    return render_template("roles/mails.html", rows=unreached(db.session(), current_actor(), local_date(now())))


@blueprint.get("/<id:assignment_id>")
@requires(WHO)
def show(assignment_id: int) -> str:
    return _page(assignment_id, ConfirmForm(formdata=None))


@blueprint.post("/<id:assignment_id>/ta-bort")
@requires(WHO)
def take_back(assignment_id: int) -> Response | tuple[str, int]:
    form = ConfirmForm()
    if not form.validate():
        return _page(assignment_id, form), 422
    taken = position_holders.take_back(db.session(), current_actor(), assignment_id, now=now())
    flash("Rollen är borttagen. Den slutade gälla nu.", "success")
    return redirect(url_for("start.show" if taken.own else ".index"), 303)


@blueprint.post("/<id:assignment_id>/andra-steget/nollstall")
@requires(WHO)
def reset_second_step(assignment_id: int) -> Response:
    second_step.reset_for(db.session(), current_actor(), assignment_id, now=now())
    flash("Inloggningen i två steg är nollställd. Personen har fått ett mejl.", "success")
    return redirect(url_for(".show", assignment_id=assignment_id), 303)


def _page(assignment_id: int, form: ConfirmForm) -> str:
    session, today = db.session(), local_date(now())
    row = role_list.role_row(session, current_actor(), assignment_id, today)
    return render_template(
        "roles/show.html",
        row=row,
        ended=row.has_ended(today),
        last_samordnare=role_list.is_last_samordnare(session, row, today),
        form=form,
    )
