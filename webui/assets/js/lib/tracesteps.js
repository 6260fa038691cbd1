/* What the diagram shows of a trace: the whole of it, or how it stood after one of its events. Pure. */

/** The path as it is now, by the server's word. */
export function wholeOf(trace) {
  const counted = countVisits(trace.events);
  const flows = new Set(trace.flows ?? []);
  const done = Object.fromEntries((trace.done ?? []).filter((id) => !flows.has(id)).map((id) => [id, counted[id] ?? 1]));
  return { done, flows: [...flows], now: trace.current ?? [], cancelled: trace.cancelled ?? [] };
}

/** The path after the event at index `step`; the last step is the whole. */
export function stepOf(trace, step) {
  if (step >= trace.events.length - 1) return wholeOf(trace);
  const flows = new Set(trace.flows ?? []);
  const until = trace.events.slice(0, step + 1);
  const seen = until.flatMap((event) => event.elements);
  const counted = countVisits(until);
  return {
    done: Object.fromEntries(seen.filter((id) => !flows.has(id)).map((id) => [id, counted[id] ?? 1])),
    flows: seen.filter((id) => flows.has(id)),
    now: trace.events[step].elements.filter((id) => !flows.has(id)),
    cancelled: [],
  };
}

// A visit is an event of kind "entered"; a trace without kinds is not counted.
function countVisits(events) {
  const counted = {};
  for (const event of events) {
    if (event.kind !== "entered") continue;
    for (const id of event.elements) counted[id] = (counted[id] ?? 0) + 1;
  }
  return counted;
}
