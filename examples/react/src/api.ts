import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./lignage";

type Answers = "application/json" | "application/problem+json";

export type Lignage = Client<paths, Answers>;
export type Shapes = components["schemas"];
export type Problem = Shapes["Problem"];

/** The client of whoever this token belongs to; without an address, of the server that the page came from. */
export function lignage(token: string, address = ""): Lignage {
  return createClient<paths, Answers>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });
}
