/* The group "When it would fire" of the properties panel: a timer's moments for tickets that come to it now, on
   Friday evening, and on the evening before a holiday.

   The server reckons with what arms timers and with the calendars of the pack. It takes the fields kind (date,
   duration or cycle) and text, and answers {"rows": [{label, armed, fires: […]}], "why"}: rows of moments in words,
   or a sentence that says why none can be told before there is a ticket. */

import { jsx, jsxs } from "@bpmn-io/properties-panel/preact/jsx-runtime";
import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { post } from "../page.js";

export const MOMENTS = "casepath-moments";
const ASK_AFTER_MS = 300;
const KINDS = { timeDate: "date", timeDuration: "duration", timeCycle: "cycle" };

export const timerOf = (business) => (business.eventDefinitions ?? []).find((it) => it.$type === "bpmn:TimerEventDefinition");

/** The group for a timer that has a text, else null. */
export function moments(element, url) {
  const asked = url && textOf(timerOf(element.businessObject));
  return asked ? { id: MOMENTS, label: "When it would fire", entries: [{ id: `${MOMENTS}-list`, component: Moments, url, asked }] } : null;
}

function textOf(definition) {
  const name = Object.keys(KINDS).find((it) => definition?.get(it)?.body?.trim());
  return name ? { kind: KINDS[name], text: definition.get(name).body.trim() } : null;
}

function Moments({ id, url, asked: { kind, text } }) {
  const [answer, setAnswer] = useState(null);
  useEffect(() => {
    let over = false;
    const asking = setTimeout(async () => {
      const found = await ask(url, kind, text);
      if (!over) setAnswer(found); // an older answer must not overwrite a newer one
    }, ASK_AFTER_MS);
    return () => { over = true; clearTimeout(asking); };
  }, [url, kind, text]);
  return jsx("div", {
    class: "bio-properties-panel-entry timer-moments", "data-entry-id": id, role: "status", "aria-busy": answer === null,
    children: answer && (answer.why ? jsx("p", { children: answer.why }) : jsx("dl", { children: answer.rows.flatMap(row) })),
  });
}

async function ask(url, kind, text) {
  try {
    return await (await post(url, new URLSearchParams({ kind, text }))).json();
  } catch (error) {
    console.warn(error);
    return { rows: [], why: "The server did not answer." };
  }
}

const row = ({ label, armed, fires }) => [
  jsxs("dt", { children: [jsx("strong", { children: label }), " ", jsx("span", { children: `reached ${armed}` })] }),
  ...fires.map((moment) => jsx("dd", { children: moment })),
];
