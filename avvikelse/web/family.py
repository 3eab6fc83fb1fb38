"""*Så här blev det för oss*: a family's story, in very plain words and more than one language. Open for those pages.

The first question parts two errands that people mix up: an answer about the own child, which only those in charge can
give, and telling the samverkansgrupp what does not work. Nobody is ever asked who the child is.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from avvikelse.adapters.clock import now
from avvikelse.domain.errors import Invalid, NotFound, TooMany
from avvikelse.domain.languages import LANGUAGES, SWEDISH, Language
from avvikelse.domain.vocabulary import Channel
from avvikelse.domain.workdays import local_date
from avvikelse.models.base import db
from avvikelse.queries.lan_texts import texts_of
from avvikelse.queries.open_choices import OpenLan, open_lan
from avvikelse.web import open_words
from avvikelse.web.forms.open import FamilyForm
from avvikelse.web.open_report import NOT_SHOWN, SEVERE, Answer, blank, filed_by, form_page, receipt, whither
from avvikelse.web.refusals import refused
from avvikelse.web.transaction import commit_in_spite_of_status

blueprint = Blueprint("family", __name__, url_prefix="/utan-konto/<word:pack>/familj/<word:language>")


@blueprint.get("")
def start(pack: str, language: str) -> str:
    return render_template("open/family.html", lan=_lan(pack), say=_say(language), languages=LANGUAGES)


@blueprint.get("/svar-om-ert-barn")
def complaint(pack: str, language: str) -> str:
    """Ja: the right way for a complaint, in the län's own words."""
    lan, say = _lan(pack), _say(language)
    texts = texts_of(db.session(), lan.pack_id, say.code)
    swedish = texts_of(db.session(), lan.pack_id, SWEDISH)
    return render_template(
        "open/complaint.html",
        lan=lan,
        say=say,
        texts=texts,
        untranslated={key for key, text in texts.items() if say.code != SWEDISH and text == swedish[key]},
        languages=LANGUAGES,
    )


@blueprint.get("/beratta")
def new(pack: str, language: str) -> str:
    """Nej: *Berätta för samverkansgruppen*."""
    lan, say = _lan(pack), _say(language)
    form = blank(FamilyForm(formdata=None))
    form.speak(say, lan)
    return form_page(lan, form, say.code)


@blueprint.post("/beratta")
def review(pack: str, language: str) -> Answer:
    lan, say, form = _filled(pack, language)
    if "andra" in request.form:
        return form_page(lan, form, say.code)
    if form.validate():
        try:
            to = whither(lan, form)
        except Invalid as error:
            refused(form, error)
        else:
            return _review(lan, form, say, to)
    return _wrong(lan, form, say)


@blueprint.post("/beratta/skicka")
def send(pack: str, language: str) -> Answer:
    lan, say, form = _filled(pack, language)
    if form.validate():
        try:
            filed = filed_by(lan, form, Channel.FAMILY)
        except TooMany as error:
            commit_in_spite_of_status()  # the attempt is counted
            form.form_errors.append(say("frame.too_many"))
            return form_page(lan, form, say.code), 429, {"Retry-After": str(error.retry_after)}
        except Invalid as error:
            refused(form, error)
        else:
            return receipt(filed, say.code, severe=form.severity.data == SEVERE)
    return _wrong(lan, form, say)


def _wrong(lan: OpenLan, form: FamilyForm, say: Language) -> Answer:
    open_words.translate(form, say, "story")
    return form_page(lan, form, say.code), 422


def _review(lan: OpenLan, form: FamilyForm, say: Language, to: str) -> str:
    return render_template(
        "open/review.html",
        say=say,
        form=form,
        to=to,
        rows=open_words.summary(form, NOT_SHOWN, say),
        severe=form.severity.data == SEVERE,
        send_to=url_for(".send", pack=lan.slug, language=say.code),
        change_at=url_for(".review", pack=lan.slug, language=say.code),
    )


def _filled(pack: str, language: str) -> tuple[OpenLan, Language, FamilyForm]:
    lan, say, form = _lan(pack), _say(language), FamilyForm()
    form.speak(say, lan)
    return lan, say, form


def _lan(pack: str) -> OpenLan:
    return open_lan(db.session(), pack, None, local_date(now()))


def _say(language: str) -> Language:
    """Raises NotFound for a language that we do not have."""
    if language not in LANGUAGES:
        raise NotFound
    return LANGUAGES[language]
