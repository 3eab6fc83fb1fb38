"""What a row shows to whom: each condition of policy/redaction.py, met and not met."""

from __future__ import annotations

from datetime import datetime

import pytest

from avvikelse.domain.actor import Actor, Grant
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.policy import redaction

SENDER, OWNER, FORMER = PartySide.SENDER, PartySide.OWNER, PartySide.FORMER
R = Relation
EARLIER, LATER = datetime(2026, 3, 1), datetime(2026, 3, 9)
HANDLER = Actor(1, "Handläggare", (Grant(Role.HANDLAGGARE, enhet_id=2, omrade_id=2),))


def party(side: PartySide, place: int, **known) -> Party:
    """A party with the id, position, unit and område `place`."""
    return Party(**{"id": place, "side": side, "omrade_id": place, "enhet_id": place, "position_id": place} | known)


def case(*parties: Party, **known) -> Avvikelse:
    row = Avvikelse(parties=list(parties), counterpart_enhet_id=99, description="Så var det.", **known)
    row.severity = known.get("severity", 1)
    return row


def chef(*places: int) -> Actor:
    return Actor(1, "Chef", tuple(Grant(Role.CHEF, position_id=p, enhet_id=p, omrade_id=p) for p in places))


def samordnare(omrade: int) -> Actor:
    return Actor(1, "Samordnare", (Grant(Role.SAMORDNARE, omrade_id=omrade),))


# --- what is said of the case -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "relation", "severe"),
    [(3, R.OWNER_CHEF, True), (4, R.OWNER_CHEF, True), (2, R.OWNER_CHEF, False), (3, R.FORMER_CHEF, False)],
)
def test_how_severe_it_is_is_told_to_who_reads_the_coding(severity, relation, severe):
    assert redaction.head(case(severity=severity), {relation}).severe is severe


def test_paused_good_and_without_avtal_are_what_the_row_says():
    row = case(paused_since=EARLIER, category=GOOD_EXAMPLE, no_avtal=True)
    assert redaction.head(row, {R.REPORTER}).paused
    assert not redaction.head(case(), {R.REPORTER}).paused
    said, other = redaction.coding(row, {R.REPORTER}), redaction.coding(case(category="A01"), {R.REPORTER})
    assert said is not None
    assert other is not None
    assert (said.good, said.no_avtal) == (True, True)
    assert (other.good, other.no_avtal) == (False, False)
    assert redaction.coding(row, {R.FORMER_CHEF}) is None


@pytest.mark.parametrize(
    ("relation", "masked", "original"),
    [
        (R.REPORTER, "Så var det, ungefär.", "Så var det."),
        (R.SENDER_CHEF, "Så var det, ungefär.", "Så var det."),
        (R.OWNER_CHEF, "Så var det, ungefär.", None),
        (R.SENDER_CHEF, None, None),
    ],
)
def test_the_original_of_a_masked_text_stays_with_who_wrote_it(relation, masked, original):
    text = redaction.shared_text(case(masked_description=masked), {relation})
    assert text is not None
    assert (text.description, text.original) == (masked or "Så var det.", original)
    assert redaction.shared_text(case(), {R.FORMER_CHEF}) is None


def test_the_own_words_are_the_reporters_also_with_the_code():
    row = case(masked_description="Så var det, ungefär.")
    text = redaction.shared_text(row, {R.REPORTER, R.BY_CODE})
    assert text is not None
    assert text.original == "Så var det."


def test_what_is_the_senders_and_what_is_the_groups():
    row = case(own_reference="Dnr 1", gruppmening="Vi glider isär.", gruppmening_approved_at=EARLIER)
    assert redaction.sender_only(row, {R.OWNER_CHEF}) is None
    assert redaction.sender_only(row, {R.SENDER_CHEF}) == redaction.SenderOnly("Dnr 1", None)
    assert redaction.gruppmening(row, {R.FORMER_CHEF}) is None
    assert redaction.gruppmening(row, {R.OWNER_CHEF}) == redaction.Gruppmening("Vi glider isär.", approved=True)
    assert redaction.gruppmening(case(), {R.OWNER_CHEF}) == redaction.Gruppmening(None, approved=False)


