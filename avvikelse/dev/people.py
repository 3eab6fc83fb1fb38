"""The made-up people of the demo and what each may do. Open to add somebody, or to change the table of log-ins.

One line per person: address (before @example.org), name, roles as "role:slug" of the pack, and for whom she stands in
the table of log-ins ("" = not shown there). Nobody here exists.
"""
# ruff: noqa: E501 -- tables are read across

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DOMAIN = "example.org"
PASSWORD = "avvikelse-demo-2026"
EVERYTHING = "*"  # the scope of the administrator of the whole system


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    name: str
    roles: tuple[str, ...]
    shown_as: str = ""

    @property
    def email(self) -> str:
        return f"{self.login}@{DOMAIN}"


P = Person
SYSTEM_ADMINISTRATOR = P("admin", "Alva Berg", (f"administrator:{EVERYTHING}",), "Administratör för hela systemet")

# fmt: off
PEOPLE: Mapping[str, tuple[Person, ...]] = {
    "jamtland-harjedalen": (
        P("bup", "Bodil Åkerlund", ("rapportor:bup-mottagning", "rapportor:bup-behandling"), "Rapportör, BUP"),
        P("larare", "Love Hedin", ("rapportor:skola-2380",), "Rapportör, grundskola Östersund"),
        P("fritid", "Frej Norling", ("rapportor:fritid-2380",), "Rapportör, fritidsgård Östersund"),
        P("rektor", "Ragna Ekholm", ("chef:chef-skola-2380",), "Chef, grundskola Östersund"),
        P("bupchef", "Bertil Sundin", ("chef:chef-bup-behandling",), "Chef, BUP behandling"),
        P("socchef", "Solveig Modin", ("chef:chef-soc-2380",), "Chef, socialtjänst Östersund"),
        P("handlaggare", "Hilda Forsén", ("handlaggare:bup-behandling",), "Handläggare, BUP behandling"),
        P("samordnare.region", "Sigrid Wallin", ("samordnare:region-jh",), "Samordnare, Region Jämtland Härjedalen"),
        P("samordnare", "Selma Östman",
          ("samordnare:kommun-2380/utbildning", "samordnare:kommun-2380/social", "samordnare:kommun-2380/kultur-fritid"),
          "Samordnare, Östersunds kommun (tre områden)"),
        P("sammankallande", "Mattis Grahn", ("sammankallande:birger", "sammankallande:jamtbus-regionalt"), "Sammankallande, Birger"),
        P("medlem", "Märta Lindell", ("medlem:birger",), "Medlem, Birger"),
        P("sip", "Siri Palm", ("sip_samordnare:region-jh",), "SIP-samordnare, Region Jämtland Härjedalen"),
        P("revisor", "Rut Ahlgren", ("revisor:jamtland-harjedalen",), "Revisor, Jämtland Härjedalen"),
        P("logg", "Lars Granlund", ("loggranskare:region-jh",), "Logggranskare, Region Jämtland Härjedalen"),
        P("admin.region", "Ebba Vik", ("administrator:region-jh",), "Administratör, Region Jämtland Härjedalen"),
        P("admin.ostersund", "Egil Holm", ("administrator:kommun-2380",), "Administratör, Östersunds kommun"),
        P("bupmottagning", "Birgit Höglund", ("chef:chef-bup-mottagning",)),
        P("elevhalsa", "Edvin Löfgren", ("chef:chef-beh-2380",)),
        P("forskola", "Frida Malm", ("chef:chef-forskola-2380",)),
        P("socmottagning", "Sten Rask", ("chef:chef-soc-mottag-2380",)),
        P("kaa", "Kerstin Dahl", ("chef:chef-kaa-2380",)),
        P("hvb", "Hugo Ström", ("chef:chef-hvb-lit",)),
        P("fritidschef", "Folke Näs", ("chef:chef-fritid-2380",)),
        P("gymnasium", "Greta Hammar", ("chef:chef-jgy-gymnasium",)),
        P("samordnare.jgy", "Gunvor Lind", ("samordnare:jgy",)),
        P("friskola", "Filippa Alm", ("chef:chef-friskola-2380-gy",)),
        P("ungdomsmottagning", "Ulla Stål", ("chef:chef-um-jh",)),
        P("vuxenpsykiatri", "Viggo Kvist", ("chef:chef-vuxenpsyk-jh",)),
        P("vardcentral", "Vera Åsberg", ("chef:chef-hc-ostersund",)),
    ),
    "blekinge": (
        P("samordnare.blekinge", "Stina Bäck", ("samordnare:region-blekinge",), "Samordnare, Region Blekinge"),
        P("samordnare.karlskrona", "Sven Ohlin",
          ("samordnare:kommun-1080/utbildning", "samordnare:kommun-1080/social", "samordnare:kommun-1080/kultur-fritid"),
          "Samordnare, Karlskrona kommun"),
        P("soc.karlskrona", "Signe Roos", ("chef:chef-soc-karlskrona",), "Chef, socialtjänst Karlskrona"),
        P("bup.karlskrona", "Björn Falk", ("chef:chef-bup-karlskrona",), "Chef, BUP Karlskrona"),
        P("hab.blekinge", "Hedvig Ask", ("chef:chef-habiliteringen",)),
        P("logoped.blekinge", "Loa Bergman", ("chef:chef-logopedmottagningen",)),
        P("vc.karlskrona", "Valter Sjö", ("chef:chef-vc-karlskrona",)),
        P("bvc.karlskrona", "Boel Tern", ("chef:chef-bvc-karlskrona",)),
        P("elevhalsa.karlskrona", "Elsa Torn", ("chef:chef-elevhalsa-karlskrona",)),
        P("skola.karlskrona", "Sixten Gren", ("chef:chef-skola-karlskrona",)),
        P("sammankallande.blekinge", "Maj Lilja", ("sammankallande:sg-barn-unga",), "Sammankallande, Samverkansgrupp Barn och unga"),
        P("sammankallande.karlskrona", "Melker Strand", ("sammankallande:lokal-1080",), "Sammankallande, lokal grupp Karlskrona"),
        P("medlem.lsvo", "Meja Holst", ("medlem:lsvo",)),
        P("admin.blekinge", "Alfred Krok", ("administrator:region-blekinge",)),
    ),
    "skane-trelleborg": (
        P("samordnare.skane", "Sofie Klint", ("samordnare:region-skane",), "Samordnare, Region Skåne"),
        P("samordnare.trelleborg", "Stellan Hav",
          ("samordnare:kommun-1287/utbildning", "samordnare:kommun-1287/social"), "Samordnare, Trelleborgs kommun"),
        P("soc.trelleborg", "Sanna Vång", ("chef:chef-soc-trelleborg",), "Chef, socialtjänst Trelleborg"),
        P("bup.trelleborg", "Birk Lund", ("chef:chef-bup-malmo-trelleborg",), "Chef, BUP Malmö-Trelleborg"),
        P("hab.trelleborg", "Hjalmar Ros", ("chef:chef-hab-trelleborg",)),
        P("skola.trelleborg", "Stig Åker", ("chef:chef-skola-trelleborg",)),
        P("elevhalsa.trelleborg", "Elin Bok", ("chef:chef-elevhalsa-trelleborg",)),
        P("akut.skane", "Alice Sund", ("chef:chef-akut-skane",)),
        P("vc.trelleborg", "Vilgot Ek", ("chef:chef-vc-trelleborg",)),
        P("sammankallande.trelleborg", "Maja Kust", ("sammankallande:styrgrupp-trelleborg", "sammankallande:arbetsgrupp-trelleborg",
          "sammankallande:lokal-1287"), "Sammankallande, Trelleborg"),
    ),
}
# fmt: on


def everybody() -> tuple[Person, ...]:
    """All people of the demo, in the order of the table."""
    return (*(person for people in PEOPLE.values() for person in people), SYSTEM_ADMINISTRATOR)
