/* The switch between system, light and dark. A cookie, not local storage: the server writes the choice
   into <html>, so that a dark page is never first drawn white. */

const order = ["system", "light", "dark"];
const root = document.documentElement;

export function startTheme() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    name(button);
    button.addEventListener("click", () => {
      root.dataset.theme = order[(order.indexOf(root.dataset.theme) + 1) % order.length];
      document.cookie = `casepath_theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
      name(button);
    });
  }
}

function name(button) {
  button.textContent = `Theme: ${root.dataset.theme}`;
}
