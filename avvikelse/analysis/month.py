"""A samverkansgrupp's month from plain rows: what it must decide, what came, what recurs, who got an answer.

`month_content(facts, names)` is the whole computation, without database, clock or web. Every number in a sentence is
read from the same object as the table beside it: the sentences are written last, from the finished parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from avvikelse.analysis import recurring as scanning
from avvikelse.analysis.bounces import bounces
from avvikelse.analysis.intervals import share
from avvikelse.analysis.month_content import (
    Answers,
    Count,
    Headline,
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
from avvikelse.analysis.month_facts import MonthFacts, Names, Verdict
from avvikelse.analysis.words import counted, number_word, sentence_case

WINDOW = scanning.RECENT_MONTHS + scanning.EARLIER_MONTHS
MOST_SENTENCES = 15
MOST_HEADLINES = 3
MOST_RECURRING = 8
MOST_ROUTES = 3
SILENT_MONTHS = 12
CHART_MONTHS, CHART_MEAN = 13, 5.0


def month_content(facts: MonthFacts, names: Names) -> MonthContent:
    """Everything on the group's page for the month. The order of the rows does not matter, except among questions."""
    totals = _totals(facts)
    to_decide, unfinished = _to_decide(facts), _unfinished(facts)
    news = _news(facts, names, before=totals[-2].count)
    recurring, answers = _recurring(facts, names), _answers(facts)
    shown = [total.count for total in totals]
    return MonthContent(
        month=facts.month,
        as_of=facts.as_of,
        complete=facts.elapsed >= 1,
        headlines=_Headlines(facts, names).of(news, recurring, answers, to_decide, unfinished),
        to_decide=to_decide,
        unfinished=unfinished,
        news=news,
        recurring=recurring,
        answers=answers,
        sent_back=_sent_back(facts, names),
        silent=_silent(facts, names),
        totals=totals,
        chart=len(shown) >= CHART_MONTHS and sum(shown) / len(shown) >= CHART_MEAN,
    )


# --- decisions --------------------------------------------------------------------------------------------------------


def _to_decide(facts: MonthFacts) -> tuple[ToDecide, ...]:
    return tuple(
        ToDecide(q.ref, q.kind, q.text, q.raised_on, (facts.as_of - q.raised_on).days)
        for q in facts.questions
        if q.decided_on is None
    )


def _unfinished(facts: MonthFacts) -> tuple[Unfinished, ...]:
    rows = [
        Unfinished(q.ref, q.text, q.decision, q.owner, q.due_on, max(0, (facts.as_of - q.due_on).days))
        for q in facts.questions
        if q.decided_on is not None and q.due_on is not None
    ]
    return tuple(sorted(rows, key=lambda row: (-row.days_late, row.due_on)))


# --- what came --------------------------------------------------------------------------------------------------------


def _news(facts: MonthFacts, names: Names, before: int) -> News:
    said = [case for case in facts.cases if case.sentence]
    readable = len(said) <= MOST_SENTENCES
    sentences = (
        Sentence(c.sentence or "", names.category(c.category), _route(names, c.sender, c.receiver)) for c in said
    )
    return News(
        total=len(facts.cases),
        before=before,
        # Sorted by what they say, so that the order tells nothing about which case came first.
        sentences=tuple(sorted(sentences, key=lambda s: (s.category, s.text, s.route))) if readable else (),
        without_sentence=_counts(names.category(c.category) for c in facts.cases if not c.sentence),
        by_category=_counts(names.category(c.category) for c in facts.cases),
    )


def _totals(facts: MonthFacts) -> tuple[MonthTotal, ...]:
    by_month: Counter[str] = Counter(case.month for case in facts.recent)
    for row in facts.earlier:
        by_month[row.month] += row.count
    return tuple(MonthTotal(month, by_month[month]) for month in facts.months)


def _recurring(facts: MonthFacts, names: Names) -> tuple[Recurrence, ...]:
    earlier = [row for row in facts.earlier if row.cell[0] not in facts.not_problems]
    first_on = facts.standing.first_on
    twelve = facts.months[: scanning.EARLIER_MONTHS]
    found = scanning.scan(
        [case for case in facts.recent if case.cell[0] not in facts.not_problems],
        [(row.cell, row.count) for row in earlier],
        month=facts.month,
        recent_length=scanning.RECENT_MONTHS - 1 + facts.elapsed,
        # A group that is younger than the window is compared with the months that it has had.
        earlier_length=sum(first_on is not None and month >= f"{first_on:%Y-%m}" for month in twelve),
    )
    return tuple(
        Recurrence(
            category=names.category(row.category),
            route=_route(names, row.sender, row.receiver),
            month=row.month,
            recent=row.recent,
            earlier=row.earlier,
            expected=row.expected,
            sign=Sign.FEW if row.p is None else Sign.RISING if row.signal else Sign.USUAL,
            sentence=row.sentence,
        )
        for row in found[:MOST_RECURRING]
    )


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


def _silent(facts: MonthFacts, names: Names) -> tuple[str, ...]:
    """Kinds of units in the area that others have reported about in twelve months and that have reported nothing."""
    months = facts.months[-SILENT_MONTHS:]
    cells = {case.cell for case in facts.recent if case.month in months}
    cells |= {row.cell for row in facts.earlier if row.month in months and row.count}
    reported, named = {cell[1] for cell in cells}, {cell[2] for cell in cells}
    return tuple(sorted(sentence_case(names.concerned(kind)) for kind in (named - reported) & facts.kinds_in_area))


# --- sentences --------------------------------------------------------------------------------------------------------


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
            self._late(answers),
            self._came(news, answers),
        )
        return tuple(one for one in candidates if one is not None)[:MOST_HEADLINES]

    def _decisions(self, to_decide: tuple[ToDecide, ...], unfinished: tuple[Unfinished, ...]) -> Headline | None:
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


def _route(names: Names, sender: str, receiver: str) -> str:
    return f"{names.reporter(sender)} rapporterar, gäller {names.concerned(receiver)}"


def _way(names: Names, kinds: tuple[str, ...]) -> str:
    first, *rest = (names.concerned(kind) for kind in kinds)
    return f"{sentence_case(first)}, {', '.join(f'till {kind}' for kind in rest[:-1])} och tillbaka"


def _counts(labels: Iterable[str]) -> tuple[Count, ...]:
    return tuple(Count(label, n) for label, n in sorted(Counter(labels).items(), key=lambda item: (-item[1], item[0])))
