"""What stands on the pages of a recall's report and letters, as plain JSON that a template lays out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from application.shared.language import Language
from application.traceability.deliveries import Delivery
from application.traceability.queries import Handover
from application.traceability.recall_figures import (
    Check,
    ClassInRecall,
    ProductInRecall,
    classes_of,
    products_of,
)
from application.traceability.recall_queries import QUANTITIES, CustomerInRecall, LotInRecall, RecallReport
from application.traceability.suspects import in_words
from domain.shared.canonical import Json
from domain.shared.exact import EXACT, total
from domain.shared.signature import Signature
from domain.traceability.recall import LogEntry
from infrastructure.files.recall_words import words_in
from infrastructure.files.writing import (
    NOTHING,
    written_column,
    written_date,
    written_minute,
    written_number,
    written_span,
    written_time,
)

MOST_LINES = 500
"""Longer lists are summed up on paper: ten thousand rows take a quarter of a minute and gigabytes to lay out."""

MOST_SITES = 3

Row = list[Json]


@frozen
class Pages:
    """Writes one report's pages in one language."""

    report: RecallReport
    language: Language
    words: Mapping[str, str] = field(init=False)
    products: tuple[ProductInRecall, ...] = field(init=False)

    names: Mapping[str, str] = field(init=False)

    @words.default
    def _words(self) -> Mapping[str, str]:
        return words_in(self.language)

    @products.default
    def _products(self) -> tuple[ProductInRecall, ...]:
        return products_of(self.report.lots)

    @names.default
    def _names(self) -> Mapping[str, str]:
        return {product.code: product.name for product in self.products}

    def of_report(self, sha256: str, data_file: str) -> dict[str, Json]:
        """The report."""
        return {
            **self._head("report"),
            "sha256": sha256,
            "as_of": self._say("as_of", at=written_time(self.report.at)),
            "verify": self._say("verify", file=data_file),
            "data_file": data_file,
            "case": self._case(),
            "glance": self._glance(),
            "not_reconcilable": self._not_reconcilable(self.report.not_reconcilable),
            "classes": self._classes(),
            "products": self._products_in_units(),
            "lots": self._lots(),
            "customers": self._customers(),
            "deliveries": self._deliveries(),
            "suppliers": self._suppliers(),
            "neighbours": self._neighbours(),
            "log": self._log(),
        }

    def of_letter(self, customer: CustomerInRecall, house: str) -> dict[str, Json]:
        """The letter to one customer, from the house or else from the sites that shipped."""
        recall, recovery = self.report.recall, customer.recovery
        sites = sorted({delivery.site for delivery in customer.deliveries})
        kind = "mock_" if recall.mock else ""
        return {
            **self._head("recall"),
            "urgent": self._say(f"{kind}urgent"),
            "subject": self._say(f"{kind}subject"),
            "sender": [*(house.splitlines() or [self._say("site_named", site=site) for site in sites])],
            "customer": [customer.name, *customer.address.splitlines()],
            "attention": customer.contact,
            "reference": f"{recall.code} · {customer.partner}" + (f" · GLN {customer.gln}" if customer.gln else ""),
            "date": written_date(self.report.at),
            "why": self._say("why_we_practise" if recall.mock else "why_we_write", known=written_time(recall.known_at)),
            "hazard": recall.hazard,
            "goods": self._lines(customer.deliveries),
            "in_all": self._say(
                "in_all",
                shipped=self._number(recovery.shipped),
                returned=self._number(recovery.returned),
                destroyed=self._number(recovery.destroyed),
                outstanding=self._number(recovery.outstanding),
            ),
            "not_reconcilable": self._not_reconcilable(self._unweighed(customer)),
            "to_do": [self.words[key] for key in self.words if key.startswith("practise_" if recall.mock else "do_")],
            "thanks": self._say(f"{kind}thanks"),
            "form": self._say(f"{kind}form", code=recall.code),
            "form_rows": [
                [[delivery.lot, self._product(delivery.product)], self._with_them(delivery)]
                for delivery in customer.deliveries
            ],
        }

    def _unweighed(self, customer: CustomerInRecall) -> Sequence[str]:
        """The products without a mass that this customer got."""
        had = {delivery.product for delivery in customer.deliveries}
        return [product for product in self.report.not_reconcilable if product in had]

    def _not_reconcilable(self, products: Sequence[str]) -> str:
        if not products:
            return ""
        return self._say("not_reconcilable_note", products=", ".join(map(self._product, products)))

    def _with_them(self, delivery: Delivery) -> str:
        return f"{self._number(EXACT.subtract(delivery.shipped, delivery.returned))} {delivery.unit}"

    def _head(self, kind: str) -> dict[str, Json]:
        recall = self.report.recall
        return {
            "language": self.language.value,
            "words": self.words,
            "mock": recall.mock,
            "title": self._say(f"mock_{kind}" if recall.mock else kind),
            "code": recall.code,
        }

    # The case -----------------------------------------------------------------------------------------------------

    def _case(self) -> list[Json]:
        recall = self.report.recall
        rows = [
            ("assumed_hazard" if recall.mock else "hazard", recall.hazard),
            ("suspects", in_words(recall.suspects, self.language)),
            ("known_at", written_time(recall.known_at)),
            ("opened_at", self._say("by", at=written_time(recall.opened_at), by=recall.opened_by)),
            *self._opening_signature(),
            ("closed_at", self._closed()),
            ("to_opening", written_span(recall.opened_at - recall.known_at)),
            ("to_closing" if recall.closed_at else "so_far", written_span(self._until() - recall.opened_at)),
            ("conclusion", recall.conclusion or NOTHING),
            *([("signed_as", self._signature(recall.signature))] if recall.signature else []),
        ]
        return [[self.words[key], text] for key, text in rows]

    def _opening_signature(self) -> Iterator[tuple[str, str]]:
        recall = self.report.recall
        if recall.opening_signature:
            yield "opening_signed_as", self._signature(recall.opening_signature)
        elif recall.signature_due:
            yield "opening_signed_as", self.words["not_signed_yet"]

    def _signature(self, signature: Signature) -> str:
        return self._say("signed", meaning=signature.meaning, name=signature.name, at=written_time(signature.at))

    def _closed(self) -> str:
        recall = self.report.recall
        if recall.closed_at is None:
            return self.words["not_yet"]
        return self._say("by", at=written_time(recall.closed_at), by=recall.closed_by)

    def _until(self) -> datetime:
        return self.report.recall.closed_at or self.report.at

    def _glance(self) -> list[Json]:
        report = self.report
        recoveries = [customer.recovery for customer in report.customers]
        shipped = self._number(total(recovery.shipped for recovery in recoveries))
        outstanding = self._number(total(recovery.outstanding for recovery in recoveries))
        on_hand = self._number(total(product.check.on_hand for product in self._classes_in_kilograms()))
        differing = sum(product.differing for product in self.products)
        suspects = sum(product.suspects for product in self.products)
        notified = sum(customer.notified_at is not None for customer in report.customers)
        acknowledged = sum(customer.acknowledged_at is not None for customer in report.customers)
        told = f"{self._say('notified_of_all', count=notified)}, {self._say('acknowledged_of_all', count=acknowledged)}"
        percent = report.effectiveness
        return [
            ["lots_in_scope", self._count(len(report.lots)), self._say("of_them_suspect", count=suspects)],
            ["on_hand", f"{on_hand} kg", self._sites()],
            ["still_outstanding", f"{outstanding} kg", self._say("of_shipped", quantity=shipped)],
            ["customers", self._count(len(report.customers)), told],
            [
                "effectiveness",
                NOTHING if percent is None else f"{self._number(percent)} %",
                self.words["nothing_shipped" if percent is None else "effectiveness_note"],
            ],
            [
                "quantity_check",
                self._say("lots_differ", count=differing) if differing else self.words["adds_up"],
                "" if differing else self.words["adds_up_note"],
            ],
        ]

    def _sites(self) -> str:
        sites = sorted({lot.site for lot in self.report.lots})
        if len(sites) > MOST_SITES:
            return self._say("several_sites", count=self._count(len(sites)))
        return ", ".join(self._say("site_named", site=site) for site in sites)

    # The scope ----------------------------------------------------------------------------------------------------

    def _classes_in_kilograms(self) -> tuple[ClassInRecall, ...]:
        return classes_of(self.products)

    def _classes(self) -> list[Json]:
        classes = self._classes_in_kilograms()
        checks = self._checks([entry.check for entry in classes])
        return [
            [[self.words[entry.product_class], self._without_mass(entry)], self._count(entry.lots), *check]
            for entry, check in zip(classes, checks, strict=True)
        ]

    def _without_mass(self, entry: ClassInRecall) -> str:
        return self._say("without_mass", products=", ".join(entry.without_mass)) if entry.without_mass else ""

    def _products_in_units(self) -> list[Json]:
        checks = self._checks([product.check for product in self.products])
        return [
            [[product.code, product.name], self._count(product.lots), product.unit, *check]
            for product, check in zip(self.products, checks, strict=True)
        ]

    def _lots(self) -> dict[str, Json]:
        lots: Sequence[LotInRecall] = self.report.lots
        note = ""
        if len(lots) > MOST_LINES:
            note = self._say("lots_summed_up", count=self._count(len(lots)), most=self._count(MOST_LINES))
            lots = [lot for lot in lots if lot.depth == 0][:MOST_LINES]
        rows: list[Json] = [
            [
                str(lot.depth) if lot.depth else self.words["suspect"],
                self._lot(lot),
                self._status(lot),
                lot.unit,
                *check,
            ]
            for lot, check in zip(lots, self._checks(lots), strict=True)
        ]
        return {"rows": rows, "note": note}

    def _lot(self, lot: LotInRecall) -> Row:
        small = [f"{lot.product} · {lot.product_name}", f"{self.words['site']} {lot.site}"]
        if lot.campaign:
            small.append(f"{self.words['campaign']} {lot.campaign}")
        if lot.supplier_lot:
            small.append(f"{self.words['supplier_lot']} {lot.supplier_lot}")
        if lot.joined_at > self.report.recall.opened_at:
            small.append(f"{self.words['joined_at']} {written_time(lot.joined_at)}")
        return [_named(lot.code, lot.sub_lot), " · ".join(small)]

    def _status(self, lot: LotInRecall) -> Row:
        return [self.words[lot.disposition], f"{self.words['holds']}: {lot.holds}" if lot.holds else ""]

    def _checks(self, checks: Sequence[Check | LotInRecall]) -> list[Row]:
        names = (*QUANTITIES, "difference")
        columns = [written_column([getattr(check, name) for check in checks], self.language) for name in names]
        return [list(row) for row in zip(*columns, strict=True)]

    # Customers and suppliers --------------------------------------------------------------------------------------

    def _customers(self) -> list[Json]:
        customers = self.report.customers
        names = ("shipped", "returned", "destroyed", "outstanding")
        columns = [
            written_column([getattr(customer.recovery, name) for customer in customers], self.language)
            for name in names
        ]
        return [
            [
                [customer.name, customer.partner],
                *quantities,
                self._minute(customer.notified_at),
                self._minute(customer.acknowledged_at),
            ]
            for customer, quantities in zip(customers, zip(*columns, strict=True), strict=True)
        ]

    def _deliveries(self) -> dict[str, Json]:
        customers = self.report.customers
        lines = sum(len(delivery.documents) for customer in customers for delivery in customer.deliveries)
        if lines > MOST_LINES:
            return {"customers": [], "note": self._say("deliveries_summed_up", count=self._count(lines))}
        return {"customers": [self._customer(customer) for customer in customers], "note": ""}

    def _customer(self, customer: CustomerInRecall) -> Json:
        known = [("address", customer.address), ("contact", customer.contact), ("gln", customer.gln)]
        return {
            "name": customer.name,
            "partner": customer.partner,
            "known": [[self.words[key], text or NOTHING] for key, text in known],
            "lines": self._lines(customer.deliveries),
        }

    def _lines(self, deliveries: Iterable[Delivery]) -> list[Json]:
        """The lines of each lot together, the first of them with the lot's product and sums."""
        lines = [(delivery, line) for delivery in deliveries for line in delivery.documents]
        quantities = written_column([line.quantity for _, line in lines], self.language)
        return [
            [
                [_named(line.lot, line.sub_lot), *(self._sums(delivery) if line is delivery.documents[0] else [])],
                line.document or NOTHING,
                written_minute(line.moment.at),
                self.words[line.kind],
                quantity,
                line.unit,
            ]
            for (delivery, line), quantity in zip(lines, quantities, strict=True)
        ]

    def _sums(self, delivery: Delivery) -> list[str]:
        sums = self._say(
            "lot_sums",
            shipped=self._number(delivery.shipped),
            returned=self._number(delivery.returned),
            left=self._with_them(delivery),
        )
        return [self._product(delivery.product), sums]

    def _suppliers(self) -> dict[str, Json]:
        lines = self.report.suppliers[:MOST_LINES]
        quantities = written_column([line.quantity for line in lines], self.language)
        rows: list[Json] = [self._receipt(line, quantity) for line, quantity in zip(lines, quantities, strict=True)]
        return {"rows": rows, "note": self._cut(len(self.report.suppliers))}

    def _receipt(self, line: Handover, quantity: str) -> Row:
        return [
            line.partner or NOTHING,
            line.supplier_lot or NOTHING,
            [_named(line.lot, line.sub_lot), self._product(line.product), f"{self.words['site']} {line.site}"],
            line.document or NOTHING,
            written_minute(line.moment.at),
            quantity,
            line.unit,
        ]

    # Neighbours and log -------------------------------------------------------------------------------------------

    def _neighbours(self) -> dict[str, Json]:
        rows: list[Json] = [
            [
                [
                    _named(neighbour.code, neighbour.sub_lot),
                    neighbour.product,
                    f"{self.words['site']} {neighbour.site}"
                    + (f" · {self.words['campaign']} {neighbour.campaign}" if neighbour.campaign else ""),
                ],
                neighbour.made_on.isoformat() if neighbour.made_on else NOTHING,
                neighbour.beside,
                neighbour.why,
            ]
            for neighbour in self.report.neighbours[:MOST_LINES]
        ]
        return {"rows": rows, "note": self._neighbours_cut(len(rows))}

    def _neighbours_cut(self, shown: int) -> str:
        listed, there_are = len(self.report.neighbours), self.report.neighbours_total
        if listed < there_are:
            return self._say("neighbours_cut", most=self._count(shown), count=self._count(there_are))
        return self._cut(listed)

    def _log(self) -> dict[str, Json]:
        names = {customer.partner: customer.name for customer in self.report.customers}
        rows: list[Json] = [self._entry(entry, names) for entry in self.report.log[:MOST_LINES]]
        return {"rows": rows, "note": self._cut(len(self.report.log))}

    def _entry(self, entry: LogEntry, names: Mapping[str, str]) -> Row:
        happened, recorded = written_minute(entry.at), written_minute(entry.recorded_at)
        return [
            [happened, "" if recorded == happened else self._say("recorded", at=recorded)],
            entry.by,
            self.words[entry.step.value],
            [names.get(entry.partner, entry.partner), entry.partner] if entry.partner else "",
            "" if entry.kilograms is None else self._number(entry.kilograms),
            entry.text,
        ]

    # Small things -------------------------------------------------------------------------------------------------

    def _say(self, key: str, **facts: object) -> str:
        return self.words[key].format(**facts)

    def _number(self, number: Decimal) -> str:
        return written_number(number, self.language)

    def _count(self, count: int) -> str:
        return self._number(Decimal(count))

    def _minute(self, at: datetime | None) -> str:
        return NOTHING if at is None else written_minute(at)

    def _product(self, code: str) -> str:
        name = self.names.get(code)
        return f"{code} · {name}" if name else code

    def _cut(self, count: int) -> str:
        if count <= MOST_LINES:
            return ""
        return self._say("list_summed_up", most=self._count(MOST_LINES), count=self._count(count))


def _named(code: str, sub_lot: str) -> str:
    return f"{code} / {sub_lot}" if sub_lot else code
