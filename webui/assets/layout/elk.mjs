/* Lays graphs out with the Eclipse Layout Kernel: one JSON graph per line in, the same graph with places per line out.

   It answers in order and ends with its input. A graph that the kernel can't lay out is answered by
   {"error": "…"}, and the next line is read all the same. */

import ELK from "elkjs/lib/elk.bundled.js";
import { createInterface } from "node:readline";

const elk = new ELK();

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await elk.layout(JSON.parse(line)).catch((error) => ({ error: String(error?.message ?? error) }));
  process.stdout.write(JSON.stringify(answer) + "\n");
}
