"""A samverkansgrupp's month from plain rows: what it must decide, what came, what recurs, who got an answer.

`month_content(facts, names)` is the whole computation, without database, clock or web. Every number in a sentence is
read from the same object as the table beside it: the sentences are written last, from the finished parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from avvikelse.analysis import month_charts as charting
from avvikelse.analysis import month_parties as parties
from avvikelse.analysis.bounces import bounces
from avvikelse.analysis.intervals import share
from avvikelse.analysis.month_content import (
    Answers,
    Candidate,
    Chart,
    Count,
    Headline,
    MeasureEffect,
    MonthContent,
    MonthTotal,
    News,
    Recurrence,
    SentBack,
    Sentence,
    Sign,
    ToDecide,
    Unfinished,
)
from avvikelse.analysis.month_facts import CaseRow, MonthFacts, Names, Verdict
from avvikelse.analysis.month_measures import Numbered, measure_effects, numbered, with_measures
from avvikelse.analysis.scan import Cell as SignalCell
from avvikelse.analysis.scan import CellKind, Counted, Signal
from avvikelse.analysis.signals import SignalFacts, signals
from avvikelse.analysis.words import counted, number_word, sentence_case

WINDOW = 24
SHORTEST_TABLE = 6  # months; a younger group's earlier ones would only be zeros
MOST_SENTENCES = 15
CARRIED_TOO_OFTEN = 3  # meetings
MOST_HEADLINES = 3
MOST_RECURRING = 8
MOST_ROUTES = 3


def month_content(facts: MonthFacts, names: Names) -> MonthContent:
    """Everything on the group's page for the month. The order of the rows does not matter, except among questions."""
    totals = _totals(facts)
    to_decide, unfinished = _to_decide(facts), _unfinished(facts)
    news = _news(facts, names, before=totals[-2].count)
    measures = numbered(facts)
    effects = measure_effects(facts, names, measures)
    recurring, answers = _recurring(facts, names, effects, measures), _answers(facts)
    drawn = charting.charts(facts, names, [(name, row.against, f"{row.done_on:%Y-%m}") for name, row in measures])
    cells = parties.cells_of_year(facts)
    quiet = parties.silent_parties(facts, cells, names)
    return MonthContent(
        month=facts.month,
        as_of=facts.as_of,
        complete=facts.elapsed >= 1,
        headlines=_Headlines(facts, names).of(news, recurring, answers, to_decide, unfinished, drawn),
        to_decide=to_decide,
        unfinished=unfinished,
        news=news,
        recurring=recurring,
        answers=answers,
        sent_back=_sent_back(facts, names),
        silent=tuple(party.name for party in quiet),
        totals=totals,
        chart=any(chart.key == charting.TOTALS for chart in drawn),
        line=charting.line(facts, names),
        silent_parties=quiet,
        candidates=tuple(Candidate(row.ref, row.sentence, row.count) for row in facts.candidates),
        measures=effects,
        indicators=facts.indicators,
        matrix=parties.direction_matrix(cells, names),
        forum_gaps=parties.forum_gaps(facts, cells, names),
        passages=parties.passages(facts, cells, names, measures),
        points=parties.broken_points(facts),
        missing_points=parties.missing_points(facts, names),
        charts=drawn,
        good=_sentences(facts.good, names),
        good_unsaid=sum(case.sentence is None for case in facts.good),
        asked_feedback=sum(number for (code, _, _), number in cells.items() if code in facts.feedback),
        news_since=facts.news_since,
    )


# --- decisions --------------------------------------------------------------------------------------------------------


def _to_decide(facts: MonthFacts) -> tuple[ToDecide, ...]:
    return tuple(
        ToDecide(q.ref, q.kind, q.text, q.raised_on, (facts.as_of - q.raised_on).days, q.proposal, q.owner)
        for q in facts.questions
    )


