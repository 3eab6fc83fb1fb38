"""Organisation packs into the database: all of it, once, and again with changes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor, Grant
from avvikelse.domain.errors import Forbidden, NotFound
from avvikelse.domain.pack_organisation import organisation_of
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import Avtal, LimitSetting, MatrixCell
from avvikelse.models.audit import AuditEvent
from avvikelse.models.groups import ReportingDuty, Samverkansgrupp
from avvikelse.models.organisation import Enhet, Funktion, Huvudman, Pack, Position, Sekretessomrade
from avvikelse.queries.organisation_map import mapping_of
from avvikelse.services import organisation
from avvikelse.services.organisation_import import ChangeKind, import_pack
from tests.support.imported import PACKS, pack_tables
from tests.support.queries import counted

NAMES = ("blekinge", "jamtland_harjedalen", "skane_trelleborg")
JH = "jamtland_harjedalen"


def changed(name: str = JH) -> dict[str, Any]:
    """The pack's tables, to be changed by a test."""
    return copy.deepcopy(pack_tables(name))


def row(tables: dict[str, Any], table: str, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in tables[table] if one["id"] == slug)
    return found


def unit(session: Session, slug: str) -> Enhet:
    session.expire_all()
    return session.scalars(select(Enhet).where(Enhet.slug == slug)).one()


@pytest.mark.parametrize("name", NAMES)
def test_everything_in_the_file_is_in_the_database(session: Session, now: datetime, name: str) -> None:
    tables = pack_tables(name)
    import_pack(session, SYSTEM, tables, now=now)
    pack = session.scalars(select(Pack)).one()
    assert mapping_of(session, pack.id, local_date(now)).organisation == organisation_of(tables)
    for table, model in (
        ("huvudman", Huvudman),
        ("verksamhet", Enhet),
        ("chefsposition", Position),
        ("funktion", Funktion),
        ("samverkansgrupp", Samverkansgrupp),
        ("rapportplikt", ReportingDuty),
        ("tidsfrist", LimitSetting),
        ("avtal", Avtal),
        ("ansvarsmatris", MatrixCell),
    ):
        assert session.scalar(select(func.count()).select_from(model)) == len(tables.get(table, ())), table


def test_three_packs_live_side_by_side(session: Session, now: datetime) -> None:
    for name in NAMES:
        import_pack(session, SYSTEM, pack_tables(name), now=now)
    assert sorted(session.scalars(select(Pack.number_prefix))) == ["BL", "JH", "SK"]
    names = session.scalars(select(Sekretessomrade.name).where(Sekretessomrade.slug == "kommun-2380/social"))
    assert list(names) == ["Östersunds kommun – socialtjänst"]
    invited = session.scalars(select(Sekretessomrade.slug).where(Sekretessomrade.invited_party).distinct())
    assert {"fri-1080-a", "polisen", "aklagare"} <= set(invited)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_file_again_changes_nothing(session: Session, now: datetime, name: str) -> None:
    import_pack(session, SYSTEM, pack_tables(name), now=now)
    session.expire_all()
    revision = session.scalars(select(Pack.revision)).one()
    again = import_pack(session, SYSTEM, pack_tables(name), now=now + timedelta(days=1))
    assert again.changes == ()
    assert session.scalars(select(Pack.revision)).one() == revision
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_a_changed_file_changes_rows_in_place_and_keeps_the_old_name(session: Session, now: datetime) -> None:
    import_pack(session, SYSTEM, pack_tables(JH), now=now)
    before = unit(session, "bup-mottagning").id
    tables = changed()
    row(tables, "verksamhet", "bup-mottagning")["namn"] = "BUP Öppenvård"
    result = import_pack(session, SYSTEM, tables, now=now)
    assert [(c.slug, c.kind, c.fields) for c in result.changes] == [("bup-mottagning", ChangeKind.CHANGED, ("name",))]
    after = unit(session, "bup-mottagning")
    assert (after.id, after.name) == (before, "BUP Öppenvård")
    yesterday = local_date(now) - timedelta(days=1)
    assert [(n.name, n.to_on) for n in after.earlier_names] == [("BUP mottagningsteam", yesterday)]


