"""A way through the pages on a phone, counted: how many taps, how many words, how many seconds without typing.

docs/promises/tre-minuter.md has the results. How it is counted: taps as they are made, a list being two (open, choose);
a tap takes 2.45 s (a decision 1.35 s, finding and hitting 1.1 s: the keystroke-level model). Words are those of the
pages before the receipt, without the lists' choices, what is folded away and one's own text; people who fill in a form
read 28 % of its words (Nielsen 2008), at 238 words a minute (Brysbaert 2019). Typing is 400 characters at 3 a second,
as on a phone (Palin 2019). Waiting for the server is not counted: here it is a loaded test machine's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.conftest import LiveServer
from tests.support.looking import look
from tests.support.pressing import press

# 400 characters, as somebody at a fritidsgård would write.
STORY = (
    "Vi var kallade till ett nätverksmöte om en ungdom som är mycket hos oss. Skolan och socialtjänsten hade "
    "bestämt ny tid men ingen sa det till oss. När vi kom var rummet tomt. Vi ringde runt och fick olika besked"
    " om vem som kallar. Det tog tre veckor innan ett nytt möte blev av. Under tiden stod ungdomen utan det "
    "stöd som skulle börja. Det har hänt tidigare i höst med en annan ungdom. Vem kallar nu?"
)
TAP, WORD, KEY = 2.45, 60 / 238, 1 / 3  # seconds
READ = 0.28  # of the words


@dataclass
class Walk:
    """One person on a phone. `taps` and `words` add up what the way costs."""

    server: LiveServer
    page: Any
    scripts: bool
    taps: int = 0
    words: int = 0

    def go(self, path: str) -> None:
        self.page.goto(self.server.url + path)
        self.read()

    def tap(self, control: Any) -> None:
        self.taps += 1
        control.click()

    def send(self, control: Any) -> None:
        """A tap that opens another page."""
        self.taps += 1
        press(control)

    def press(self, control: Any) -> None:
        """A tap that opens a page to read."""
        self.send(control)
        self.read()

    def choose(self, label: str, beginning: str) -> None:
        """A list: open it, choose."""
        self.taps += 2
        control = self.page.get_by_label(label).first
        options = control.locator("option").all_text_contents()
        control.select_option(label=next(text for text in options if text.startswith(beginning)))

    def write(self, label: str, text: str) -> None:
        self.taps += 1
        self.page.get_by_label(label).first.fill(text)

    def read(self) -> None:
        """Everything on the page but the choices of lists and what is folded away."""
        text = self.page.locator("main").inner_text()
        shown = self.page.locator("main select:visible option")
        self.words += max(0, _words(text) - _words(" ".join(shown.all_text_contents())))

    def look(self, name: str) -> None:
        look(self.server, self.page, name, scripts=self.scripts)

    @property
    def seconds(self) -> float:
        """Without typing."""
        return self.taps * TAP + self.words * READ * WORD

    @property
    def total(self) -> float:
        """With 400 characters typed."""
        return self.seconds + len(STORY) * KEY

    @property
    def measured(self) -> str:
        spent = f"{self.seconds:.0f} s utan att skriva, {self.total:.0f} s i allt"
        return f"{self.taps} tryck, {self.words} ord, {spent}"


def _words(text: str) -> int:
    """A dash or a dot alone is read by nobody."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())