def _unfinished(facts: MonthFacts) -> tuple[Unfinished, ...]:
    rows = [
        Unfinished(
            d.ref,
            d.question,
            d.decision,
            d.owner,
            d.due_on,
            max(0, (facts.as_of - d.due_on).days),
            d.carried,
            d.no_mandate,
        )
        for d in facts.decisions
    ]
    return tuple(sorted(rows, key=lambda row: (-row.carried, -row.days_late, row.due_on)))


# --- what came --------------------------------------------------------------------------------------------------------


def _news(facts: MonthFacts, names: Names, before: int) -> News:
    readable = sum(case.sentence is not None for case in facts.cases) <= MOST_SENTENCES
    return News(
        total=len(facts.cases),
        before=before,
        sentences=_sentences(facts.cases, names) if readable else (),
        without_sentence=_counts(names.category(c.category) for c in facts.cases if not c.sentence),
        by_category=_counts(names.category(c.category) for c in facts.cases),
    )


def _sentences(cases: Sequence[CaseRow], names: Names) -> tuple[Sentence, ...]:
    """Sorted by what they say, so that the order tells nothing about which case came first."""
    said = [case for case in cases if case.sentence]
    alike = Counter((c.sentence or "", names.category(c.category), _route(names, c.sender, c.receiver)) for c in said)
    sentences = (Sentence(*words, count) for words, count in alike.items())
    return tuple(sorted(sentences, key=lambda s: (s.category, s.text, s.route)))


def _totals(facts: MonthFacts) -> tuple[MonthTotal, ...]:
    by_month: Counter[str] = Counter(case.month for case in facts.recent)
    for row in facts.earlier:
        by_month[row.month] += row.count
    shown = set(charting.active_months(facts)) | set(facts.months[-SHORTEST_TABLE:])
    return tuple(MonthTotal(month, by_month[month]) for month in facts.months if month in shown)


def _recurring(
    facts: MonthFacts, names: Names, effects: Sequence[MeasureEffect], measures: Sequence[Numbered]
) -> tuple[Recurrence, ...]:
    """The scan over every cell; shown are the pairs, and the wider cells that say something no pair says."""
    found = signals(_signal_facts(facts)).cells
    told = {row.cell.theme for row in found if row.signal and row.cell.kind is CellKind.PAIR}
    shown = [
        row
        for row in found
        if row.cell.kind is CellKind.PAIR or (row.signal and row.cell.theme not in told and _widest(row, found))
    ]
    rows = tuple(
        Recurrence(
            category=names.category(row.cell.theme),
            route=_place(row.cell, names),
            month=row.month,
            recent=row.a,
            earlier=row.b,
            expected=row.expected,
            sign=Sign.FEW if row.p is None else Sign.RISING if row.signal else Sign.USUAL,
            sentence=row.sentence,
        )
        for row in shown[:MOST_RECURRING]
    )
    return with_measures(rows, [_against(facts, row.cell) for row in shown[:MOST_RECURRING]], effects, measures)


def _against(facts: MonthFacts, cell: SignalCell) -> tuple[str, str] | None:
    """What a measure would have to be against, to be about this cell; about a theme: what it was confirmed from."""
    theme = facts.themes.get(cell.theme)
    if theme is not None:
        return theme.about
    if cell.kind is CellKind.PAIR:
        return cell.theme, cell.place.partition(">")[2]
    return (cell.theme, cell.place) if cell.kind is CellKind.RECEIVER else None


def _widest(row: Signal, found: Sequence[Signal]) -> bool:
    """The surest of the wider cells of a theme: its receiver, its kommun and its group would say the same thrice."""
    alike = [one for one in found if one.signal and one.cell.theme == row.cell.theme]
    return row == min(alike, key=lambda one: (one.p or 0.0, one.cell))


