"""Bjud in: offer somebody a role by mail. Open to change what the inviter is told."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries import role_offers
from avvikelse.services import invitations
from avvikelse.web.access import current_actor, requires, roles
from avvikelse.web.forms.auth import InviteForm
from avvikelse.web.forms.base import choices
from avvikelse.web.refusals import refused

blueprint = Blueprint("invite", __name__)
SENT = "Inbjudan är skickad. Den som redan har ett konto har fått rollen direkt."
WHO = roles(Role.ADMINISTRATOR, Role.SAMORDNARE, Role.CHEF, Role.SAMMANKALLANDE)


@blueprint.route("/bjud-in", methods=["GET", "POST"])
@requires(WHO)
def show() -> str | Response | tuple[str, int]:
    form = InviteForm()
    offers = role_offers.offers_for(db.session(), current_actor(), local_date(now()))
    form.offer.choices = choices(((offer.code, offer.text) for offer in offers), empty="Välj roll")
    if request.method != "POST":
        return render_template("account/invite.html", form=form)
    if form.validate():
        role, scope = role_offers.parse(form.offer.data)
        try:
            invitations.invite(
                db.session(),
                current_actor(),
                email=form.email.data or "",
                name=form.name.data or "",
                role=role,
                scope=scope,
                valid_to=form.valid_to.data,
                now=now(),
            )
        except Invalid as error:
            refused(form, error)
        else:
            flash(SENT, "success")
            return redirect(url_for("invite.show"), 303)
    return render_template("account/invite.html", form=form), 422
