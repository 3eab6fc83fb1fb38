"""What a step's form offers and holds from the start, and what must be read before it is sent. For web/cases.py."""

from __future__ import annotations

from typing import Any

from flask import request

from avvikelse.adapters.clock import now
from avvikelse.domain import codes
from avvikelse.domain.measures import AtgardStep
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import AnswerKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.avtal import PointOfCase, point_of_case
from avvikelse.queries.case_views import CaseView
from avvikelse.queries.choices import avtalspunkt_choices, handlers_of_party, pack_of_case
from avvikelse.queries.measure_list import owner_choices_of_party, owner_of_party
from avvikelse.queries.receivers import placed_positions, placed_units
from avvikelse.services.handling import listed
from avvikelse.services.question_words import Proposal, as_seen
from avvikelse.web.forms import case as forms
from avvikelse.web.forms.base import choices, labelled_choices, unit_choices
from avvikelse.web.forms.report import NONE_EXISTS, NOT_KNOWN, point_choices


def prepare(form: Any, view: CaseView) -> None:
    """Give the selects their choices. What is not among them is refused by the form."""
    session, today = db.session(), local_date(now())
    if "receiver" in form:
        receivers = placed_positions(session, pack_of_case(session, view.id), today)
        form.receiver.choices = [*choices([], empty="Välj enhet"), *unit_choices(receivers)]
    if "proposed_enhet_id" in form:
        units = placed_units(session, pack_of_case(session, view.id), today)
        form.proposed_enhet_id.choices = [*choices([(0, "Vet inte")]), *unit_choices(units)]
        form.avtalspunkt_id.choices = choices([(0, "Ingen särskild punkt"), *_points(view)])
    if isinstance(form, forms.AvtalspunktForm):
        form.avtalspunkt_id.choices = choices(point_choices(_points(view)))
    if isinstance(form, forms.RecodeForm):
        form.category.choices = choices(((c.code, c.name) for c in codes.OFFERED), empty="Ingen kategori")
        form.severity.choices = form.possible_severity.choices = choices((s.code, s.name) for s in codes.SEVERITIES)
    if isinstance(form, forms.AtgardForm):
        form.position_id.choices = choices(owner_choices_of_party(session, view.my_party_id, today))
        if view.coding is None or not view.coding.family_coordinates:
            del form.family_told
    if isinstance(form, forms.UnlockForm):
        form.keeps.choices = choices(_may_keep(view))
    if isinstance(form, forms.HandlerForm):
        form.handler.choices = choices([(0, "Ingen särskild"), *handlers_of_party(session, view.my_party_id, today)])
    if isinstance(form, forms.AnswerForm):
        _shape_answer(form, view)


def _shape_answer(form: Any, view: CaseView) -> None:
    if view.asks_orosanmalan:
        del form.kind
        return
    del form.orosanmalan
    if not view.quick_is_enough:
        form.kind.choices = labelled_choices((AnswerKind.FULL,))


def _may_keep(view: CaseView) -> list[tuple[int, str]]:
    """The owners that this samordnare may give the case to: the reporting side's any, an owner's only the own."""
    any_of_them = Relation.SENDER_SAMORDNARE in view.relations
    owners = [owner for owner in view.owners if any_of_them or owner.party_id == view.my_party_id]
    return [(owner.party_id, owner.unit.name if owner.unit else owner.title) for owner in owners]


def _points(view: CaseView) -> list[tuple[int, str]]:
    """The points in force, and the one that the case leans on already, should it have ended."""
    points = avtalspunkt_choices(db.session(), pack_of_case(db.session(), view.id), local_date(now()))
    if view.point is not None and view.point.id not in dict(points):
        points.append((view.point.id, f"{view.point.avtal}, punkt {view.point.number}"))
    return points


def prefill(form: Any, view: CaseView) -> None:
    """What is known already, so that nobody types it again."""
    _prefill_story(form, view)
    if isinstance(form, forms.RecodeForm) and view.coding is not None:
        form.category.data, form.severity.data = view.coding.category, view.coding.severity
        form.possible_severity.data = view.coding.possible_severity
    if isinstance(form, forms.AvtalspunktForm) and view.coding is not None:
        none = NONE_EXISTS if view.coding.no_avtal else NOT_KNOWN
        form.avtalspunkt_id.data = view.coding.avtalspunkt_id or none
    if isinstance(form, forms.GruppmeningForm) and view.gruppmening is not None:
        form.gruppmening.data = view.gruppmening.sentence
    if isinstance(form, forms.MaskForm) and view.shared is not None:
        form.masked_description.data = view.shared.description
    for name in ("talk_on", "on", "done_on"):
        if name in form:
            form[name].data = local_date(now())
    if isinstance(form, forms.AnswerForm) and not view.asks_orosanmalan:
        _prefill_answer(form, view)
    if isinstance(form, forms.ApproveQuestionForm):
        waiting = next(q for q in view.group_questions if q.mine_to_approve)
        form.question.data, form.text.data = str(waiting.id), waiting.text
        form.proposal.data, form.proposed_owner.data = waiting.proposal, waiting.proposed_owner
        form.seen.data = as_seen(waiting.text, Proposal(waiting.proposal, waiting.proposed_owner))
    _prefill_atgard(form, view)
    if isinstance(form, forms.DiarienummerForm):
        form.diarienummer.data, form.seen.data = view.diarienummer, view.diarienummer or ""
    if isinstance(form, forms.OwnProcessForm):
        form.processes.data, form.seen.data = list(view.process_codes), listed(view.processes)
    if isinstance(form, forms.FactorsForm):
        form.factors.data, form.seen.data = list(view.factor_codes), listed(view.factors or ())


def _prefill_atgard(form: Any, view: CaseView) -> None:
    if isinstance(form, forms.AtgardDoneForm):
        waiting_id = request.args.get("atgard", "")
        mine = [a for a in view.atgarder if a.mine and AtgardStep.DO in a.steps]
        form.atgard.data = waiting_id if waiting_id.isdigit() else str(mine[0].id)
    if isinstance(form, forms.AtgardForm):
        form.position_id.data = owner_of_party(db.session(), view.my_party_id)
    if isinstance(form, forms.FamilyForm) and view.coding is not None:
        form.carries.data = "nej" if view.coding.family_coordinates else "ja"


def _prefill_answer(form: Any, view: CaseView) -> None:
    """With the words of one that has come back, or still waits to be read."""
    form.kind.data = AnswerKind.QUICK.value if view.quick_is_enough else AnswerKind.FULL.value
    for name, text in view.answers[-1].words if view.answers else ():
        form[name].data = text


def _prefill_story(form: Any, view: CaseView) -> None:
    if isinstance(form, forms.StoryForm) and view.story is not None:
        for name in ("title", "event", "measure", "effect", "tags"):
            form[name].data = getattr(view.story, name)


def point_to_read(form: Any, view: CaseView) -> PointOfCase | None:
    """The point of an avtal that a decline leans on, until its text has been shown to whoever declines."""
    if not isinstance(form, forms.DeclineForm) or not form.avtalspunkt_id.data:
        return None
    chosen = str(form.avtalspunkt_id.data)
    if form.point_read.data == chosen:
        return None
    form.point_read.data = chosen
    return point_of_case(db.session(), form.avtalspunkt_id.data, view.head.occurred_on)
