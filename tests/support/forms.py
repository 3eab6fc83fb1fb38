"""Fills in a form of a page as a browser does: the hidden fields and what is already chosen go along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.html import Element, tree


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it stands on the page. `fields` is what would be sent if nothing is changed."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    names: frozenset[str]
    buttons: tuple[tuple[str, str, str], ...]  # text, name, value

    def filled(self, values: Mapping[str, Any], button: str | None) -> list[tuple[str, str]]:
        """What is sent with `values` (a list for several of one name, None leaves it out) and a button pressed."""
        strange = set(values) - self.names
        assert not strange, f"the form has no field {sorted(strange)}; it has {sorted(self.names)}"
        sent = [(name, value) for name, value in self.fields if name not in values]
        for name, value in values.items():
            sent += [
                (name, str(item))
                for item in (value if isinstance(value, list | tuple) else [value])
                if item is not None
            ]
        pressed = [found for found in self.buttons if button is None or button in found[0]]
        assert pressed or button is None, f"no button {button!r}; there are {[text for text, _, _ in self.buttons]}"
        return sent + [(name, value) for _, name, value in pressed[:1] if name]


def find(page: str, *, action: str | None = None, button: str | None = None) -> Form:
    """The first POST form whose action contains `action` and that has a button with the text `button`."""
    forms = [form for form in parse(page) if form.method == "post"]
    for form in forms:
        if (action is None or action in form.action) and (
            button is None or any(button in text for text, _, _ in form.buttons)
        ):
            return form
    seen = [(form.action, [text for text, _, _ in form.buttons]) for form in forms]
    raise AssertionError(f"no form with action {action!r} and button {button!r}; there are {seen}")


def parse(page: str) -> Iterator[Form]:
    """Every form of a page."""
    for form in tree(page).iter("form"):
        controls = [*form.iter("input"), *form.iter("textarea"), *form.iter("select")]
        yield Form(
            form.get("action", ""),
            form.get("method", "get").lower(),
            tuple(pair for control in controls for pair in _sent(control)),
            frozenset(control.get("name", "") for control in controls),
            tuple(_buttons(form)),
        )


def _sent(control: Element) -> Iterator[tuple[str, str]]:
    name, kind = control.get("name"), control.get("type", "text")
    if not name or control.get("disabled") is not None or kind in {"submit", "button", "image", "reset", "file"}:
        return
    if control.tag == "textarea":
        yield name, (control.text or "").removeprefix("\n")
    elif control.tag == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        for option in chosen if control.get("multiple") is not None else (chosen or options)[:1]:
            yield name, option.get("value", "".join(option.itertext()).strip())
    elif kind not in {"checkbox", "radio"} or control.get("checked") is not None:
        yield name, control.get("value", "on" if kind in {"checkbox", "radio"} else "")


def _buttons(form: Element) -> Iterator[tuple[str, str, str]]:
    for button in form.iter("button"):
        if button.get("type", "submit") == "submit":
            yield " ".join("".join(button.itertext()).split()), button.get("name", ""), button.get("value", "")
    for control in form.iter("input"):
        if control.get("type") == "submit":
            yield control.get("value", ""), control.get("name", ""), control.get("value", "")
