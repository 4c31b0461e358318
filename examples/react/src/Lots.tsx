import { useState } from "react";

import { Shown, useAnswer } from "./answer";
import type { Lignage, Shapes } from "./api";
import { Paging } from "./Paging";

export type Lot = Pick<Shapes["LotRead"], "id" | "product" | "code">;
type Props = { api: Lignage; campaign: string; chosen: string | undefined; choose: (lot: Lot) => void };

/** The lots that a campaign made, a page of them at a time. */
export function Lots({ api, campaign, chosen, choose }: Props) {
  const [cursor, setCursor] = useState<string>();
  const query = { campaign, limit: 12, ...(cursor && { cursor }) };
  const lots = useAnswer(
    (signal) => api.GET("/api/v1/lots/", { params: { query }, signal }),
    [api, campaign, cursor],
  );
  return (
    <section>
      <h2>Lots</h2>
      <Shown answer={lots}>
        {({ items, next }) => (
          <>
            {items.length === 0 && <p>It has made none.</p>}
            <ul className="choices">
              {items.map((lot) => (
                <li key={lot.id}>
                  <button aria-pressed={lot.id === chosen} onClick={() => choose(lot)}>
                    <strong>
                      {lot.product} {lot.code} {lot.sub_lot}
                    </strong>
                    <span>
                      {lot.on_hand} {lot.unit} on hand · {lot.status_label}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            <Paging cursor={cursor} next={next} turn={setCursor} />
          </>
        )}
      </Shown>
    </section>
  );
}
