// Where one module alone can be given, as to a notebook: it makes the others, each after those that it loads.
const { modules, styles, entry } = GIVEN;
const urls = {};
for (const [name, text] of Object.entries(modules)) {
  const named = text.replace(/(\b(?:from|import)\s*)"(lstm_viz\/[^"]+)"/g, (_, how, other) => how + JSON.stringify(urls[other]));
  urls[name] = URL.createObjectURL(new Blob([named], { type: "text/javascript" }));
}
const { default: made } = await import(urls[entry]);
for (const url of Object.values(urls)) URL.revokeObjectURL(url);
export default made(styles);
