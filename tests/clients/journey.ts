// What a program does with the generated client: record, read, change, and be refused.
// Run with the server's address and a token. Imports what the test generates.

import assert from "node:assert/strict";

import { type Lignage, lignage, type Shapes } from "../../examples/react/src/api";

const [address, token] = process.argv.slice(2);
assert(address && token);
const api = lignage(token, address);

await makeAndChangeARecord();
await recordUnderAKey();
await readPageByPage();
await beRefused(lignage("nobody's", address));

/** A patch changes what it names and nothing else, and only what the caller has seen. */
async function makeAndChangeARecord() {
  const stated: Shapes["PartnerWrite"] = { code: "FAIR", role: "customer", name: "The fair", contact: "Ana" };
  const made = await api.POST("/api/v1/partners/", { body: stated });
  assert.deepEqual([made.response.status, made.data?.name, made.data?.address], [201, "The fair", ""]);

  const path = { code: "FAIR" };
  const seen = await api.GET("/api/v1/partners/{code}/", { params: { path } });
  const params = { path, header: { "If-Match": seen.response.headers.get("ETag") ?? "" } };
  const patch = { body: { address: "2 Low Street" }, params };
  const changed = await api.PATCH("/api/v1/partners/{code}/", patch);
  assert.deepEqual(changed.data, { ...made.data, address: "2 Low Street" });

  const stale = await api.PATCH("/api/v1/partners/{code}/", patch);
  assert.deepEqual([stale.data, stale.error?.status, stale.error?.errors[0]?.code], [undefined, 412, "stale"]);
}

function receipt(lot: string, quantity = "1000.5"): Shapes["OperationWrite"] {
  return {
    kind: "receipt",
    occurred_at: "2026-03-02T08:00:00+01:00",
    site: "MILL",
    operator: "ODILE",
    partner: "ORCHARD",
    movements: [{ direction: "out", role: "main", product: "APPLE", lot, quantity, unit: "KGM" }],
  };
}

/** The same request again has no second effect, and the same answer. */
async function recordUnderAKey() {
  const delivery = { body: receipt("A-1"), params: { header: { "Idempotency-Key": "delivery 1" } } };
  const first = await api.POST("/api/v1/operations/", delivery);
  const again = await api.POST("/api/v1/operations/", delivery);
  assert.deepEqual([first.response.status, first.data?.movements[0]?.quantity], [201, "1000.5"]);
  assert.deepEqual([again.response.status, again.data], [201, first.data]);
  assert.equal(again.response.headers.get("Idempotency-Replayed"), "true");
}

/** Each operation once. */
async function readPageByPage() {
  assert((await api.POST("/api/v1/operations/", { body: receipt("A-2") })).data);
  const found: (string | null)[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { limit: 1, ...(cursor && { cursor }) };
    const { data }: { data?: Shapes["OperationPage"] } = await api.GET("/api/v1/operations/", { params: { query } });
    assert(data);
    found.push(...data.items.map((operation) => operation.movements[0]?.lot ?? null));
    cursor = data.next;
  } while (cursor);
  assert.deepEqual(found, ["A-1", "A-2"]);
}

/** Everything that is wrong comes at once, each at its place. */
async function beRefused(stranger: Lignage) {
  const { error } = await api.POST("/api/v1/operations/", { body: receipt("A 3", "-1") });
  const faults = error?.errors.map(({ pointer, code }) => [pointer, code]);
  assert.deepEqual([error?.status, faults], [422, [["/movements/0/quantity", "not_positive"]]]);
  assert.equal((await stranger.GET("/api/v1/operations/")).error?.status, 401);
}
