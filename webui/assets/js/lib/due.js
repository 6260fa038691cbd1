/* Lets the words of a deadline go on after the page was drawn.

   It counts from the engine's moment in <html data-now> by the browser's own running time: a wrong clock on
   the desk, or a test clock on the server, does not matter. The words are those the server uses. */

const MINUTE = 60_000;
const SOON = 60 * MINUTE;
const root = document.documentElement;

export function startTimeLeft() {
  if (!root.dataset.now) return;
  const drawn = Date.parse(root.dataset.now) - performance.now();
  setInterval(() => {
    const now = drawn + performance.now();
    for (const time of document.querySelectorAll("time[data-due]")) update(time, Date.parse(time.dataset.due) - now);
  }, MINUTE / 4);
}

function update(time, left) {
  time.textContent = timeLeft(left);
  const chip = time.closest(".deadline");
  if (left <= SOON) chip?.classList.replace("deadline-running", "deadline-soon");
  if (left < 0) chip?.classList.replace("deadline-soon", "deadline-late");
}

/** "in 2 h 10 min", "25 min late", "due now"; whole minutes, rounded towards the due moment. */
export function timeLeft(left) {
  const minutes = Math.floor(Math.abs(left) / MINUTE);
  if (minutes === 0) return "due now";
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const words = days
    ? [`${days} d`, hours ? `${hours} h` : ""]
    : [hours ? `${hours} h` : "", minutes % 60 ? `${minutes % 60} min` : ""];
  const text = words.filter(Boolean).join(" ");
  return left < 0 ? `${text} late` : `in ${text}`;
}
