"""Lint of every page that a test fetches:

Valid HTML, title, one h1, unique ids, labelled fields, nothing inline that the CSP blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import html5lib
from lxml import html as lxml_html

Element = Any  # of lxml, which is typed nowhere
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
# Parse errors that browsers and standards shrug at.
TOLERATED = {"expected-doctype-but-got-start-tag-in-fragment"}

# What two pages of one shape may differ in: words between tags, and values without signs of their own.
REFERENCE = r"&(?:amp|lt|gt|quot|nbsp|#\d+);"
WORDS = re.compile(rf">(?:[\s;]++|{REFERENCE})*+[^<>&\s;](?:[^<>&]++|{REFERENCE})*+(?=<)")
VALUES = re.compile(r'(?<=\s)([a-z-]+)="[^"<>&]+"')
PLACES = re.compile(r'(?<=\s)(href|action|value|content|datetime)="[^"<>&]+"')  # nothing points to these
# What most pages share, and what they have of their own. Each is HTML, or not, whatever the other is.
MAIN = re.compile(r"<main\b[^>]*>(.*)</main>", re.DOTALL)
BARE = '<!doctype html><html lang="sv"><head><title>x</title></head><body><main>{}</main></body></html>'
_valid: set[str] = set()
_faultless: set[tuple[str, str]] = set()
_PARSER = lxml_html.HTMLParser(remove_comments=True, remove_pis=True)


@lru_cache(maxsize=8)
def tree(page: str) -> Element:
    """The root of a page. Quick, and forgiving: what is wrong with the page is said by `faults`."""
    return lxml_html.document_fromstring(page, parser=_PARSER)


def faults(page: str) -> list[str]:
    """What is wrong with a page, as readable lines; [] = nothing. Looked for once in pages of one shape: it is slow."""
    own = MAIN.search(page)
    frame, main = (page[: own.start(1)] + page[own.end(1) :], own[1]) if own else (page, "")
    known = _shape(frame), _shape(f">{main}<")
    if known in _faultless:
        return []
    root = tree(page)
    found = [*_errors(page, *known), *_outline(root), *_ids(root), *_fields(root), *_inline(root)]
    if not found:
        _faultless.add(known)
    return found


@lru_cache(maxsize=64)
def _shape(part: str) -> str:
    return PLACES.sub(r'\1="…"', WORDS.sub(">…", part))


def _errors(page: str, frame: str, main: str) -> Iterator[str]:
    """Where it is not HTML: the shape of its frame and of its main part are asked once each."""
    tags = [VALUES.sub(r'\1="…"', part) for part in (frame, BARE.format(main[1:-1]))]
    new = [part for part in tags if part not in _valid]
    if any(map(_parsed, new)):
        yield from _parsed(page) or ["the page is HTML, but its main part by itself is not"]
    else:
        _valid.update(new)


def _parsed(page: str) -> list[str]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    parser.parse(page)
    return [f"line {line}: {code} {data}" for (line, _), code, data in parser.errors if code not in TOLERATED]


def _outline(root: Element) -> Iterator[str]:
    title = root.find("./head/title")
    if title is None or not (title.text or "").strip():
        yield "the page has no title"
    if not root.get("lang"):
        yield "<html> has no lang"
    if (count := len(list(root.iter("h1")))) != 1:
        yield f"{count} h1, should be one"
    for image in root.iter("img"):
        if image.get("alt") is None:
            yield f"img without alt: {image.get('src')}"
    for link in root.iter("a"):
        if link.get("href") is not None and not _name(link):
            yield f"link without text: {link.get('href')}"
    for button in root.iter("button"):
        if not _name(button):
            yield "button without text"


def _ids(root: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    for element in root.iter("*"):
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{element.tag} {attribute} points to {name!r}, which is nowhere"


def _fields(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if _name(label)}
    wrapped = {id(field) for label in root.iter("label") if _name(label) for field in label.iter()}
    for field in root.iter("*"):
        if field.tag not in {"input", "select", "textarea"} or field.get("type", "text") in UNLABELLED_TYPES:
            continue
        named = (
            field.get("id") in labelled
            or id(field) in wrapped
            or field.get("aria-label")
            or field.get("aria-labelledby")
        )
        if not named:
            yield f"{field.tag} {field.get('name')!r} has no label"
    for form in root.iter("form"):
        if form.get("method", "get").lower() == "post" and not any(
            i.get("name") == "csrf_token" for i in form.iter("input")
        ):
            yield f"POST form to {form.get('action') or 'itself'!r} without csrf_token"


def _inline(root: Element) -> Iterator[str]:
    for element in root.iter("*"):
        if element.get("style") is not None or element.tag == "style":
            yield f"{element.tag} has inline style, which the CSP blocks"
        if element.tag == "script" and not element.get("src") and element.get("type") != "application/json":
            yield "inline script, which the CSP blocks"
        if handlers := [name for name in element.keys() if name.startswith("on")]:  # noqa: SIM118 -- Element is no dict
            yield f"{element.tag} has {handlers[0]}, which the CSP blocks"


def _name(element: Element) -> str:
    alternatives = [
        element.get("aria-label") or "",
        *element.itertext(),
        *(i.get("alt") or "" for i in element.iter("img")),
    ]
    return "".join(alternatives).strip()
