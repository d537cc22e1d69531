// The picture that stands in a component's place until it is drawn, and again if it fails.

/** Hide the still pictures of a kind of component, or show them; lstm_viz/ui/shell.py has the rule. */
export function drawn(kind, is) {
  document.body.classList.toggle(`${kind}-is-drawn`, is);
}