def test_what_an_administrator_edits_stays_until_the_file_says_otherwise(session: Session, now: datetime) -> None:
    import_pack(session, SYSTEM, pack_tables(JH), now=now)
    position = session.scalars(select(Position).where(Position.slug == "chef-bup-mottagning")).one()
    organisation.change_unit_contact(
        session,
        SYSTEM,
        unit(session, "bup-mottagning").id,
        mailbox="bup@exempel.se",
        phone="063-12 34 56",
        assignment="",
        now=now,
    )
    organisation.change_position(
        session, SYSTEM, position.id, title="verksamhetschef", substitute_id=None, vacant=True, show_name=False, now=now
    )
    tables = changed()
    row(tables, "verksamhet", "bup-mottagning")["alder"] = [0, 18]
    import_pack(session, SYSTEM, tables, now=now)
    after = unit(session, "bup-mottagning")
    assert (after.function_mailbox, after.phone, after.age_max) == ("bup@exempel.se", "063-12 34 56", 18)
    assert (position.title, position.substitute_id, position.vacant) == ("verksamhetschef", None, True)
    row(tables, "chefsposition", "chef-bup-mottagning")["titel"] = "chef BUP"
    import_pack(session, SYSTEM, tables, now=now)
    session.expire_all()
    assert (position.title, position.vacant) == ("chef BUP", True)


def test_a_unit_that_vanishes_is_closed_and_opens_when_it_comes_back(session: Session, now: datetime) -> None:
    import_pack(session, SYSTEM, pack_tables(JH), now=now)
    tables = changed()
    gone = row(tables, "verksamhet", "bup-behandling")
    tables["verksamhet"].remove(gone)
    tables["chefsposition"] = [p for p in tables["chefsposition"] if p.get("verksamhet") != "bup-behandling"]
    for position in tables["chefsposition"]:
        position.pop("ersattare", None)
    result = import_pack(session, SYSTEM, tables, now=now)
    closed = {(c.table, c.slug) for c in result.changes if c.kind is ChangeKind.CLOSED}
    assert ("verksamhet", "bup-behandling") in closed
    assert unit(session, "bup-behandling").active_to == local_date(now) - timedelta(days=1)
    assert import_pack(session, SYSTEM, tables, now=now + timedelta(days=1)).changes == ()
    import_pack(session, SYSTEM, pack_tables(JH), now=now + timedelta(days=2))
    assert unit(session, "bup-behandling").active_to is None


def test_other_rows_that_vanish(session: Session, now: datetime) -> None:
    import_pack(session, SYSTEM, pack_tables(JH), now=now)
    tables = changed()
    tables["samverkansgrupp"] = [g for g in tables["samverkansgrupp"] if g["id"] != "birger"]
    tables["rapportplikt"] = tables["avtal"] = []
    tables["ansvarsmatris"] = []
    result = import_pack(session, SYSTEM, tables, now=now)
    kinds = {(c.table, c.kind) for c in result.changes}
    assert ("samverkansgrupp", ChangeKind.CLOSED) in kinds
    assert ("rapportplikt", ChangeKind.REMOVED) in kinds
    assert ("avtal", ChangeKind.CLOSED) in kinds
    assert not session.scalars(select(Samverkansgrupp.active).where(Samverkansgrupp.slug == "birger")).one()
    assert session.scalar(select(func.count()).select_from(Avtal).where(Avtal.active_to.is_(None))) == 0
    assert import_pack(session, SYSTEM, tables, now=now).changes == ()


def test_rows_made_by_hand_are_left_alone(session: Session, now: datetime) -> None:
    import_pack(session, SYSTEM, pack_tables(JH), now=now)
    model = unit(session, "bup-mottagning")
    session.add(
        Enhet(
            pack_id=model.pack_id, slug="egen", name="Egen enhet", kind="bup", huvudman_id=model.huvudman_id,
            omrade_id=model.omrade_id, age_min=0, age_max=17,
        )
    )  # fmt: skip
    session.flush()
    assert import_pack(session, SYSTEM, pack_tables(JH), now=now).changes == ()
    assert unit(session, "egen").active_to is None


