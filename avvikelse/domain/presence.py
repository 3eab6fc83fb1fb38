"""THE order in which somebody answers for a position: itself, its substitutes, the positions above. Open when the wrong
person is asked to step in, or nobody is.

Everything that asks "who answers for this position today?" goes through here: routing, the ladder, Kontaktvägar, and
succession (services/succession.py), which moves the open cases. After the last of the order comes the samordnare of the
område, who is no position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from avvikelse.domain.organisation import OrganisationMap, Post
from avvikelse.domain.vocabulary import Labelled


class Missing(Labelled):
    """Why a position does not answer today."""

    VACANT = "vacant", "är vakant"
    AWAY = "away", "är borta just nu"
    UNHELD = "unheld", "har ingen innehavare"


def why_missing(org: OrganisationMap, post: Post) -> Missing | None:
    """None when it answers. One that nobody has held yet answers: the pack says that it is staffed."""
    if post.vacant:
        return Missing.VACANT
    if post.id in org.absent:
        return Missing.AWAY
    return Missing.UNHELD if post.id in org.unheld else None


def substitutes(org: OrganisationMap, post: Post | None) -> Iterator[Post]:
    """In their order; a ring ends where it began, and the order ends where another sekretessområde begins: whoever
    stands in reads the manager's cases.
    """
    seen: set[str] = set()
    while post is not None:
        seen.add(post.id)
        following = org.posts.get(post.substitute or "")
        if following is None or following.id in seen or not _share_omrade(org, post, following):
            return
        yield following
        post = following


def _share_omrade(org: OrganisationMap, one: Post, other: Post) -> bool:
    """A position above units belongs to all of them."""
    mine, theirs = org.units.get(one.unit or ""), org.units.get(other.unit or "")
    return mine is None or theirs is None or mine.omrade == theirs.omrade


def above(org: OrganisationMap, organisation: str | None) -> Iterator[Post]:
    """The positions of the organisation and of those above it, the nearest first."""
    seen: set[str] = set()
    while organisation is not None and organisation not in seen:
        seen.add(organisation)
        yield from (post for post in org.posts.values() if post.organisation == organisation)
        organisation = org.parents.get(organisation)


def organisation_of(org: OrganisationMap, post: Post | None) -> str | None:
    """The organisation right above a position: its unit's, or the one above its own."""
    if post is None:
        return None
    unit = org.units.get(post.unit or "")
    return unit.organisation if unit is not None else org.parents.get(post.organisation or "")


def order(org: OrganisationMap, post: Post | None, organisation: str | None = None) -> Iterator[Post]:
    """Who is asked when the position does not answer, each once. `organisation` where there is no position to ask."""
    seen = {post.id} if post is not None else set()
    for one in (*substitutes(org, post), *above(org, organisation or organisation_of(org, post))):
        if one.id not in seen:
            seen.add(one.id)
            yield one


def stand_in(
    org: OrganisationMap, post: Post | None, organisation: str | None = None, *, fits: Callable[[Post], bool]
) -> Post | None:
    """The first in the order who answers today and `fits` (is no party to the matter, may know of it)."""
    return next((one for one in order(org, post, organisation) if why_missing(org, one) is None and fits(one)), None)


def has_substitute(org: OrganisationMap, post: Post) -> bool:
    """*Saknar ersättare* when false: no substitute answers today, and the position's cases go to the manager above.

    Asked before it hurts, also of a position that answers itself.
    """
    return any(why_missing(org, one) is None for one in substitutes(org, post))


def passed_over(org: OrganisationMap, post: Post, until: str) -> tuple[Post, ...]:
    """The position and everybody in the order before `until`: the chain, as a page shows it."""
    found = [post]
    for one in order(org, post):
        if one.id == until:
            break
        found.append(one)
    return tuple(found)


def nearest_common(org: OrganisationMap, one: Post | None, other: Post | None) -> Post | None:
    """The nearest manager above both who answers today; None when they share none."""
    theirs = {post.id for post in above(org, organisation_of(org, other))}
    for post in above(org, organisation_of(org, one)):
        if post.id in theirs and why_missing(org, post) is None:
            return post
    return None
