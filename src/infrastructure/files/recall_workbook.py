"""A recall's report as a workbook: every lot and every line, to sort and to sum.

A quantity is a number where a spreadsheet, which keeps 15 digits, has it exactly, and otherwise text: a figure that an
auditor compares is never rounded in silence. Everything else is written as text, so that nothing becomes a formula.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

from attrs import define, field, frozen
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from application.shared.language import Language
from application.traceability.recall_figures import classes_of, products_of
from application.traceability.recall_queries import QUANTITIES, CustomerInRecall, RecallReport
from application.traceability.suspects import in_words
from domain.shared.exact import canonical, total
from domain.shared.signature import Signature
from domain.traceability.recall import Recall
from infrastructure.files.recall_words import words_in
from infrastructure.files.writing import written_span, written_time

EXACT_DIGITS = 15
MOST_CHARACTERS = 32_767
WIDTHS = {"number": 14, "date": 12, "time": 18, "text": 20, "long": 48}
CHECK = (*QUANTITIES, "difference")
RECOVERY = ("shipped", "returned", "destroyed", "outstanding")

Value = str | int | Decimal | date | None


@frozen
class Column:
    """A column: its title and how wide it is."""

    title: str
    width: int


def recall_workbook(report: RecallReport, sha256: str, language: Language) -> bytes:
    """The workbook as XLSX; the same report gives the same bytes."""
    words = words_in(language)
    stream = BytesIO()
    with Workbook(stream, {"in_memory": True, "strings_to_urls": False}) as workbook:
        mock = report.recall.mock
        title = words["mock_report" if mock else "report"]
        workbook.set_properties(
            {
                "title": f"{title} {report.recall.code}",
                "comments": f"SHA-256 {sha256}",
                "created": report.at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        sheets = Sheets(workbook, Styles(workbook, mock), _print_lines(report, sha256, title, words))
        _case(sheets, report, sha256, words, language)
        for name, columns, rows in _lists(report, words):
            sheets.add_list(name, columns, rows)
    return stream.getvalue()


@define
class Styles:
    """The formats of cells, each made once."""

    workbook: Workbook
    mock: bool
    _made: dict[tuple[tuple[str, object], ...], Format] = field(factory=dict, init=False)

    @property
    def accent(self) -> str:
        """Red where it is serious, blue for an exercise."""
        return "#1D4E89" if self.mock else "#9B1C1C"

    def of(self, **properties: object) -> Format:
        """The format with these properties."""
        key = tuple(properties.items())
        if key not in self._made:
            self._made[key] = self.workbook.add_format({"valign": "top", **properties})
        return self._made[key]

    @property
    def title(self) -> Format:
        return self.of(bold=True, font_size=16, font_color=self.accent)

    @property
    def head(self) -> Format:
        return self.of(bold=True, font_color="#FFFFFF", bg_color=self.accent, text_wrap=True, border=1)

    @property
    def name(self) -> Format:
        return self.of(bold=True)

    @property
    def text(self) -> Format:
        return self.of(num_format="@")

    @property
    def wrapped(self) -> Format:
        return self.of(num_format="@", text_wrap=True)

    @property
    def time(self) -> Format:
        return self.of(num_format="yyyy-mm-dd hh:mm:ss", align="left")

    @property
    def date(self) -> Format:
        return self.of(num_format="yyyy-mm-dd", align="left")

    @property
    def long_number(self) -> Format:
        return self.of(num_format="@", align="right", bg_color="#FFF3B0")

    def number(self, decimals: int) -> Format:
        """Numbers with exactly so many decimals, thousands apart."""
        return self.of(num_format="#,##0" + ("." + "0" * decimals if decimals else ""), align="right")


@frozen
class Sheets:
    """Writes sheets that look alike and print alike."""

    workbook: Workbook
    styles: Styles
    print_lines: tuple[str, str]

    def add(self, name: str) -> Worksheet:
        """An empty sheet that prints on A4, landscape, as wide as the page."""
        sheet = self.workbook.add_worksheet(name)
        head, foot = self.print_lines
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_header(head)
        sheet.set_footer(foot)
        return sheet

    def add_list(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
        """A sheet with a frozen row of titles, a filter, and these rows."""
        sheet = self.add(name)
        last = 0
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, column.title, self.styles.head)
        for last, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                self.write(sheet, last, index, value)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def write(self, sheet: Worksheet, row: int, column: int, value: Value, text: Format | None = None) -> None:
        """One value, as what it is."""
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), self.styles.time)
        elif isinstance(value, date):
            sheet.write(row, column, value, self.styles.date)
        elif isinstance(value, int | Decimal):
            self._write_number(sheet, row, column, Decimal(value))
        elif value:
            lines = self.styles.wrapped if "\n" in value else self.styles.text
            sheet.write_string(row, column, _storable(value), text or lines)

    def _write_number(self, sheet: Worksheet, row: int, column: int, number: Decimal) -> None:
        written = canonical(number)
        exact = Decimal(written)
        if len(exact.as_tuple().digits) > EXACT_DIGITS:
            sheet.write_string(row, column, written, self.styles.long_number)
        else:
            # The library writes a decimal digit for digit: it never is a binary float on our side.
            sheet.write(row, column, exact, self.styles.number(len(written.partition(".")[2])))


def _print_lines(report: RecallReport, sha256: str, title: str, words: Mapping[str, str]) -> tuple[str, str]:
    exercise = f" · {words['exercise'].upper()}" if report.recall.mock else ""
    code = report.recall.code.replace("&", "&&")
    page = words["page"].format(page="&P", pages="&N")
    return f"&L&B{title}{exercise} · {code}", f"&L&8{words['sha256']}: {sha256}&R&8{page}"


def _storable(text: str) -> str:
    """The text without what XML can't hold, and no longer than a cell may be."""
    return text.translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})[:MOST_CHARACTERS]


