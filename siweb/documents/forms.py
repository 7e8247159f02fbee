"""The form with which anybody verifies a document."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from siweb.db.reference_code import ALPHABET, is_checked, normalise
from siweb.documents.verification_code import LENGTH, SHORT_LENGTH
from siweb.web.forms.fields import PageForm

REFERENCE_LENGTH = 10


class VerifyForm(PageForm):
    """A verification code, or the number of one's own document."""

    class Meta(PageForm.Meta):
        csrf = False  # it only leads to the address that a scanned code leads to

    code = StringField(
        _l("Verification code, or number of your own document"),
        description=_l(
            "The code has 20 letters and digits and stands beside the QR code; the short code for "
            "the telephone has 11, the number 10."
        ),
        validators=[InputRequired(_l("Type the code from the document."))],
    )

    @property
    def typed(self) -> str:
        """What was typed, without spaces and hyphens."""
        return normalise(self.code.data or "")

    @property
    def is_reference(self) -> bool:
        """Return whether a document number was typed instead of a code."""
        return len(self.typed) == REFERENCE_LENGTH

    def validate_code(self, _field: StringField) -> None:
        """Refuse what cannot be a code before anything is looked up."""
        if set(self.typed) - set(ALPHABET):
            raise ValidationError(
                _l("A code has no 0, 1, 2, 5, 8, B, I, L, O, S, U, V or Z. Compare it again.")
            )
        if len(self.typed) not in {LENGTH, SHORT_LENGTH, REFERENCE_LENGTH}:
            raise ValidationError(
                _l("A code has 20 letters and digits, a short code 11. Compare it again.")
            )
        if len(self.typed) == SHORT_LENGTH and not is_checked(self.typed):
            raise ValidationError(
                _l("A letter or digit is wrong, or two changed places. Compare it again.")
            )
