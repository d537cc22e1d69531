"""A page that shows a widget as a notebook does: anywidget's model, fed by the widget."""

from base64 import b64encode
from typing import Any

from playwright.sync_api import Page

PAGE = """<!doctype html><body style="margin: 0; background: #fff"><main id="output"></main>"""
HOST = """
const views = (found) => typeof found === "string" && found.startsWith("data:bytes,")
  ? new DataView(Uint8Array.from(atob(found.slice(11)), (letter) => letter.charCodeAt(0)).buffer)
  : Array.isArray(found) ? found.map(views) : found;

class Model {
  constructor(state) {
    Object.assign(this, { state: {}, hearing: new Map() });
    this.take(state);
  }
  get(name) { return this.state[name]; }
  set(name, value) { this.take({ [name]: value }); }
  save_changes() {}
  on(name, hear) { this.hearing.set(name, [...(this.hearing.get(name) ?? []), hear]); }
  off(name, hear) { this.hearing.set(name, (this.hearing.get(name) ?? []).filter((each) => each !== hear)); }
  tell(name, ...given) { for (const hear of this.hearing.get(name) ?? []) hear(...given); }
  take(state) {
    for (const [name, value] of Object.entries(state)) this.state[name] = views(value);
    for (const name of Object.keys(state)) this.tell(`change:${name}`);
  }
}

globalThis.notebook = {
  models: new Map(),
  async open(id, state) {
    const model = new Model(state);
    const url = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
    const { default: widget } = await import(url);
    await widget.initialize?.({ model });
    this.models.set(id, { model, widget });
  },
  async show(id) {
    const { model, widget } = this.models.get(id);
    const el = document.getElementById("output").appendChild(document.createElement("div"));
    el.id = `${id}-${document.querySelectorAll("#output > div").length}`;
    const leave = await widget.render({ model, el });
    return (this.leave = () => (el.remove(), leave()));
  },
  update(id, state) { this.models.get(id).model.take(state); },
  message(id, content, buffers) { this.models.get(id).model.tell("msg:custom", content, buffers.map(views)); },
};
"""  # noqa: E501


class Notebook:
    """Shows widgets; what they send arrives once they are shown."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_content(PAGE)
        page.evaluate(HOST)

    def show(self, widget: Any) -> None:
        """A view more of it."""
        first = widget.comm is None
        name = widget.model_id
        if first:
            self.page.evaluate(
                "given => notebook.open(...given)", [name, _sent(widget.get_state())]
            )
            widget.send_state = lambda key=None: self.page.evaluate(
                "given => notebook.update(...given)", [name, _sent(widget.get_state(key))]
            )
            widget.send = lambda content, buffers: self.page.evaluate(
                "given => notebook.message(...given)", [name, content, _sent(buffers)]
            )
        self.page.evaluate("id => notebook.show(id).then(() => null)", name)


def _sent(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"data:bytes,{b64encode(value).decode()}"
    if isinstance(value, dict):
        return {key: _sent(each) for key, each in value.items()}
    return [_sent(each) for each in value] if isinstance(value, list | tuple) else value
