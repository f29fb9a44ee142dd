// A shop is paid, with openapi-fetch and the types that openapi-typescript makes of the OpenAPI
// document.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { paths } from "./wallet.js";

const client = createClient<paths>({
  baseUrl: process.env["WALLET_URL"],
  headers: { Authorization: `Bearer ${process.env["WALLET_KEY"]}` },
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(30_000) }),
});

/** Opens an account, and returns its id. */
async function open(): Promise<string> {
  const body = { id: randomUUID(), currency_code: "USD" };
  const { data, error } = await client.POST("/v1/accounts", { body });
  assert(data, error?.detail);
  assert.equal(data.balance, "0.00");
  return data.id;
}

/** Sends the same request again while there is no answer. */
async function untilAnswered<T extends { response: Response }>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const result = await send().catch((broken: unknown) => {
      if (attempt === 5) throw broken;
    });
    const isAnswered = result && ![429, 503].includes(result.response.status);
    if (result && (isAnswered || attempt === 5)) return result;
    await new Promise((resolve) => setTimeout(resolve, attempt * 1000));
  }
}

const buyer = await open();
const shop = await open();

// The id is made once, before the first attempt: each attempt sends the same request.
const deposit = { id: randomUUID(), account_id: buyer, amount: "100.00", currency_code: "USD" };
const deposited = await untilAnswered(() => client.POST("/v1/deposits", { body: deposit }));
assert.equal(deposited.data?.parts[0]?.balance, "100.00");

const transfer = {
  id: randomUUID(),
  sender_account_id: buyer,
  receiver_account_id: shop,
  amount: "25.00",
  currency_code: "USD",
};
const paid = await client.POST("/v1/transfers", { body: transfer });
assert.equal(paid.data?.parts[0]?.balance, "75.00");

const replayed = await client.POST("/v1/transfers", { body: transfer });
assert.equal(replayed.response.headers.get("Idempotent-Replayed"), "true");
assert.deepEqual(replayed.data, paid.data);

const held = await client.POST("/v1/holds", {
  body: { ...transfer, id: randomUUID(), amount: "30.00" },
});
assert(held.data?.hold);
assert.equal(held.data.parts[0]?.available_balance, "45.00");
const captured = await client.POST("/v1/holds/{id}/captures", {
  params: { path: { id: held.data.hold.id } },
  body: { id: randomUUID(), amount: "20.00", final: true },
});
assert.equal(captured.data?.parts[0]?.available_balance, "55.00");

// The items of a batch are of several types, and so are their results.
const batch = await client.POST("/v1/batches", {
  body: {
    mode: "atomic",
    items: [
      { ...deposit, type: "deposit", id: randomUUID(), amount: "5.00" },
      { ...transfer, type: "transfer", id: randomUUID(), amount: "5.00" },
    ],
  },
});
const second = batch.data?.items[1]?.transfer;
assert.equal(second?.parts[0]?.available_balance, "55.00");

const { data, error } = await client.POST("/v1/transfers", {
  body: { ...transfer, id: randomUUID(), amount: "1000.00" },
});
assert.equal(data, undefined);
assert.equal(error?.code, "insufficient_funds");

const types: string[] = [];
let cursor: string | undefined;
do {
  const query = { account_id: buyer, limit: 4, ...(cursor && { cursor }) };
  const page = await client.GET("/v1/transfers", { params: { query } });
  assert(page.data, page.error?.detail);
  types.push(...page.data.data.map((transfer) => transfer.type));
  cursor = page.data.next_cursor ?? undefined;
} while (cursor);
assert.deepEqual(types, ["transfer", "deposit", "capture", "hold", "transfer", "deposit"]);

console.log("paid, captured and listed");
