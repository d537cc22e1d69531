// Streamlit lets a page switch its theme in its main menu alone: there it is clicked. It keeps the choice
// for the path of the page that was loaded.

const PATIENCE = 20; // frames until its menu is open
const NAMES = ["System", "Light", "Dark"];
const SWITCHING = "switching"; // while the menu is not to be seen

export const isDark = () => {
  const [red, green, blue] = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor.match(/[\d.]+/g);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
};

/** The theme that is chosen: "Light", "Dark" or "System". */
export function chosenTheme() {
  const [{ name: loaded }] = performance.getEntriesByType("navigation"); // whatever page is shown since
  let said = null;
  try {
    said = localStorage.getItem(`stActiveTheme-${new URL(loaded).pathname}-v2`);
  } catch {
    // a browser that keeps nothing
  }
  return NAMES.find((name) => said === JSON.stringify(name)) ?? (isDark() ? "Dark" : "Light");
}

/** Switch to one of them. */
export function switchTheme(name) {
  const menu = document.querySelector('[data-testid="stMainMenuButton"]');
  document.documentElement.classList.add(SWITCHING);
  menu?.click();
  choose(name, menu, PATIENCE);
}

function choose(name, menu, patience) {
  const item = document.querySelector(`[data-testid="stMainMenuItem-theme-${name}"]`);
  if (!item && patience) return void requestAnimationFrame(() => choose(name, menu, patience - 1));
  item?.click();
  menu?.click(); // shut again
  requestAnimationFrame(() => requestAnimationFrame(() => document.documentElement.classList.remove(SWITCHING)));
}
