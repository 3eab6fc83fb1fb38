"""The forms of logging in, accounts and invitations."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import Length, Optional

from avvikelse.services.passwords import LONGEST, SHORTEST
from avvikelse.web.forms.base import AddressField, BaseForm, DateField, LineField, PasswordField, required

ADDRESS = (required("Skriv din e-postadress."), Length(max=254, message="Adressen är för lång."))
HINT = f"Minst {SHORTEST} tecken. Flera ord efter varandra är lätt att minnas och svårt att gissa."


class WayOn(BaseForm):
    """Where somebody was going when she had to log in, carried through every step of it."""

    next = HiddenField()
    kept = HiddenField()  # a form that was sent when the log-in had run out (web/resume.py)
    kept_for = HiddenField()


class LoginForm(WayOn):
    email = AddressField("E-postadress", validators=ADDRESS)
    password = PasswordField("Lösenord", validators=[required("Skriv ditt lösenord."), Length(max=LONGEST)])


class AppCodeForm(WayOn):
    code = LineField(
        "Sexsiffrig kod från appen", validators=[required("Skriv de sex siffror som appen visar."), Length(max=20)]
    )


class RecoveryForm(WayOn):
    code = LineField("Reservkod", validators=[required("Skriv en av dina reservkoder."), Length(max=60)])


class SecondStepChangeForm(BaseForm):
    what = RadioField("Vad vill du göra?", validators=[required("Välj vad du vill göra.")])
    password = PasswordField("Ditt lösenord", validators=[required("Skriv ditt lösenord."), Length(max=LONGEST)])


class ForgottenForm(BaseForm):
    email = AddressField("E-postadress", validators=ADDRESS)


class NewPasswordForm(BaseForm):
    new_password = PasswordField("Nytt lösenord", description=HINT, validators=[required("Välj ett lösenord.")])


class ChangePasswordForm(NewPasswordForm):
    current_password = PasswordField(
        "Nuvarande lösenord", validators=[required("Skriv ditt nuvarande lösenord."), Length(max=LONGEST)]
    )


class AcceptForm(NewPasswordForm):
    name = LineField("Ditt namn", validators=[required("Skriv ditt för- och efternamn."), Length(max=120)])


class EmptyForm(BaseForm):
    """Only a button."""


class InviteForm(BaseForm):
    email = AddressField("E-postadress", validators=(required("Skriv personens e-postadress."), ADDRESS[1]))
    name = LineField("Namn", validators=[required("Skriv personens för- och efternamn."), Length(max=120)])
    offer = SelectField("Roll", validators=[required("Välj en roll.")])
    valid_to = DateField("Till och med", validators=[Optional()])
