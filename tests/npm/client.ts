// What an operator's program does with the API: lists nodes, changes one, and follows what happens. api.d.ts is made of the API's
// description; what does not agree with that is found by the compiler.

import createClient from "openapi-fetch";
import type { paths } from "./api.js";

declare const process: { argv: string[] };

const [address, token] = process.argv.slice(2) as [string, string];
const api = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });

const listed = await api.GET("/api/v1/nodes", { params: { query: { phase: "configured", sort: "-hostName" } } });
console.log("listed", listed.data?.items.map(node => `${node.hostName} ${node.phase}`).join(", "));

const stream = await api.GET("/api/v1/events", { parseAs: "stream" });
const chunks = stream.data!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
await chunks.next(); // it is connected

const held = await api.POST("/api/v1/nodes/{node}/hold", {
  params: { path: { node: "n2" } },
  body: { reason: "a client made from the description" },
});
console.log("held", held.data?.hostName, held.data?.held);

const patched = await api.PATCH("/api/v1/nodes/{node}", {
  params: { path: { node: "n2" }, query: { reason: "it was moved" } },
  body: { cabinet: "B7" },
});
console.log("patched", patched.data?.cabinet);

const refused = await api.POST("/api/v1/nodes/{node}/reinstall", { params: { path: { node: "n2" } }, body: { wipe: false, reason: null } });
console.log("refused", refused.response.status, refused.error?.detail);

for (let seen = ""; !seen.includes("it was moved");) {
  const { value, done } = await chunks.next();
  if (done) {
    throw new Error("the stream has ended");
  }

  seen += value;
}

console.log("followed");
await chunks.return?.();