def _signal_facts(facts: MonthFacts) -> SignalFacts:
    places = {month: place for place, month in enumerate(facts.months)}
    recent = [case for case in facts.recent if case.cell[0] not in facts.not_problems and case.month in places]
    rows = [Counted(places[c.month], c.theme or c.cell[0], *c.cell[1:], c.kommun, 1) for c in recent]
    rows += [
        Counted(places[row.month], row.theme or row.cell[0], *row.cell[1:], row.kommun, row.count)
        for row in facts.earlier
        if row.cell[0] not in facts.not_problems and row.month in places
    ]
    first_on = facts.standing.first_on
    return SignalFacts(
        group="",
        months=facts.months,
        counted=tuple(rows),
        recent=tuple((row, case.reporter) for row, case in zip(rows, recent, strict=False)),
        first_month=f"{first_on:%Y-%m}" if first_on else None,
        elapsed=facts.elapsed,
    )


def _place(cell: SignalCell, names: Names) -> str:
    """Where it comes more often, in words."""
    if cell.kind is CellKind.PAIR:
        sender, _, receiver = cell.place.partition(">")
        return _route(names, sender, receiver)
    if cell.kind is CellKind.RECEIVER:
        return f"Gäller {names.concerned(cell.place)}, oavsett vem som rapporterar"
    return names.kommun(cell.place) if cell.kind is CellKind.KOMMUN else "Hela gruppens område"


# --- answers ----------------------------------------------------------------------------------------------------------


def _answers(facts: MonthFacts) -> Answers:
    waiting_for = [case for case in facts.cases if case.answered or not case.withdrawn]
    ratings = _latest_ratings(facts.verdicts)
    said = Counter(rating for rating in ratings.values() if rating)
    rated, standing = sum(said.values()), facts.standing
    oldest = (facts.as_of - standing.oldest_due_on).days if standing.oldest_due_on and standing.late else 0
    return Answers(
        answered=share(sum(case.answered for case in waiting_for), len(waiting_for)),
        open=standing.open,
        late=standing.late,
        oldest_days_late=oldest,
        sent=len(ratings),
        ja=share(said["ja"], rated),
        delvis=share(said["delvis"], rated),
        nej=share(said["nej"], rated),
    )


def _latest_ratings(verdicts: Iterable[Verdict]) -> dict[int, str | None]:
    """Per case what the reporter said last; a new version that nobody has judged does not take away the verdict."""
    latest: dict[int, str | None] = {}
    for verdict in sorted(verdicts, key=lambda v: (v.case, v.version)):
        latest[verdict.case] = verdict.rating or latest.get(verdict.case)
    return latest


def _sent_back(facts: MonthFacts, names: Names) -> SentBack:
    found = bounces(facts.holds)
    ways = [Count(_way(names, route.kinds), route.cases) for route in found.routes]
    return SentBack(found.returned, found.long, tuple(ways[:MOST_ROUTES]))


# --- sentences --------------------------------------------------------------------------------------------------------


_CHANGED = {
    Sign.RISING: "{title}: fler än den vanliga variationen.",
    Sign.FALLING: "{title}: färre än den vanliga variationen.",
    Sign.BETTER: "{title}: en ny, lägre nivå har hållit i sig.",
    Sign.SHIFTED: "{title}: annat än den vanliga variationen.",
}


