"""*Kopplingskod*: "björk-sten-älv 7", said by one reporter to another, so that two reports are of one event.

Open to change what a code looks like. It says nothing about anybody and is good for thirty days.
"""

from __future__ import annotations

import re

DAYS = 30
MOST = 5  # reports of one event
_WORDS = (
    "björk sten älv gran fors berg sjö skog äng dal ek alm asp lönn tall rönn hassel sälg pil lind hägg "
    "mossa lav ljung blåbär lingon hallon hjortron smultron nypon krusbär vinbär äpple päron plommon körsbär "
    "havre korn råg vete klöver timotej tistel nässla vallmo blåklint prästkrage viol tulpan ros lilja "
    "näckros kaveldun vass säv ormbunke fräken kantarell sopp riska räv hare igelkott ekorre grävling utter "
    "bäver älg ren hjort lodjur varg björn järv mård iller hermelin lämmel sork mullvad vessla säl tumlare "
    "ärta böna kål rova morot lök palsternacka rädisa dill timjan mynta gurka sallad potatis trast lärka "
    "svala stare bofink talgoxe domherre koltrast gök tjäder orre ripa trana svan gås and vigg knipa lom "
    "tärna mås hök falk örn uggla kaja kråka korp skata duva gädda abborre lax öring röding sik harr mört "
    "braxen gös lake sill strömming torsk makrill flundra humla bi fjäril trollslända myra gräshoppa "
    "nyckelpiga sol måne stjärna moln regn snö is frost dimma vind åska regnbåge norrsken hagel dagg vik "
    "udde strand brygga båt segel roder ankare fyr hamn kanal bro damm källa bäck tjärn myr kärr hed stig "
    "väg grind gärde hus stuga lada stall kvarn smedja torn bänk bord stol lampa spis klocka spegel matta "
    "kudde filt korg hink spade yxa såg hammare spik rep knut nål tråd väv garn knapp bulle limpa kaka "
    "våffla pannkaka gröt soppa ost smör mjölk saft honung sylt boll kälke skida skridsko spark drake trumma "
    "flöjt fiol gitarr piano klang visa vals polska röd blå grön gul vit grå brun lila"
)
WORDS: tuple[str, ...] = tuple(_WORDS.split())
_SEPARATORS = re.compile(r"[\s\-–—.,]+")


def from_bytes(random: bytes) -> str:
    """A code out of at least 16 random bytes."""
    if len(random) < 16:
        raise ValueError("too few random bytes")
    number = int.from_bytes(random)
    parts = []
    for _ in range(3):
        number, at = divmod(number, len(WORDS))
        parts.append(WORDS[at])
    return f"{parts[0]}-{parts[1]}-{parts[2]} {number % 10}"


def parsed(typed: str) -> str | None:
    """The code in what somebody typed, however it was parted; None when it cannot be one."""
    parts = _SEPARATORS.split(typed.strip().lower())
    if len(parts) != 4 or any(word not in WORDS for word in parts[:3]) or not re.fullmatch(r"[0-9]", parts[3]):
        return None
    return f"{parts[0]}-{parts[1]}-{parts[2]} {parts[3]}"
