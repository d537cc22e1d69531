// Streamlit lets a page switch its theme in its main menu alone: there it is clicked.

const PATIENCE = 20; // frames until its menu is open

export const isDark = () => {
  const [red, green, blue] = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor.match(/[\d.]+/g);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
};

/** Switch to "Light" or "Dark". */
export function switchTheme(name) {
  const menu = document.querySelector('[data-testid="stMainMenuButton"]');
  menu?.click();
  choose(name, menu, PATIENCE);
}

function choose(name, menu, patience) {
  const item = document.querySelector(`[data-testid="stMainMenuItem-theme-${name}"]`);
  if (!item && patience) requestAnimationFrame(() => choose(name, menu, patience - 1));
  if (!item) return;
  item.click();
  menu.click(); // shut again
}
