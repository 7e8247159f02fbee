"""Why a file cannot be read as a spreadsheet, and what to do about it, in the reader's words."""

from flask_babel import lazy_gettext as _l

FILE_REFUSALS = {
    "empty": _l("The file is empty."),
    "not_a_sheet": _l(
        "This is not a spreadsheet. Save the list as XLSX, XLS, ODS or CSV and upload it again."
    ),
    "web_page": _l(
        "This is a web page without a table. Open it in a spreadsheet program, save it as XLSX, "
        "and upload that."
    ),
    "web_archive": _l(
        "This is a web page in one file (MHT). Open it in a spreadsheet program, save it as XLSX, "
        "and upload that."
    ),
    "broken": _l(
        "The file is damaged and cannot be read. Open it, save it again as XLSX, and upload that."
    ),
    "protected": _l("The file has a password. Save it without one and upload it again."),
    "bomb": _l(
        "The file holds far more than a list of people. Copy the list into a new file and upload "
        "that."
    ),
    "too_big_inside": _l(
        "The file cannot be read within our limits. Save it as XLSX or CSV and upload that."
    ),
    "too_many_columns": _l(
        "A row holds more than a list does; at most %(most)s columns can be read. Copy the list "
        "into the template and upload that."
    ),
    "no_sheet": _l("The file has no visible sheet. Show the sheet with the list and save it."),
    "open_quote": _l(
        "In row %(row)s a quotation mark begins that is not closed, so that the rows behind it "
        "run into one. Delete or close it and upload the file again."
    ),
    "encoding": _l("The letters of the file cannot be read. Save it as CSV UTF-8 or as XLSX."),
    "too_large": _l("The file is larger than %(most)s MB. Split it into several."),
    "too_many_rows": _l("The list has more than %(most)s rows. Split it into several."),
}
