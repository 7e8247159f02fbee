"""Files for tests, as people and programs make them."""

import subprocess
import zipfile
from pathlib import Path

import xlsxwriter

HEADINGS = ["姓名", "公民身份号码", "入职日期", "月工资", "起始缴费月", "参保险种"]


def make_xlsx(path, rows, *, sheets=("名单",), hidden=(), **options):
    """Write rows with XlsxWriter; text as text, numbers as numbers, dates as dates."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", **options})
    for name in sheets:
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
            continue
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(number, place, value)
    visible = next(one for one in book.worksheets() if one.name not in hidden)
    visible.activate()
    visible.set_first_sheet()
    book.close()
    return path


def convert(path, suffix, folder, *, option=""):
    """Let LibreOffice save a file anew as another kind."""
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder.resolve()}/profile",
            "--headless",
            "--convert-to",
            suffix + option,
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"{Path(path).stem}.{suffix}"


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


def make_parts(path, sheet, **parts):
    """Write an XLSX of hand-made parts; `sheet` is the inside of sheetData or a whole part."""
    whole = sheet if sheet.startswith("<?xml") or "<worksheet" in sheet else SHEET.format(sheet)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", whole)
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def inline(reference, text):
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