@dataclass(frozen=True, slots=True)
class _Headlines:
    """The sentences on top, most important first, from the parts that the tables show."""

    facts: MonthFacts
    names: Names

    def of(
        self,
        news: News,
        recurring: tuple[Recurrence, ...],
        answers: Answers,
        to_decide: tuple[ToDecide, ...],
        unfinished: tuple[Unfinished, ...],
        drawn: tuple[Chart, ...],
    ) -> tuple[Headline, ...]:
        candidates = (
            self._decisions(to_decide, unfinished),
            *(
                Headline(
                    Sign.RISING, f"”{row.category}” rapporteras oftare än väntat.", f"{row.route}. {row.sentence}."
                )
                for row in recurring[:2]
                if row.sign is Sign.RISING
            ),
            *(
                Headline(
                    Sign.RISING, f"”{row.category}” har inte minskat efter åtgärden.", f"{row.route}. {row.sentence}."
                )
                for row in recurring
                if "inte minskat" in row.measure and row.sign is not Sign.RISING
            ),
            *(
                Headline(chart.sign, _CHANGED[chart.sign].format(title=chart.title), chart.reading)
                for chart in drawn
                if chart.sign in _CHANGED
            ),
            self._late(answers),
            self._came(news, answers),
        )
        return tuple(one for one in candidates if one is not None)[:MOST_HEADLINES]

    def _decisions(self, to_decide: tuple[ToDecide, ...], unfinished: tuple[Unfinished, ...]) -> Headline | None:
        stuck = [row for row in unfinished if row.carried >= CARRIED_TOO_OFTEN]
        if stuck:
            title = f"{sentence_case(counted(len(stuck), 'beslut', 'beslut', neuter=True))} har förts vidare tre möten."
            return Headline(Sign.LATE, title, "Frågan kvarstår: lyft den, avsluta med skäl eller välj en ny ansvarig.")
        late = [row for row in unfinished if row.days_late]
        number = sentence_case(counted(len(late), "beslut", "beslut", neuter=True))
        overdue = f"{number} har passerat sin dag." if late else ""
        if not to_decide:
            return Headline(Sign.LATE, overdue, "") if late else None
        waiting = max(row.days_waiting for row in to_decide)
        oldest = "Den" if len(to_decide) == 1 else "Den äldsta"
        age = f"{oldest} har väntat {counted(waiting, 'dag', 'dagar')}." if waiting else ""
        title = f"{sentence_case(counted(len(to_decide), 'fråga', 'frågor'))} väntar på gruppens beslut."
        return Headline(Sign.DECIDE, title, f"{age} {overdue}".strip())

    def _late(self, answers: Answers) -> Headline | None:
        if not answers.late:
            return None
        title = f"{sentence_case(counted(answers.late, 'ärende', 'ärenden', neuter=True))} har passerat sin dag."
        which = "Det" if answers.late == 1 else "Det som är mest försenat"
        return Headline(Sign.LATE, title, f"{which} är {counted(answers.oldest_days_late, 'dag', 'dagar')} sent.")

    def _came(self, news: News, answers: Answers) -> Headline:
        month = self.names.month(self.facts.month)
        if self.facts.news_since:
            return self._came_since(news, answers)
        if not news.total:
            return Headline(
                Sign.USUAL, f"Inga avvikelser rapporterades i {month}.", "Det betyder inte att allt har fungerat."
            )
        came = sentence_case(counted(news.total, "avvikelse", "avvikelser"))
        before = number_word(news.before) if news.before else "ingen"
        title = f"{came} i {month}, {before} i {self.names.month(self.facts.months[-2])}."
        got = answers.answered
        told = "ingen" if not got.count else "alla" if got.count == got.total > 1 else number_word(got.count)
        text = f"Av rapporterna i {month} har {told} fått svar." if got.total else ""
        return Headline(Sign.USUAL, title, text)

    def _came_since(self, news: News, answers: Answers) -> Headline:
        """In a meeting's papers the months are not compared: meetings lie unevenly far apart."""
        came = sentence_case(counted(news.total, "avvikelse", "avvikelser"))
        title = f"{came} sedan förra mötet."
        got = answers.answered
        told = "ingen" if not got.count else "alla" if got.count == got.total > 1 else number_word(got.count)
        text = f"Av dem har {told} fått svar." if got.total else "Det betyder inte att allt har fungerat."
        return Headline(Sign.USUAL, title, text)


def _route(names: Names, sender: str, receiver: str) -> str:
    return f"{names.reporter(sender)} rapporterar, gäller {names.concerned(receiver)}"


def _way(names: Names, kinds: tuple[str, ...]) -> str:
    first, *rest = (names.concerned(kind) for kind in kinds)
    return f"{sentence_case(first)}, {', '.join(f'till {kind}' for kind in rest[:-1])} och tillbaka"


def _counts(labels: Iterable[str]) -> tuple[Count, ...]:
    return tuple(Count(label, n) for label, n in sorted(Counter(labels).items(), key=lambda item: (-item[1], item[0])))
