"""What is printed of a recall, read back."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from application.shared.language import Language
from application.traceability.recall_document import recall_document
from application.traceability.recall_queries import RecallReport
from domain.shared.canonical import canonical_json, sha256_of
from domain.shared.signature import Signature
from domain.traceability.origin import CampaignOrigin
from infrastructure.files.recall_pages import MOST_LINES
from infrastructure.files.recall_printer import FileRecallPrinter
from infrastructure.files.recall_words import words_in
from infrastructure.files.writing import printable, written_column, written_number
from tests.documents.recalls import report

PRINTER = FileRecallPrinter("Cidrerie de la Rance\n4 quai de la Rance\n22100 Taden")
SHA256 = "0123456789abcdef" * 4
PICTURE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
<rect width="80" height="40" fill="none" stroke="black"/><text x="8" y="24">AP-1127</text></svg>"""

#: Texts that would be something else than text if they were ever read as markup, as a formula or as a number.
NASTY = (
    '#panic("a") #read("/etc/passwd") $x^2$ *b* _i_ @ref <label> `code` // /* ] } \\',
    '=HYPERLINK("https://example.test","click")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "&<>\"' <script>alert(1)</script> &amp; ]]>",
    "{code} {0} %s %(code)s {page}",
    "00123",
    "1e5",
    "_x0041_",
    "\u202eoverride\u2066",
    "\u0642\u0637\u0639\u0629 \u0661\u0662",
    "\U0001f34e\u200d\U0001f9c3 \u5408\u540c",
    "x" * 4_000,
    "one\ntwo\r\nthree",
    "\ufffe\uffff\ue000\x07",
    "   ",
    "\u200b",
)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, on one line and with plain spaces."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [re.sub(r"\s+", " ", text) for text in texts]


def attachment_of(pdf: bytes) -> bytes:
    """The one file that is attached."""
    document = pypdfium2.PdfDocument(pdf)
    assert document.count_attachments() == 1
    data = bytes(document.get_attachment(0).get_data())
    document.close()
    return data


def workbook_of(xlsx: bytes) -> Workbook:
    """The workbook, with formulas as formulas."""
    return load_workbook(BytesIO(xlsx))


def nasty(text: str) -> RecallReport:
    """A report that says this wherever somebody may write."""
    whole = report(6, closed=True)
    code = text[:100]
    return evolve(
        whole,
        recall=evolve(
            whole.recall,
            code=code,
            hazard=text,
            suspects=CampaignOrigin(text),
            conclusion=text,
            opened_by=text,
            closed_by=text,
            signature=Signature(text, text, whole.at),
            opening_signature=Signature(text, text, whole.at),
        ),
        lots=tuple(
            evolve(lot, code=code, sub_lot=code, site=code, supplier_lot=code, campaign=code, product_name=text)
            for lot in whole.lots
        ),
        customers=tuple(
            evolve(
                customer,
                partner=code,
                name=text,
                address=text,
                gln=code,
                contact=text,
                deliveries=tuple(
                    evolve(
                        delivery,
                        site=code,
                        lot=code,
                        documents=tuple(
                            evolve(line, lot=code, sub_lot=code, document=text) for line in delivery.documents
                        ),
                    )
                    for delivery in customer.deliveries
                ),
            )
            for customer in whole.customers
        ),
        suppliers=tuple(evolve(line, partner=code, supplier_lot=code, document=text) for line in whole.suppliers),
        neighbours=tuple(evolve(lot, code=code, why=text, beside=text) for lot in whole.neighbours),
        log=tuple(evolve(entry, by=text, text=text) for entry in whole.log),
    )


def cells_of(workbook: Workbook) -> Iterator[object]:
    """Every cell that has something in it."""
    return (cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None)


# The report as PDF ------------------------------------------------------------------------------------------------


