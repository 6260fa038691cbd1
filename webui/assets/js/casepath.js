/* What every page has: theme, keys, lists, drafts, the double-click guard, time left, and htmx.

   Pages are complete without any of it. What is read from the page:

     [data-theme-switch]            button: system → light → dark, kept in the cookie casepath_theme   (lib/theme.js)
     [data-keys-open]               button that opens the list of keys, as "?" does                    (lib/keys.js)
     [data-key="x"]                 link or button that x presses, field that x focuses; data-key-label names it
     [data-go="i"]                  link that "g i" follows
     [data-list] [data-row]         list with j and k; enter opens [data-open]; [data-row-key="c"] is the row's own key (inbox.js)
     form                           is sent once; its button shows data-busy meanwhile                 (lib/once.js)
     form[data-draft-url]           is saved while one types, see there                                (lib/drafts.js)
     input[data-files-each]         says of files that are too large or too many             (lib/files.js)
     time[data-due]                 counts on from <html data-now>                                     (lib/due.js)
     [data-error-summary]           takes focus when the page opens with errors
     hx-get, hx-post, …             htmx 4; its requests carry X-CSRF-Token. Attributes are not inherited unless they
                                    say :inherited, and 4xx and 5xx answers are swapped in, so a 422 shows its form. */

import "htmx.org";
import { startInbox } from "./inbox.js";
import { startDrafts } from "./lib/drafts.js";
import { startTimeLeft } from "./lib/due.js";
import { startFiles } from "./lib/files.js";
import { startKeys } from "./lib/keys.js";
import { startOnce } from "./lib/once.js";
import { csrfToken } from "./lib/page.js";
import { startTheme } from "./lib/theme.js";

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRF-Token"] = csrfToken();
});

startTheme();
startOnce();
startDrafts();
startFiles();
startTimeLeft();
startInbox();
startKeys();

document.querySelector("[data-error-summary]:not([hidden])")?.focus();
