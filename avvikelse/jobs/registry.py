"""THE table of jobs: everything that runs by itself, how often, and what it does. Open to add or pause one.

Every job may run twice and may miss once: it selects its work from data. A slot (a local day, or a step of an interval)
is run once, by whichever process comes first; runner.py sees to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from avvikelse.jobs import tasks_daily, tasks_ladder, tasks_learning, tasks_mail, tasks_month
from avvikelse.jobs.house import Work

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Every:
    """At each step of an interval that divides a day."""

    seconds: int

    def slot(self, now: datetime) -> str:
        step = int(now.timestamp()) // self.seconds * self.seconds
        return datetime.fromtimestamp(step, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def tick(self) -> int:
        """How often, in seconds, to ask whether a slot waits."""
        return self.seconds

    def __str__(self) -> str:
        named = {60: "varje minut", 3600: "varje timme", 10_800: "var tredje timme"}.get(self.seconds)
        return named or (f"var {self.seconds}:e sekund" if self.seconds < 60 else f"var {self.seconds // 60}:e minut")


@dataclass(frozen=True, slots=True)
class Daily:
    """Once per local day, at or after a time. Not between 02 and 03: some days lack that hour, some have it twice.

    A day that was missed at its hour is caught up with when somebody is there again; an older one is not.
    """

    at: time

    def slot(self, now: datetime) -> str:
        local = now.astimezone(STOCKHOLM)
        day = local.date() if local.time() >= self.at else local.date() - timedelta(days=1)
        return day.isoformat()

    @property
    def tick(self) -> int:
        return 300

    def __str__(self) -> str:
        return f"varje dag kl. {self.at:%H.%M}"


@dataclass(frozen=True, slots=True)
class Job:
    """`lease` is how long a silent process keeps the others away; longer than the work takes."""

    name: str
    label: str
    schedule: Every | Daily
    work: Work
    lease: timedelta = timedelta(minutes=5)


# fmt: off
JOBS: tuple[Job, ...] = (
    Job("send_outbox",    "Skickar mejl som väntar",                     Every(15),          tasks_mail.send_outbox),
    Job("heartbeat",      "Visar att schemat lever",                     Every(60),          tasks_daily.heartbeat),
    Job("release_severe", "Släpper mejl om något allvarligt utan konto", Every(3 * 3600),   tasks_mail.release_severe),
    Job("climb",          "Påminner och går vidare när tider går ut",    Every(600),         tasks_ladder.climb),
    Job("follow_people",  "Låter ärenden följa när någon är borta",      Every(600),         tasks_daily.follow_people),
    Job("ask_effects",    "Frågar om åtgärder fungerar",                 Every(3600),        tasks_daily.ask_effects),
    Job("digests",        "Samlar veckomejl till dem som valt det",     Daily(time(6, 30)), tasks_daily.gather_digests),
    Job("remind_reviews", "Påminner om avtal som ska ses över",  Daily(time(6, 20)), tasks_daily.remind_reviews),
    Job("remind_of_roles", "Påminner om att gå igenom roller", Daily(time(6, 50)), tasks_daily.remind_of_roles),
    Job("remind_of_sip",  "Påminner om SIP-siffror som saknas",     Daily(time(6, 40)), tasks_daily.remind_of_sip),
    Job("tell_ended_roles", "Säger till den vars roll har upphört", Daily(time(6, 55)), tasks_daily.tell_role_ended),
    Job("purge_brakes",   "Tar bort räknare över inloggningsförsök",     Every(3600),        tasks_daily.purge_brakes),
    Job("purge_drafts",   "Tar bort utkast som ingen rört på 30 dagar",  Daily(time(3, 20)), tasks_daily.purge_drafts),
    Job("purge_sessions", "Tar bort gamla inloggningar",               Daily(time(3, 30)), tasks_daily.purge_sessions),
    Job("purge_traces",   "Tar bort spår av mejl och körningar",         Daily(time(3, 40)), tasks_daily.purge_traces),
    Job("anchor_audit",   "Ankrar loggens kedja utanför databasen",      Daily(time(4, 0)),  tasks_daily.anchor_audit),
    Job("publish_months", "Fastställer samverkansgruppernas månader",    Daily(time(4, 20)), tasks_month.publish),
    Job("meeting_papers", "Gör underlag tio arbetsdagar före möten",     Daily(time(4, 40)), tasks_month.prepare),
    Job("tell_above",     "Säger till gruppen ovanför vad en grupp saknar", Daily(time(6, 10)), tasks_month.tell_above),
    Job("find_patterns",  "Letar efter mönster för grupperna",     Daily(time(4, 10)), tasks_learning.find_patterns),
    Job("order_similar",  "Ordnar liknande ärenden, de mest lika först", Every(300), tasks_learning.order_similar),
    Job("make_board",     "Räknar fram siffrorna på Läget",        Daily(time(4, 50)), tasks_learning.make_board),
)
# fmt: on


def find(name: str) -> Job:
    """Raises KeyError for a name that is no job."""
    return {job.name: job for job in JOBS}[name]


def jobs_markdown() -> str:
    """The table for docs/generated/jobb.md."""
    rows = "".join(f"| `{job.name}` | {job.label} | {job.schedule} |\n" for job in JOBS)
    return (
        "<!-- Görs av `make docs` ur programmets tabeller. Ändra inte för hand. -->\n"
        "# Det som sker av sig självt\n\nKälla: `avvikelse/jobs/registry.py`. Tiderna är svensk tid.\n\n"
        "| Jobb | Vad | När |\n| --- | --- | --- |\n" + rows
    )