def test_the_report_says_what_why_when_who_and_how_much() -> None:
    pages = pages_of(PRINTER.report_pdf(report(5, closed=True), SHA256, None))
    text = " ".join(pages)
    for said in (
        "RECALL REPORT",
        "R-2026-07",
        "Patulin above 50 µg/kg",
        "what VERGERS-DE-RANCE delivered under lot AP-1127",
        "“I led this recall” \u2013 A. Martin, 2026-11-21 09:55 UTC",
        "Signature of the opening “I open this recall” \u2013 A. Martin, 2026-11-20 06:47 UTC",
        "recorded 2026-11-20 07:47",
        "2026-11-20 06:12 UTC",
        "2026-11-20 06:47 UTC, by A. Martin, quality",
        "1 d 3 h 8 min",
        "All bottles are accounted for",
        "37.6543 %",
        "Biocoop Les Quatre Saisons",
        "12 rue du Marché",
        "3760000000001",
        "DN-26-10401",
        "Made of other apples",
        "Certificate 88-12 received.",
    ):
        assert said in text
    assert "EXERCISE" not in text.upper()


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        (Language.ENGLISH, "Signature of the opening", "Not signed yet"),
        (Language.FRENCH, "Signature de l\u2019ouverture", "Pas encore signée"),
    ],
)
def test_a_recall_whose_opening_is_not_signed_says_so_in_every_file(language: Language, name: str, said: str) -> None:
    whole = report(3)
    due, unasked = (
        evolve(whole, recall=evolve(whole.recall, opening_signature=None, signature_due=due)) for due in (True, False)
    )
    assert f"{name} {said}" in " ".join(pages_of(PRINTER.report_pdf(due, SHA256, None, language)))
    sheet = next(iter(workbook_of(PRINTER.report_xlsx(due, SHA256, language))))
    assert (name, said) in [(row[0].value, row[1].value) for row in sheet.iter_rows()]
    # Where none is asked for, nothing is said of it.
    assert name not in " ".join(pages_of(PRINTER.report_pdf(unasked, SHA256, None, language)))
    sheet = next(iter(workbook_of(PRINTER.report_xlsx(unasked, SHA256, language))))
    assert name not in [row[0].value for row in sheet.iter_rows()]


def test_every_page_has_the_hash_and_its_number() -> None:
    pages = pages_of(PRINTER.report_pdf(report(40), SHA256, PICTURE))
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert SHA256 in page
        assert f"Page {number} of {len(pages)}" in page
        assert "2026-11-21 10:47 UTC" in page


def test_a_mock_recall_says_so_on_every_page() -> None:
    whole = report(120, mock=True)
    pages = pages_of(PRINTER.report_pdf(whole, SHA256, PICTURE))
    letter = pages_of(PRINTER.letter_pdf(whole, whole.customers[0]))
    assert len(letter) > 3
    assert all("EXERCISE" in page for page in pages + letter)
    assert "MOCK RECALL" in pages[0]
    assert "no goods were held" in pages[0]


def test_the_data_are_attached_and_have_the_hash_that_is_printed() -> None:
    whole = report(7)
    sha256 = sha256_of(recall_document(whole))
    pdf = PRINTER.report_pdf(whole, sha256, None)
    assert attachment_of(pdf) == canonical_json(recall_document(whole))
    assert hashlib.sha256(attachment_of(pdf)).hexdigest() in pages_of(pdf)[0]


def test_the_picture_has_a_page_of_its_own() -> None:
    whole = report(4)
    without, pictured = (pages_of(PRINTER.report_pdf(whole, SHA256, picture)) for picture in (None, PICTURE))
    assert len(pictured) == len(without) + 1
    assert "The genealogy" in pictured[-1]
    assert "AP-1127" in pictured[-1]


def test_a_picture_too_large_for_a_page_follows_in_parts_that_miss_nothing() -> None:
    names = [f"AP-{number:04}" for number in range(400)]
    drawn = "".join(
        f'<text x="{number % 20 * 150 + 40}" y="{number // 20 * 150 + 60}">{name}</text>'
        for number, name in enumerate(names)
    )
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="3040" height="3000">{drawn}</svg>'.encode()
    whole = report(4)
    pages = pages_of(PRINTER.report_pdf(whole, SHA256, picture))
    parts = [page for page in pages if "Part " in page]
    assert len(parts) > 4
    assert all(f"Part {number} of {len(parts)}" in page for number, page in enumerate(parts, start=1))
    assert "AP-0000" in parts[0]
    assert "AP-0399" in parts[-1]
    assert not [name for name in names if name not in " ".join(parts)]


