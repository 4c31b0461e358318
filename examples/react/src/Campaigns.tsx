import { useState } from "react";

import { Shown, useAnswer } from "./answer";
import type { Lignage } from "./api";
import { Paging } from "./Paging";

type Props = { api: Lignage; chosen: string | undefined; choose: (code: string) => void };

/** The campaigns, a page of them at a time. */
export function Campaigns({ api, chosen, choose }: Props) {
  const [cursor, setCursor] = useState<string>();
  const query = { limit: 20, ...(cursor && { cursor }) };
  const campaigns = useAnswer((signal) => api.GET("/api/v1/campaigns/", { params: { query }, signal }), [api, cursor]);
  return (
    <section>
      <h2>Campaigns</h2>
      <Shown answer={campaigns}>
        {({ items, next }) => (
          <>
            {items.length === 0 && <p>There are none.</p>}
            <ul className="choices">
              {items.map((campaign) => (
                <li key={campaign.id}>
                  <button aria-pressed={campaign.code === chosen} onClick={() => choose(campaign.code)}>
                    <strong>{campaign.name}</strong>
                    <span>
                      {campaign.product} at {campaign.site} · {campaign.status_label}
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
