"""The forms of signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import EqualTo, InputRequired, Length

from siweb.web.forms.contact_fields import address_field, email_field, mobile_field
from siweb.web.forms.fields import PageForm
from siweb.web.forms.number_fields import IdNumberField


class SignInForm(PageForm):
    id_number = IdNumberField(
        _l("Citizen ID number"),
        [InputRequired(_l("Enter your citizen ID number."))],
        render_kw={"autocomplete": "username", "spellcheck": "false", "maxlength": "40"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(PageForm):
    new_password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Choose a password."))],
        description=_l("At least 8 characters. A sentence that only you know is best."),
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        _l("New password again"),
        [EqualTo("new_password", _l("The two passwords differ. Type the same one twice."))],
        render_kw={"autocomplete": "new-password"},
    )


class ActivationForm(NewPasswordForm):
    id_number = IdNumberField(
        _l("Citizen ID number"),
        [InputRequired(_l("Enter your citizen ID number."))],
        description=_l("It is also your social-security number."),
        render_kw={"autocomplete": "username", "spellcheck": "false", "maxlength": "40"},
    )
    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Enter your name as on your ID card.")),
            Length(max=100, message=_l("A name has at most 100 characters here.")),
        ],
        render_kw={"autocomplete": "name"},
    )
    code = StringField(
        _l("Activation code"),
        [
            InputRequired(_l("Enter the activation code that the agency gave you.")),
            Length(max=40, message=_l("An activation code has 8 characters.")),
        ],
        description=_l("8 characters; available at the agency's counter or by post."),
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )


class ChangePasswordForm(NewPasswordForm):
    password = PasswordField(
        _l("Current password"),
        [InputRequired(_l("Enter your current password."))],
        render_kw={"autocomplete": "current-password"},
    )


_CODE_KW = {"autocomplete": "one-time-code", "spellcheck": "false", "maxlength": "40"}


class SetUpForm(PageForm):
    """The first code of an app, which proves that it has read the secret."""

    code = StringField(
        _l("Code that the app shows"),
        [InputRequired(_l("Enter the six digits that the app shows."))],
        render_kw=_CODE_KW | {"inputmode": "numeric"},
    )


def given_code_field() -> StringField:
    """Return the field of the code that an administrator gave."""
    return StringField(
        _l("Set-up code"),
        [InputRequired(_l("Enter the set-up code that an administrator gave you."))],
        description=_l("10 characters; an administrator of your office hands it to you."),
        render_kw=_CODE_KW,
    )


class FirstSetUpForm(SetUpForm):
    """The first factor of somebody: a password alone sets up none."""

    given = given_code_field()


class ProofForm(PageForm):
    code = StringField(
        _l("Code"),
        [InputRequired(_l("Enter the code."))],
        description=_l("The six digits that your authenticator app shows, or a recovery code."),
        render_kw=_CODE_KW,
    )


class PasskeyForm(PageForm):
    """What a device answered, which a script puts there."""

    answer = HiddenField()


class PasskeyNameForm(PageForm):
    name = StringField(
        _l("Name of this passkey"),
        [
            InputRequired(_l("Give it a name by which you know the device.")),
            Length(max=60, message=_l("A name has at most 60 characters here.")),
        ],
        description=_l("For instance: my phone."),
        render_kw={"autocomplete": "off", "maxlength": "60"},
    )


class AddPasskeyForm(PasskeyNameForm, PasskeyForm):
    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class LinkForm(PageForm):
    """Linking a sign-in at a provider: whoever finds a browser open does not know the password."""

    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class FirstPasskeyForm(AddPasskeyForm):
    """A passkey as the first second factor of somebody: a password alone adds none."""

    given = given_code_field()


class OwnContactForm(PageForm):
    """How the agency reaches me."""

    mobile = mobile_field(_l("Mobile number"))
    address = address_field()
    email = email_field()
    channel = RadioField(
        _l("How am I told that a message is waiting?"),
        choices=[
            SelectChoice("email", _l("By e-mail")),
            SelectChoice("sms", _l("By text message")),
            SelectChoice("inbox", _l("By neither: I look here")),
        ],
        default="email",
        description=_l("It says only that something waits and where, never what."),
    )
    language = RadioField(
        _l("In which language?"),
        choices=[SelectChoice("zh_Hans", "中文"), SelectChoice("en", "English")],
        default="zh_Hans",
    )


class ButtonForm(PageForm):
    """A form that is only a button."""