def test_a_lot_whose_parts_miss_something_is_shown() -> None:
    whole = report(3)
    lost = evolve(whole.lots[1], on_hand=whole.lots[1].on_hand - Decimal("0.375"))
    text = " ".join(
        pages_of(PRINTER.report_pdf(evolve(whole, lots=(whole.lots[0], lost, whole.lots[2])), SHA256, None))
    )
    assert "lots that differ: 1" in text
    assert "0.375" in text


def test_what_has_no_mass_is_named() -> None:
    whole = report(3)
    lots = tuple(evolve(lot, kg_per_unit=None) for lot in whole.lots)
    text = " ".join(pages_of(PRINTER.report_pdf(evolve(whole, lots=lots), SHA256, None)))
    assert "in no sum, because their mass is not known: JUICE" in text


def test_what_is_not_reconcilable_is_named_in_every_file() -> None:
    whole = report(5)
    unweighed = evolve(whole, not_reconcilable=("CIDER-75",))
    said = "no kilogram of them is in any figure: CIDER-75 · Cidre brut bio, bottle of 75 cl."
    assert said in " ".join(pages_of(PRINTER.report_pdf(unweighed, SHA256, None)))
    (case,) = (sheet for sheet in workbook_of(PRINTER.report_xlsx(unweighed, SHA256)) if sheet.title == "Case")
    assert ("Not reconcilable, for want of a mass", "CIDER-75") in {(row[0].value, row[1].value) for row in case}
    for customer in whole.customers:
        had = any(delivery.product == "CIDER-75" for delivery in customer.deliveries)
        assert (said in " ".join(pages_of(PRINTER.letter_pdf(unweighed, customer)))) == had
        assert said not in " ".join(pages_of(PRINTER.letter_pdf(whole, customer)))


def test_a_list_of_neighbours_that_is_cut_says_how_many_there_are() -> None:
    whole = evolve(report(8), neighbours_total=1234)
    text = " ".join(pages_of(PRINTER.report_pdf(whole, SHA256, None)))
    assert "The list is cut: there are 1 234 neighbouring lots, of which the first 2 are here." in text
    case = {row[0].value: row[1].value for row in workbook_of(PRINTER.report_xlsx(whole, SHA256))["Case"]}
    assert (case["Neighbouring lots"], case["Neighbouring lots listed"]) == (1234, 2)
    assert "The list is cut" not in " ".join(pages_of(PRINTER.report_pdf(report(8), SHA256, None)))


def test_what_was_shipped_and_what_came_back_stand_apart_for_every_lot() -> None:
    whole = report(3)
    text = " ".join(pages_of(PRINTER.report_pdf(whole, SHA256, None)))
    assert "made + returned = on hand + used + shipped + transferred + lost + sampled + adjusted" in text
    sheet = workbook_of(PRINTER.report_xlsx(whole, SHA256))["Lots"]
    titles = [cell.value for cell in sheet[1]]
    shipped, returned = (sheet[4][titles.index(name)].value for name in ("Shipped", "Returned"))
    assert (shipped, returned) == (602, 120.4)


def test_long_lists_are_summed_up_and_said_to_be() -> None:
    whole = report(MOST_LINES * 3)
    pdf = PRINTER.report_pdf(whole, SHA256, None)
    text = " ".join(pages_of(pdf))
    assert "The recall has 1 500 lots: listed here are the suspects, at most 500." in text
    assert "The recall has 1 200 lines of shipments and returns, too many to list here" in text
    assert whole.lots[0].code in text
    assert whole.lots[1400].code not in text
    assert whole.lots[1400].code.encode() in attachment_of(pdf)


# The letter -------------------------------------------------------------------------------------------------------


def test_a_letter_says_what_its_customer_had_and_nothing_of_others() -> None:
    whole = report(20)
    customer, other = whole.customers[:2]
    pages = pages_of(PRINTER.letter_pdf(whole, customer))
    text = " ".join(pages)
    for said in ("Cidrerie de la Rance", customer.name, "12 rue du Marché", "35000 Rennes", "Patulin", "R-2026-07"):
        assert said in text
    for delivery in customer.deliveries:
        assert all(f"{line.lot} " in text and line.document in text for line in delivery.documents)
    assert other.name not in text
    assert not any(line.document in text for delivery in other.deliveries for line in delivery.documents)
    assert "Answer to recall R-2026-07".upper() in pages[-1]
    assert "Signature and stamp" in pages[-1]


