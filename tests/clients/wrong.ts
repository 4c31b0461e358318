// What the generated client's types refuse, before anything is sent: each line for its own fault.

import type { Lignage, Shapes } from "../../examples/react/src/api";

const code = "FAIR";
const where = { site: "MILL", operator: "ODILE", occurred_at: "2026-03-02T08:00:00+01:00" };
const apples = { direction: "in", role: "input", product: "APPLE", unit: "KGM" } as const;

export const kind: Shapes["OperationWrite"] = { ...where, movements: [], kind: "brewing" }; // refused: TS2322
export const missing: Shapes["OperationWrite"] = { ...where, movements: [] }; // refused: TS2741
export const number: Shapes["MovementWrite"] = { ...apples, quantity: 1.5 }; // refused: TS2322
export const none: Shapes["MovementWrite"] = apples; // refused: TS2741
export const unknown: Shapes["PartnerWrite"] = { code, role: "both", colour: "red" }; // refused: TS2353

export async function wrong(api: Lignage, recorded: Shapes["OperationRead"], problem: Shapes["Problem"]) {
  await api.GET("/api/v1/batches/", {}); // refused: TS2345
  await api.DELETE("/api/v1/lots/", {}); // refused: TS2345
  await api.PATCH("/api/v1/partners/{code}/", { params: { path: { code } }, body: {} }); // refused: TS2741
  await api.GET("/api/v1/lots/", { params: { query: { disposition: "eaten" } } }); // refused: TS2322
  recorded.quantity; // refused: TS2339
  recorded.campaign.length; // refused: TS18047
  problem.errors[0]?.pointer.length; // refused: TS2532
}
