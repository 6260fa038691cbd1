/* How one sheet of a trace stood after one of its events. Pure.

   A step of the trace is [index of its event, what, index of its scope, element], what being entered, left,
   taken, cancelled, halted (an incident opened) or freed (it closed). Tokens are counted, not guessed. */

const MOVES = { entered: 1, left: -1, cancelled: -1 };

/** {visits, now, halted: {id: times}, done, flows, last, cancelled: Set} of the sheet `at` after the event `until`. */
export function stateOf(trace, at, until) {
  const counted = { visits: {}, now: {}, halted: {} };
  const state = { ...counted, done: new Set(), flows: new Set(), last: new Set(), cancelled: new Set() };
  const lastOf = new Map();
  for (const [event, what, scope, element] of trace.steps) {
    if (event > until) break;
    if (trace.scopes[scope][1] !== at) continue;
    if (what === "taken") {
      state.flows.add(element);
      lastOf.set(scope, element);
    } else move(state, what, element);
  }
  state.last = new Set(lastOf.values());
  if (trace.closed && until >= trace.events.length - 1) state.now = {};
  return state;
}

const places = new WeakMap(); // of each trace, the sheets with a token

/** Whether a token is on the sheet `at`, as the ticket is now; a call that runs holds one of its own. */
export function isHere(trace, at) {
  if (!places.has(trace)) places.set(trace, sheetsNow(trace));
  return places.get(trace).has(at);
}

function sheetsNow(trace) {
  const tokens = new Map();
  for (const [, what, scope] of trace.closed ? [] : trace.steps) {
    const sheet = trace.scopes[scope][1];
    tokens.set(sheet, (tokens.get(sheet) ?? 0) + (MOVES[what] ?? 0));
  }
  return new Set([...tokens].filter(([, number]) => number > 0).map(([sheet]) => sheet));
}

function move(state, what, element) {
  const add = (counts, number) => { counts[element] = (counts[element] ?? 0) + number; };
  if (what === "halted" || what === "freed") add(state.halted, what === "halted" ? 1 : -1);
  else add(state.now, MOVES[what]);
  if (what === "entered") add(state.visits, 1);
  if (what === "cancelled") state.cancelled.add(element);
  else if (what === "entered" || what === "left") state.cancelled.delete(element);
  if (what === "left") state.done.add(element);
}