def test_a_letter_without_a_house_comes_from_the_sites_that_shipped() -> None:
    whole = report(5)
    assert "Site RANCE" in pages_of(FileRecallPrinter().letter_pdf(whole, whole.customers[0]))[0]


def test_only_a_real_recall_asks_to_stop() -> None:
    real, mock = report(5), report(5, mock=True)
    assert "Stop: use, sell and ship nothing more" in pages_of(PRINTER.letter_pdf(real, real.customers[0]))[0]
    exercise = pages_of(PRINTER.letter_pdf(mock, mock.customers[0]))[0]
    assert "Stop: use" not in exercise
    assert "Hold, return and destroy nothing: the goods are sound." in exercise


# The workbook -----------------------------------------------------------------------------------------------------


def test_the_workbook_has_every_lot_and_every_line() -> None:
    whole = report(30)
    workbook = workbook_of(PRINTER.report_xlsx(whole, SHA256))
    assert workbook.sheetnames == [
        "Case",
        "Classes",
        "Products",
        "Lots",
        "Customers",
        "Deliveries",
        "Suppliers",
        "Neighbours",
        "Log",
    ]
    lines = [line for customer in whole.customers for delivery in customer.deliveries for line in delivery.documents]
    for name, rows in {
        "Lots": whole.lots,
        "Customers": whole.customers,
        "Deliveries": lines,
        "Suppliers": whole.suppliers,
        "Neighbours": whole.neighbours,
        "Log": whole.log,
    }.items():
        sheet = workbook[name]
        assert sheet.max_row == len(rows) + 1
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
    case = {row[0].value: row[1].value for row in workbook["Case"].iter_rows(min_row=3)}
    assert case["SHA-256 of the data"] == SHA256
    shipped, *parts = (
        Decimal(str(case[f"{name} (kg)"])) for name in ("Shipped", "Returned", "Destroyed", "Outstanding")
    )
    assert shipped == sum(parts) > 0
    assert case["Opened (UTC)"] == whole.recall.opened_at.replace(tzinfo=None)


def test_times_in_the_workbook_are_times_and_say_their_zone() -> None:
    whole = report(3)
    sheet = workbook_of(PRINTER.report_xlsx(whole, SHA256))["Lots"]
    titles = [cell.value for cell in sheet[1]]
    column = titles.index("In scope since (UTC)")
    assert sheet[2][column].value == whole.lots[0].joined_at.replace(tzinfo=None)


def test_days_in_the_workbook_are_days() -> None:
    whole = report(3)
    sheet = workbook_of(PRINTER.report_xlsx(whole, SHA256))["Neighbours"]
    cell = sheet[2][[title.value for title in sheet[1]].index("Made on")]
    assert cell.is_date
    assert cell.value.date() == whole.neighbours[0].made_on


@pytest.mark.parametrize(
    ("quantity", "stored"),
    [
        ("0", 0),
        ("12.375", 12.375),
        ("8.95", 8.95),
        ("999999999.999999", 999999999.999999),
        ("9999999999.999999", "9999999999.999999"),
        ("123456789012.123456", "123456789012.123456"),
        ("1234567890123456", "1234567890123456"),
        ("1200.000000", 1200),
    ],
)
def test_a_quantity_is_a_number_only_where_a_spreadsheet_has_it_exactly(quantity: str, stored: object) -> None:
    whole = report(1)
    lot = evolve(whole.lots[0], made=Decimal(quantity))
    sheet = workbook_of(PRINTER.report_xlsx(evolve(whole, lots=(lot,)), SHA256))["Lots"]
    column = [cell.value for cell in sheet[1]].index("Made")
    assert sheet[2][column].value == stored


def test_a_number_in_the_workbook_is_written_digit_for_digit() -> None:
    whole = report(1)
    lot = evolve(whole.lots[0], made=Decimal("8.95"))
    with zipfile.ZipFile(BytesIO(PRINTER.report_xlsx(evolve(whole, lots=(lot,)), SHA256))) as parts:
        assert b"<v>8.95</v>" in parts.read("xl/worksheets/sheet4.xml")


