"""Form fields of the office: what a person types comes out as a typed value, or as a sentence."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import ValidationError

from siweb.rules.identifiers.typed_text import normalise_lines, normalise_text
from siweb.rules.numbers.money import AmountRefused, fen_from_yuan, yuan_from_fen
from siweb.web.browser.csrf import csrf_token

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form of a page; what was typed passes the office's one normaliser of text.

    `refused_at` names beside which field a refusal of the action is shown, by its code; a code
    that is not there is shown above the form.
    """

    refused_at: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Take what was typed; a text of nothing but spaces is nothing, whoever needs one."""
        super().process(*args, **kwargs)
        for field in self:
            # `InputRequired` looks at what was sent: a paper's number of one space is none.
            is_text = isinstance(field, StringField) and not isinstance(field, PasswordField)
            if is_text and field.raw_data:
                field.raw_data = [_without_blank(each) for each in field.raw_data]

    def show_refusal(self, code: str, sentence: str) -> None:
        """Show why what the form asks for was not done; what was typed stays."""
        if code in self.refused_at:
            field = self[self.refused_at[code]]
            field.errors = [*field.errors, sentence]
        else:
            self.form_errors.append(sentence)

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        class csrf_class(FlaskForm.Meta.csrf_class):  # type: ignore[misc]  # noqa: N801 - WTForms' name
            """Flask-WTF's own, with the token that the page has already."""

            def generate_csrf_token(self, csrf_token_field: Any) -> str:
                return csrf_token()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = [
                _filter_of(unbound_field.field_class),
                *unbound_field.kwargs.get("filters", ()),
            ]
            if issubclass(unbound_field.field_class, StringField):
                options = {**options, "filters": filters}
            return unbound_field.bind(form=form, **options)


def _without_blank(sent: Any) -> Any:
    return "" if isinstance(sent, str) and not sent.strip() else sent


def _filter_of(field_class: type) -> Callable[[Any], Any]:
    # A password is compared as it was typed; its own rules say what is normalised.
    if issubclass(field_class, PasswordField):
        return lambda value: value
    normalise = normalise_lines if issubclass(field_class, TextAreaField) else normalise_text
    return lambda value: normalise(value) if isinstance(value, str) else value


class MoneyField(StringField):
    """An amount in yuan, typed as people type it; `data` is fen or None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read '12,345.60', '１２３元' or '¥123' exactly; refuse more than two decimals."""
        self.data = None
        typed = (valuelist or [""])[0].strip()
        if not typed:
            return
        plain = "".join(typed.translate(_FULL_WIDTH).split()).strip("¥￥").removesuffix("元")
        try:
            # A comma stands for thousands only before three digits: "9500,5" is no amount.
            self.data = fen_from_yuan(plain)
        except AmountRefused as refused:
            sentence = _l("Enter an amount in yuan, for example 6000 or 6000.50.")
            raise ValidationError(sentence) from refused

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else yuan_from_fen(self.data)