# The sheets -------------------------------------------------------------------------------------------------------


def _case(sheets: Sheets, report: RecallReport, sha256: str, words: Mapping[str, str], language: Language) -> None:
    recall, styles = report.recall, sheets.styles
    sheet = sheets.add(words["sheet_case"])
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 72)
    title = words["mock_report" if recall.mock else "report"]
    exercise = f" · {words['exercise'].upper()}" if recall.mock else ""
    sheet.write_string(0, 0, f"{title.upper()}{exercise}", styles.title)
    for row, (name, value) in enumerate(_case_lines(report, sha256, words, language), start=2):
        sheet.write_string(row, 0, name, styles.name)
        sheets.write(sheet, row, 1, value, styles.wrapped)


def _case_lines(
    report: RecallReport, sha256: str, words: Mapping[str, str], language: Language
) -> Iterator[tuple[str, Value]]:
    recall = report.recall
    yield words["code"], recall.code
    yield words["kind"], words["mock_recall" if recall.mock else "recall"]
    if recall.mock:
        yield words["exercise"], words["exercise_note"]
    yield words["state"], words[recall.state.value]
    yield words["assumed_hazard" if recall.mock else "hazard"], recall.hazard
    yield words["suspects"], in_words(recall.suspects, language)
    yield from _case_times(report, recall, words)
    if recall.opening_signature:
        yield words["opening_signed_as"], _signed(recall.opening_signature, words)
    elif recall.signature_due:
        yield words["opening_signed_as"], words["not_signed_yet"]
    yield words["conclusion"], recall.conclusion
    if recall.signature:
        yield words["signed_as"], _signed(recall.signature, words)
    yield from _case_figures(report, words)
    yield words["sha256"], sha256
    for note in ("data_note", "quantity_note", "utc_note"):
        yield words["note"], words[note]


def _signed(signature: Signature, words: Mapping[str, str]) -> str:
    return words["signed"].format(meaning=signature.meaning, name=signature.name, at=written_time(signature.at))


