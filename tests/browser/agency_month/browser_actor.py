"""Somebody with a browser: a phone for citizens, a wide screen for work."""

from tests.browser.agency_month.actor import Actor

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 640}


class BrowserActor(Actor):
    """Somebody whose pages run their scripts, unless they have switched these off."""

    def begin(self, *, wide=False, scripts=True):
        context = self.stage.browser.new_context(
            base_url=self.stage.address,
            locale="en-GB",
            viewport=WIDE if wide else PHONE,
            java_script_enabled=scripts,
        )
        self.stage.contexts.append(context)
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.stage.errors.append(str(error)))

    @property
    def url(self):
        return self.page.url

    def content(self):
        return self.page.content()

    def says(self):
        return " ".join(self.page.locator("main").inner_text().split())

    def is_refused(self):
        return self.page.locator(".error-summary").count() > 0

    def links(self):
        return [
            (link.get_attribute("href"), link.inner_text())
            for link in self.page.locator("main a[href]").all()
        ]

    def _go(self, address):
        self.page.goto(address)

    def _fill(self, typed, at=None, file=None, button=None):
        which = f"main form[action$='{at}']" if at else "main form"
        found = self.page.locator(which).first
        for name, value in typed.items():
            self._type(found.locator(f"[name='{name.replace('__', '-')}']"), value)
        if file:
            found.locator("input[type=file]").set_input_files(file)
        if button:
            found.get_by_role("button", name=button).click()
        else:
            found.locator("button:not([name])").last.click()
        self.page.wait_for_load_state()

    def _type(self, fields, value):
        kind = fields.first.get_attribute("type") or fields.first.evaluate(
            "field => field.tagName.toLowerCase()"
        )
        values = value if isinstance(value, list) else [value]
        if kind == "radio":
            for each in fields.all():
                if each.get_attribute("value") in values:
                    each.set_checked(True)
        elif kind == "checkbox":
            for each in fields.all():
                each.set_checked(each.get_attribute("value") in values)
        elif kind == "select":
            fields.first.select_option(value)
        else:
            fields.first.fill(value)