# Any text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", NASTY)
def test_no_text_is_an_error_or_obeyed(text: str) -> None:
    whole = nasty(text)
    for language in Language:
        PRINTER.letter_pdf(whole, whole.customers[0], language)
    pages = " ".join(pages_of(PRINTER.report_pdf(whole, SHA256, None)))
    shown = re.sub(r"\s+", "", printable(text))
    if shown.isascii() and len(shown) < 200:
        assert shown in pages.replace(" ", "")
    cells = list(cells_of(workbook_of(PRINTER.report_xlsx(whole, SHA256))))
    assert not [cell for cell in cells if cell.data_type in "fe"]
    assert any(cell.data_type == "s" for cell in cells)


@pytest.mark.parametrize("text", [text for text in NASTY if text.isprintable()])
def test_a_text_comes_back_from_the_workbook_as_it_was(text: str) -> None:
    sheet = workbook_of(PRINTER.report_xlsx(nasty(text), SHA256))["Log"]
    assert sheet.cell(2, 7).value == text


@settings(max_examples=15)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=150))
def test_whatever_is_written_is_printed(text: str) -> None:
    whole = nasty(text)
    PRINTER.report_pdf(whole, SHA256, None)
    PRINTER.letter_pdf(whole, whole.customers[0])
    assert not [c for c in cells_of(workbook_of(PRINTER.report_xlsx(whole, SHA256))) if c.data_type in "fe"]


# The same again, and in French ------------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes() -> None:
    one, other = report(9), report(9)
    assert PRINTER.report_pdf(one, SHA256, PICTURE) == PRINTER.report_pdf(other, SHA256, PICTURE)
    assert PRINTER.report_xlsx(one, SHA256) == PRINTER.report_xlsx(other, SHA256)
    letters = [PRINTER.letter_pdf(whole, whole.customers[0]) for whole in (one, other)]
    assert letters[0] == letters[1]


def test_files_were_made_when_the_report_was() -> None:
    whole = report(2)
    document = pypdfium2.PdfDocument(PRINTER.report_pdf(whole, SHA256, None))
    assert document.get_metadata_dict()["CreationDate"].startswith("D:20261121104700")
    document.close()
    created = workbook_of(PRINTER.report_xlsx(whole, SHA256)).properties.created
    assert created == whole.at.replace(tzinfo=None)


def test_everything_is_there_in_french() -> None:
    whole = report(5, mock=True, closed=True)
    text = " ".join(pages_of(PRINTER.report_pdf(whole, SHA256, None, Language.FRENCH)))
    for said in ("RAPPORT DE RAPPEL À BLANC", "EXERCICE", "37,6543 %", "Matières premières", "Page 1 sur"):
        assert said in text
    letter = " ".join(pages_of(PRINTER.letter_pdf(whole, whole.customers[0], Language.FRENCH)))
    assert "Ne bloquez, ne retournez et ne détruisez rien" in letter
    workbook = workbook_of(PRINTER.report_xlsx(whole, SHA256, Language.FRENCH))
    assert workbook.sheetnames[:3] == ["Dossier", "Classes", "Produits"]


def test_both_languages_fill_in_the_same() -> None:
    english, french = (words_in(language) for language in Language)
    assert english.keys() == french.keys()
    for key, text in english.items():
        assert text
        gaps = [sorted(re.findall(r"\{\w*\}", one)) for one in (text, french[key])]
        assert gaps[0] == gaps[1]


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        ("0", "0", "0"),
        ("-0.5", "-0.5", "-0,5"),
        ("1234567.25", "1\u202f234\u202f567.25", "1\u202f234\u202f567,25"),
        ("-1234.000", "-1\u202f234", "-1\u202f234"),
        ("123456789012.123456", "123\u202f456\u202f789\u202f012.123456", "123\u202f456\u202f789\u202f012,123456"),
    ],
)
def test_a_number_is_written_for_people(number: str, english: str, french: str) -> None:
    assert written_number(Decimal(number), Language.ENGLISH) == english
    assert written_number(Decimal(number), Language.FRENCH) == french


def test_decimal_marks_stand_below_each_other() -> None:
    column = written_column([Decimal(5), Decimal("1.25"), None, Decimal("0.5")], Language.ENGLISH)
    assert [len(text) for text in column] == [4, 4, 4, 4]
    assert column[1] == "1.25"
    assert [text.rstrip() for text in column] == ["5", "1.25", "\u2013", "0.5"]
