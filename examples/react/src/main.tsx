import "./style.css";

import { StrictMode, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";

import { lignage } from "./api";
import { Balance } from "./Balance";
import { Campaigns } from "./Campaigns";
import { type Lot, Lots } from "./Lots";
import { Trace } from "./Trace";

/** Campaigns, the balance of the one that is chosen, its lots, and the trace of one of those. */
function Page() {
  const [token, setToken] = useState<string>();
  return token ? <Plant token={token} leave={() => setToken(undefined)} /> : <Entrance enter={setToken} />;
}

function Entrance({ enter }: { enter: (token: string) => void }) {
  // The token stays in the memory of this page: what is stored in a browser can be read by any script of its origin.
  return (
    <form action={(form) => enter(String(form.get("token")).trim())}>
      <label>
        Token <input name="token" type="password" required autoFocus autoComplete="off" />
      </label>{" "}
      <button>Enter</button>
    </form>
  );
}

function Plant({ token, leave }: { token: string; leave: () => void }) {
  const api = useMemo(() => lignage(token), [token]);
  const [campaign, setCampaign] = useState<string>();
  const [lot, setLot] = useState<Lot>();
  const choose = (code: string) => {
    setCampaign(code);
    setLot(undefined);
  };
  return (
    <>
      <header>
        <h1>Campaigns and their lots</h1>
        <button onClick={leave}>Leave</button>
      </header>
      <main>
        <Campaigns api={api} chosen={campaign} choose={choose} />
        {campaign && (
          <div key={campaign}>
            <Balance api={api} code={campaign} />
            <Lots api={api} campaign={campaign} chosen={lot?.id} choose={setLot} />
          </div>
        )}
        {lot && <Trace api={api} lot={lot} />}
      </main>
    </>
  );
}

const root = document.getElementById("page");
if (!root) throw new Error("The document has no element for the page.");
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
