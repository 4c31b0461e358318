import { Shown, useAnswer } from "./answer";
import type { Lignage, Shapes } from "./api";
import type { Lot } from "./Lots";

const SIDES: Record<Shapes["TraceSide"], string> = {
  start: "this lot",
  backward: "went into it",
  forward: "made with it",
  both: "both, through rework",
};

/** What went into a lot and where it went, to the suppliers at one end and the customers at the other. */
export function Trace({ api, lot }: { api: Lignage; lot: Lot }) {
  const trace = useAnswer(
    (signal) => api.GET("/api/v1/lots/{lot_id}/trace/", { params: { path: { lot_id: lot.id } }, signal }),
    [api, lot.id],
  );
  return (
    <section>
      <h2>
        Trace of {lot.product} {lot.code}
      </h2>
      <Shown answer={trace}>
        {({ lots, suppliers, customers }) => (
          <>
            <Table title="From" heads={["supplier", "lot", "their lot", "quantity"]}>
              {suppliers.map((line) => [
                line.partner ?? "?",
                `${line.product} ${line.lot}`,
                line.supplier_lot,
                `${line.quantity} ${line.unit}`,
              ])}
            </Table>
            <Table title="Lots" heads={["steps", "lot", "", "on hand", "status"]}>
              {lots.map((each) => [
                String(each.depth),
                `${each.product} ${each.code} ${each.sub_lot}`,
                SIDES[each.side],
                `${each.on_hand} ${each.unit}`,
                each.disposition,
              ])}
            </Table>
            <Table title="To" heads={["customer", "lot", "shipped", "returned"]}>
              {customers.map((line) => [
                line.partner,
                `${line.product} ${line.lot}`,
                `${line.shipped} ${line.unit}`,
                `${line.returned} ${line.unit}`,
              ])}
            </Table>
          </>
        )}
      </Shown>
    </section>
  );
}

function Table({ title, heads, children }: { title: string; heads: string[]; children: string[][] }) {
  if (children.length === 0) return <p>{title}: nobody that is known.</p>;
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {children.map((cells) => (
          <tr key={cells.join()}>
            {cells.map((cell, column) => (
              <td key={heads[column]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
