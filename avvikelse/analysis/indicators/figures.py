"""The fifteen indicators, I01 to I15, by their definitions. Open when two persons get different numbers.

Plain dictionaries come out, in the layout of tests/cases/indicators/expected.json, unrounded. A share without
denominator has no value and shows "–"; one with a small denominator shows its counts only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from avvikelse.analysis.indicators.rows import Activity, Case, Known, Measure, Params, SipMeeting, known_on_cutoff
from avvikelse.analysis.intervals import garwood, wilson
from avvikelse.analysis.survival import Curve, kaplan_meier

PER = 10_000
OLD_DAYS = 90
SHORT_NOTICE_DAYS = 7
EFFECTIVE = "effektiv"
EFFECTS = (EFFECTIVE, "delvis", "ej effektiv")
Figure = dict[str, Any]


def indicators(
    cases: Iterable[Case],
    measures: Iterable[Measure],
    meetings: Iterable[SipMeeting],
    activities: Iterable[Activity],
    params: Params,
) -> dict[str, Figure]:
    """All fifteen, of rows in any order."""
    return _Figures(known_on_cutoff(cases, measures, meetings, activities, params), params).all()


class _Figures:
    def __init__(self, known: Known, params: Params) -> None:
        self.known, self.params = known, params
        self.cases = [case for case in known.cases if not case.duplicate]
        self.came = [case for case in self.cases if params.inside(case.reported_on)]
        self.closed = [case for case in self.cases if any(params.inside(day) for day in case.closings)]
        self.followed_up = [m for m in known.measures if params.inside(m.followed_up_on)]
        self.curve = self._feedback_curve()

    def all(self) -> dict[str, Figure]:
        return {
            "I01_inkomna": self.came_in(),
            "I02_per_10000_0_17": self.per_inhabitants(),
            "I03_avslutade": self.closings(),
            "I04_oppna_vid_slutet": self.open_at_end(),
            "I05_kvitterade_3_arbetsdagar": self.in_time(self._acknowledge_by, lambda case: case.acknowledged_on),
            "I06_besvarade_30_dagar": self.in_time(self._answer_by, lambda case: case.answered_on),
            "I07_median_dagar_till_aterkoppling": self.days_to_feedback(),
            "I08_andel_aterkoppling_dag_60": self.feedback_share(),
            "I09_avslutade_med_atgard": self.closed_with_measure(),
            "I10_atgarder_uppfoljda_i_tid": self.followed_up_in_time(),
            "I11_atgarder_effektiva": self.effective(),
            "I12_aterkomst_efter_effektiv_atgard_90_dagar": self.recurrence(),
            "I13_bollade": self.sent_back(),
            "I14_sip": self.sip(),
            "I15_aktiviteter_i_tid": self.activities_in_time(),
        }

    def share(self, numerator: int, denominator: int) -> Figure:
        """Numerator and denominator always; the interval is Wilson's."""
        if not denominator:
            return {"numerator": numerator, "denominator": 0, "value": None, "ci95": None, "show": "–"}
        return {
            "numerator": numerator,
            "denominator": denominator,
            "value": numerator / denominator,
            "ci95": list(wilson(numerator, denominator)),
            "show": "andel" if denominator >= self.params.min_denominator else "bara antal",
        }

    # --- cases

    def came_in(self) -> Figure:
        by_month = Counter(f"{case.reported_on:%Y-%m}" for case in self.came)
        return {
            "value": len(self.came),
            "by_month": {month: by_month[month] for month in self._months()},
            "excluded_duplicates": sum(c.duplicate and self.params.inside(c.reported_on) for c in self.known.cases),
        }

    def per_inhabitants(self) -> Figure:
        count, people = len(self.came), self.params.population_0_17
        interval = [PER * bound / people for bound in garwood(count)] if people else None
        value = PER * count / people if people else None
        return {"numerator": count, "denominator": people, "value": value, "ci95": interval}

    def closings(self) -> Figure:
        return {
            "value": len(self.closed),
            "closings": sum(self.params.inside(day) for case in self.closed for day in case.closings),
            "withdrawn": sum(self.params.inside(case.withdrawn_on) for case in self.cases),
        }

    def open_at_end(self) -> Figure:
        end = self.params.period_end
        still = [case for case in self.cases if case.open_on(end)]
        ages = [(end - case.reported_on).days for case in still]
        return {
            "value": len(still),
            "median_age_days": median(ages) if ages else None,
            "oldest_days": max(ages, default=None),
            "over_90_days": sum(age > OLD_DAYS for age in ages),
            "ids": [case.id for case in still],
        }

    def in_time(self, due: Callable[[Case], date], event: Callable[[Case], date | None]) -> Figure:
        """Of those whose limit has passed by the cut-off, how many had the event by then."""
        counted = []
        for case in self.came:
            limit, happened, withdrawn = due(case), event(case), case.withdrawn_on
            before_withdrawal = happened is not None and withdrawn is not None and happened <= withdrawn
            if limit <= self.params.cutoff and (withdrawn is None or withdrawn > limit or before_withdrawal):
                counted.append((case.id, happened is not None and happened <= limit))
        met = sum(in_time for _, in_time in counted)
        return {**self.share(met, len(counted)), "not_met": [case for case, in_time in counted if not in_time]}

    def _acknowledge_by(self, case: Case) -> date:
        """The n-th working day after the report; the day of the report does not count."""
        day, left = case.reported_on, self.params.ack_working_days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in self.params.holidays
        return day

    def _answer_by(self, case: Case) -> date:
        return case.reported_on + timedelta(days=self.params.answer_days)

    # --- feedback

    def _feedback_curve(self) -> Curve:
        def watched(case: Case) -> tuple[int, bool]:
            until = case.feedback_on or min(self.params.cutoff, case.withdrawn_on or self.params.cutoff)
            return (until - case.reported_on).days, case.feedback_on is not None

        return kaplan_meier(watched(case) for case in self.came)

    def days_to_feedback(self) -> Figure:
        curve = self.curve
        finished = [(case.feedback_on - case.reported_on).days for case in self.came if case.feedback_on]
        return {
            "value": curve.quantile(),
            "q25": curve.quantile(Fraction(1, 4)),
            "q75": curve.quantile(Fraction(3, 4)),
            "n": curve.total,
            "events": curve.events,
            "censored": curve.total - curve.events,
            "curve": [
                {
                    "t": step.time,
                    "at_risk": step.at_risk,
                    "events": step.events,
                    "censored": step.censored,
                    "S": float(step.survival),
                }
                for step in curve.steps
            ],
            "naive_median_of_finished_only": float(median(finished)) if finished else None,
        }

    def feedback_share(self) -> Figure:
        day, total = self.params.feedback_share_day, self.curve.total
        return {"value": float(1 - self.curve.survival_at(day)) if total else None, "n": total, "day": day}

    # --- measures

    def closed_with_measure(self) -> Figure:
        last = {case.id: max(day for day in case.closings if self.params.inside(day)) for case in self.closed}
        with_measure = {
            m.case_id
            for m in self.known.measures
            if m.case_id in last and m.decided_on is not None and m.decided_on <= last[m.case_id]
        }
        return {**self.share(len(with_measure), len(last)), "with_measure": sorted(with_measure)}

    def followed_up_in_time(self) -> Figure:
        due = [(m, m.followup_due_on) for m in self.known.measures if self.params.inside(m.followup_due_on)]
        late = [m.id for m, day in due if m.followed_up_on is not None and day is not None and m.followed_up_on > day]
        missing = [m.id for m, _ in due if m.followed_up_on is None]
        met = len(due) - len(late) - len(missing)
        return {**self.share(met, len(due)), "late": late, "missing": missing}

    def effective(self) -> Figure:
        effects = Counter(m.effect for m in self.followed_up)
        return {
            **self.share(effects[EFFECTIVE], len(self.followed_up)),
            "by_effect": {effect: effects[effect] for effect in EFFECTS},
        }

    def recurrence(self) -> Figure:
        detail = []
        for measure in self.followed_up:
            if measure.effect == EFFECTIVE and measure.followed_up_on is not None:
                start = measure.followed_up_on
                end = start + timedelta(days=self.params.recurrence_days)
                repeats = [
                    case.id
                    for case in self.cases
                    if (case.problem_type, case.receiver) == (measure.problem_type, measure.receiver)
                    and start < case.reported_on <= end
                ]
                detail.append({"measure": measure.id, "full_window": end <= self.params.cutoff, "repeats": repeats})
        full = [row for row in detail if row["full_window"]]
        return {
            **self.share(sum(bool(row["repeats"]) for row in full), len(full)),
            "not_yet": [row["measure"] for row in detail if not row["full_window"]],
            "detail": detail,
        }

    # --- ways, meetings, activities

    def sent_back(self) -> Figure:
        ways = [(case.id, case.way) for case in self.came]
        back = [case for case, way in ways if len(set(way)) < len(way)]
        handovers = sum(max(len(way) - 1, 0) for _, way in ways)
        return {
            **self.share(len(back), len(ways)),
            "ids": back,
            "mean_handovers": handovers / len(ways) if ways else None,
        }

    def sip(self) -> Figure:
        first: dict[str, date] = {}
        for meeting in self.known.meetings:
            if meeting.held_on is not None:
                first[meeting.sip_id] = min(first.get(meeting.sip_id, meeting.held_on), meeting.held_on)
        held = [m for m in self.known.meetings if self.params.inside(m.held_on)]
        return {
            "nya_sip": sum(self.params.inside(day) for day in first.values()),
            "genomforda_moten": len(held),
            "personer_med_genomford": len({m.person_key for m in held}),
            "full_narvaro": self.share(sum(m.parties_attended == m.parties_called for m in held), len(held)),
            "narvaro_parter": self.share(sum(m.parties_attended for m in held), sum(m.parties_called for m in held)),
            "installda": sum(m.held_on is None and self.params.inside(m.planned_on) for m in self.known.meetings),
            "kort_varsel_under_7_dagar": self.share(sum(_short_notice(m) for m in held), len(held)),
        }

    def activities_in_time(self) -> Figure:
        planned = [(a, a.planned_done_on) for a in self.known.activities if self.params.inside(a.planned_done_on)]
        stays = [(a, day) for a, day in planned if day and (a.cancelled_on is None or a.cancelled_on > day)]
        late = sum(a.done_on is not None and a.done_on > day for a, day in stays)
        not_done = [a.id for a, _ in stays if a.done_on is None]
        return {
            **self.share(len(stays) - late - len(not_done), len(stays)),
            "done_late": late,
            "not_done": not_done,
            "cancelled": len(planned) - len(stays),
        }

    def _months(self) -> Sequence[str]:
        start, end = self.params.period_start, self.params.period_end
        count = (end.year - start.year) * 12 + end.month - start.month + 1
        months = [divmod(start.year * 12 + start.month - 1 + n, 12) for n in range(count)]
        return [f"{year:04d}-{month + 1:02d}" for year, month in months]


def _short_notice(meeting: SipMeeting) -> bool:
    called, planned = meeting.called_on, meeting.planned_on
    return called is not None and planned is not None and (planned - called).days < SHORT_NOTICE_DAYS
