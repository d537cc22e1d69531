// Elements of a page.

export function element(tag, name = "", text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

/** A button with a picture: the path of a drawing of 16 by 16. */
export function iconButton(name, path) {
  const made = element("button", name);
  made.type = "button";
  made.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`;
  return made;
}