def test_the_matrix_is_kept_per_version(session: Session, now: datetime) -> None:
    import_pack(session, SYSTEM, pack_tables("blekinge"), now=now)
    tables = changed("blekinge")
    tables["paket"]["version"] = "2027.1"
    tables["ansvarsmatris"] = tables["ansvarsmatris"][:3]
    import_pack(session, SYSTEM, tables, now=now)
    counted = dict(session.execute(select(MatrixCell.version, func.count()).group_by(MatrixCell.version)).all())
    assert counted == {"2026.1": 40, "2027.1": 3}
    pack = session.scalars(select(Pack)).one()
    assert len(mapping_of(session, pack.id, local_date(now)).organisation.matrix) == 3


def test_only_the_administrator_of_the_system_may_import(session: Session, now: datetime) -> None:
    with pytest.raises(Forbidden):
        import_pack(session, Actor(1, "Rapportör"), pack_tables(JH), now=now)
    one_huvudman = Actor(1, "Administratör", (Grant(Role.ADMINISTRATOR, huvudman_id=1),))
    with pytest.raises(NotFound):
        import_pack(session, one_huvudman, pack_tables(JH), now=now)
    assert session.scalars(select(Pack)).all() == []


# --- the map


def test_the_map_follows_every_write_and_is_read_once(session: Session, now: datetime) -> None:
    import_pack(session, SYSTEM, pack_tables(JH), now=now)
    pack = session.scalars(select(Pack)).one()
    today = local_date(now)
    first = mapping_of(session, pack.id, today)
    with counted(session) as queries:
        assert mapping_of(session, pack.id, today) is first
    assert len(queries) == 1
    position = session.get_one(Position, first.position_ids["chef-bup-mottagning"])
    organisation.add_absence(session, SYSTEM, position.id, from_on=today, to_on=today + timedelta(days=3), now=now)
    with counted(session) as queries:
        second = mapping_of(session, pack.id, today)
    assert second.organisation.absent == {"chef-bup-mottagning"}
    assert len(queries) <= 20
    assert mapping_of(session, pack.id, today + timedelta(days=4)).organisation.absent == frozenset()
    assert second.enhet_slug(second.enhet_ids["bup-mottagning"]) == "bup-mottagning"


# --- flask organisation import


@pytest.fixture
def pack_file(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    def write(tables: dict[str, Any]) -> Path:
        path = tmp_path / "prov.toml"
        path.write_bytes(tomli_w.dumps(tables).encode())
        return path

    return write


def test_command_imports_and_says_so(session: Session, run_cli: Callable[..., Result]) -> None:
    first = run_cli("organisation", "import", PACKS / "blekinge.toml")
    assert (first.exit_code, "verksamhet: 67 nya" in first.output) == (0, True)
    assert session.scalar(select(func.count()).select_from(Enhet)) == 67
    second = run_cli("organisation", "import", PACKS / "blekinge.toml")
    assert (second.exit_code, second.output.strip()) == (0, "blekinge: inga ändringar.")


def test_command_dry_run_saves_nothing(session: Session, run_cli: Callable[..., Result]) -> None:
    result = run_cli("organisation", "import", PACKS / "blekinge.toml", "--dry-run")
    assert (result.exit_code, "Inget sparades" in result.output) == (0, True)
    assert session.scalars(select(Pack)).all() == []
    assert session.scalars(select(AuditEvent)).all() == []


def test_command_refuses_a_wrong_file_whole(
    session: Session, run_cli: Callable[..., Result], pack_file: Callable[[dict[str, Any]], Path]
) -> None:
    tables = changed("blekinge")
    tables["chefsposition"][5]["verksamhet"] = "finns-inte"
    wrong = pack_file(tables)
    result = run_cli("organisation", "import", PACKS / "skane_trelleborg.toml", wrong)
    assert result.exit_code == 2
    sentence = next(line for line in result.output.splitlines() if "finns-inte" in line)
    assert all(
        part in sentence for part in ("prov.toml", "[chefsposition]", tables["chefsposition"][5]["id"], "lägg till")
    )
    assert session.scalars(select(Pack)).all() == []


def test_dates_in_the_file_are_dates_in_the_database(session: Session, now: datetime) -> None:
    import_pack(session, SYSTEM, pack_tables(JH), now=now)
    closing = session.scalars(select(Enhet).where(Enhet.active_to.is_not(None))).one()
    assert closing.active_to == date(2026, 6, 30)
    assert closing.successor is not None