@pytest.mark.parametrize("allowed", [True, False])
def test_the_own_chef_sees_who_reported_when_the_reporter_lets_her(allowed):
    assert redaction.sees_reporter(case(reporter_named_to_chef=allowed), {R.SENDER_CHEF}) is allowed


# --- the joint room ---------------------------------------------------------------------------------------------------

TWO = case(party(SENDER, 1), party(OWNER, 2, handler_user_id=1), party(OWNER, 3))
AFTER = case(party(SENDER, 1), party(OWNER, 2), party(FORMER, 3), party(OWNER, 4))  # 4 has come in the place of 3
ALONE = case(party(SENDER, 1), party(OWNER, 2))


@pytest.mark.parametrize(
    ("actor", "relation", "row", "answered", "closed", "reads"),
    [
        (chef(2), R.OWNER_CHEF, TWO, [], False, {2}),
        (chef(2), R.OWNER_CHEF, TWO, [2], False, {2}),
        (chef(2), R.OWNER_CHEF, TWO, [3], False, {2}),  # the other one's, before she has sent hers
        (chef(2), R.OWNER_CHEF, TWO, [2, 3], False, {2, 3}),
        (HANDLER, R.HANDLER, TWO, [3], False, {2}),
        (samordnare(2), R.OWNER_SAMORDNARE, TWO, [2], False, set()),  # carries nothing between them
        (samordnare(2), R.OWNER_SAMORDNARE, TWO, [2, 3], False, {2, 3}),
        (samordnare(2), R.OWNER_SAMORDNARE, ALONE, [2], False, set()),
        (samordnare(2), R.OWNER_SAMORDNARE, ALONE, [2], True, set()),
        (chef(1), R.SENDER_CHEF, TWO, [2, 3], False, set()),
        (chef(2), R.OWNER_CHEF, AFTER, [2, 3], True, {2, 3}),  # was there
        (chef(2, 4), R.OWNER_CHEF, AFTER, [2, 3], True, {2, 3}),  # for one of the two that she answers for
        (chef(4), R.OWNER_CHEF, AFTER, [2, 3], True, {4}),
        (chef(2), R.OWNER_CHEF, AFTER, [2, 3], False, {2}),  # the new one is awaited
    ],
)
def test_whose_answers_in_the_joint_room(actor, relation, row, answered, closed, reads):
    assert redaction.room_parties(actor, row, {relation}, answered, closed=closed) == reads


def test_who_comes_in_anothers_place_reads_what_she_has_to_do():
    heirs = {3: AFTER.parties[3]}

    def promises(actor: Actor, relation: Relation) -> frozenset[int]:
        return redaction.room_promises(actor, AFTER, {relation}, frozenset({9}), heirs)

    assert promises(chef(4), R.OWNER_CHEF) == {9, 3}
    assert promises(chef(2), R.OWNER_CHEF) == {9}
    assert promises(chef(4), R.SENDER_CHEF) == {9}


# --- whose notes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parties", "until"),
    [
        ([party(OWNER, 2)], {2: None}),
        ([party(SENDER, 2)], {2: None}),
        ([party(FORMER, 2, until=LATER)], {2: LATER}),
        ([party(FORMER, 2, until=LATER), party(FORMER, 2, id=3, until=EARLIER)], {2: LATER}),
        ([party(FORMER, 2, until=EARLIER), party(FORMER, 2, id=3, until=LATER)], {2: LATER}),
        ([party(FORMER, 2, until=EARLIER), party(OWNER, 2, id=3)], {2: None}),  # has come back
        ([party(OWNER, 2), party(OWNER, 3)], {2: None}),
    ],
)
def test_notes_are_read_by_the_own_omrade_until_it_lets_go(parties, until):
    assert redaction.notes_until(chef(2), case(*parties)) == until