def _case_times(report: RecallReport, recall: Recall, words: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    until = recall.closed_at or report.at
    yield words["in_utc"].format(what=words["known_at"]), recall.known_at
    yield words["in_utc"].format(what=words["opened_at"]), recall.opened_at
    yield words["opened_by"], recall.opened_by
    yield words["in_utc"].format(what=words["closed_at"]), recall.closed_at or words["not_yet"]
    yield words["closed_by"], recall.closed_by
    yield words["to_opening"], written_span(recall.opened_at - recall.known_at)
    yield words["to_closing" if recall.closed_at else "so_far"], written_span(until - recall.opened_at)
    yield words["in_utc"].format(what=words["printed_at"]), report.at


def _case_figures(report: RecallReport, words: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    yield words["lots"], len(report.lots)
    yield words["suspect_lots"], sum(lot.depth == 0 for lot in report.lots)
    differing = sum(lot.difference != 0 for lot in report.lots)
    yield words["quantity_check"], words["lots_differ"].format(count=differing) if differing else words["adds_up"]
    yield words["customers"], len(report.customers)
    for name in RECOVERY:
        kilograms = total(getattr(customer.recovery, name) for customer in report.customers)
        yield words["in_kilograms"].format(what=words[name]), kilograms
    yield words["in_percent"].format(what=words["effectiveness"]), report.effectiveness
    yield words["not_reconcilable"], ", ".join(report.not_reconcilable)
    yield words["neighbours"], report.neighbours_total
    yield words["neighbours_listed"], len(report.neighbours)


def _lists(
    report: RecallReport, words: Mapping[str, str]
) -> Iterator[tuple[str, Sequence[Column], Iterable[Sequence[Value]]]]:
    column = _columns_in(words)
    yield (
        words["sheet_classes"],
        column("class", "lots:number", *(f"{name}:kilograms" for name in CHECK), "products_without_mass:long"),
        (
            (
                *(words[entry.product_class], entry.lots, *(getattr(entry.check, name) for name in CHECK)),
                ", ".join(entry.without_mass),
            )
            for entry in classes_of(products_of(report.lots))
        ),
    )
    yield (
        words["sheet_products"],
        column(
            "class", "product", "product_name:long", "lots:number", "suspect_lots:number", "unit", "kg_per_unit:number"
        )
        + column(*(f"{name}:number" for name in CHECK))
        + column(*(f"{name}:kilograms" for name in CHECK)),
        _products(report, words),
    )
    yield (
        words["sheet_lots"],
        column("depth:number", "site", "class", "product", "product_name:long", "lot", "sub_lot", "supplier_lot")
        + column("campaign", "status", "holds:number", "joined_at:time", "unit", "kg_per_unit:number")
        + column(*(f"{name}:number" for name in CHECK)),
        _lots(report, words),
    )
    yield (
        words["sheet_customers"],
        column("customer", "name:long", "address:long", "contact:long", "gln")
        + column(*(f"{name}:kilograms" for name in RECOVERY))
        + column("notified:time", "acknowledged:time"),
        (_customer(customer) for customer in report.customers),
    )
    yield (
        words["sheet_deliveries"],
        column("customer", "name:long", "site", "product", "lot", "sub_lot", "document", "movement", "date:time")
        + column("quantity:number", "unit"),
        _deliveries(report, words),
    )
    yield (
        words["sheet_suppliers"],
        column("supplier", "supplier_lot", "site", "product", "lot", "sub_lot", "document", "date:time")
        + column("quantity:number", "unit"),
        (
            (
                *(line.partner, line.supplier_lot, line.site, line.product, line.lot, line.sub_lot, line.document),
                *(line.moment.at, line.quantity, line.unit),
            )
            for line in report.suppliers
        ),
    )
    yield (
        words["sheet_neighbours"],
        column("site", "product", "lot", "sub_lot", "made_on:date", "campaign", "beside", "why:long"),
        (
            (
                *(neighbour.site, neighbour.product, neighbour.code, neighbour.sub_lot, neighbour.made_on),
                *(neighbour.campaign, neighbour.beside, neighbour.why),
            )
            for neighbour in report.neighbours
        ),
    )
    yield (
        words["sheet_log"],
        column("date:time", "recorded_at:time", "who", "what", "customer", "kilograms:number", "text:long"),
        (
            (
                *(entry.at, entry.recorded_at, entry.by, words[entry.step.value]),
                *(entry.partner, entry.kilograms, entry.text),
            )
            for entry in report.log
        ),
    )


def _columns_in(words: Mapping[str, str]) -> Callable[..., list[Column]]:
    def columns(*specified: str) -> list[Column]:
        """Each is the key of a word and, after a colon, what stands below it."""
        return [one(*name.split(":")) for name in specified]

    def one(key: str, kind: str = "text") -> Column:
        if kind == "kilograms":
            return Column(words["in_kilograms"].format(what=words[key]), WIDTHS["number"])
        title = words["in_utc"].format(what=words[key]) if kind == "time" else words[key]
        return Column(title, WIDTHS[kind])

    return columns


def _products(report: RecallReport, words: Mapping[str, str]) -> Iterator[Sequence[Value]]:
    for product in products_of(report.lots):
        kilograms = product.kilograms
        yield (
            words[product.product_class],
            product.code,
            product.name,
            product.lots,
            product.suspects,
            product.unit,
            product.kg_per_unit,
            *(getattr(product.check, name) for name in CHECK),
            *(getattr(kilograms, name) if kilograms else None for name in CHECK),
        )


def _lots(report: RecallReport, words: Mapping[str, str]) -> Iterator[Sequence[Value]]:
    for lot in report.lots:
        yield (
            lot.depth,
            lot.site,
            words[lot.product_class],
            lot.product,
            lot.product_name,
            lot.code,
            lot.sub_lot,
            lot.supplier_lot,
            lot.campaign,
            words[lot.disposition],
            lot.holds,
            lot.joined_at,
            lot.unit,
            lot.kg_per_unit,
            *(getattr(lot, name) for name in CHECK),
        )


def _customer(customer: CustomerInRecall) -> Sequence[Value]:
    return (
        customer.partner,
        customer.name,
        customer.address,
        customer.contact,
        customer.gln,
        *(getattr(customer.recovery, name) for name in RECOVERY),
        customer.notified_at,
        customer.acknowledged_at,
    )


def _deliveries(report: RecallReport, words: Mapping[str, str]) -> Iterator[Sequence[Value]]:
    for customer in report.customers:
        for delivery in customer.deliveries:
            for line in delivery.documents:
                yield (
                    customer.partner,
                    customer.name,
                    line.site,
                    line.product,
                    line.lot,
                    line.sub_lot,
                    line.document,
                    words[line.kind],
                    line.moment.at,
                    line.quantity,
                    line.unit,
                )
