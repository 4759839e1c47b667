// A select whose choices the app gives while one types.

import { tell } from "./api.js";
import { h } from "./dom.js";
import { changed } from "./store.js";

const searches = new Map(); // field key -> {query, options, sentence, open, at, timer}

export function externalSelect({ ctx, block, element, field, now, choose }) {
  const several = element.type.startsWith("multi_");
  const key = `${ctx.spot}/${block.block_id}/${element.action_id}`;
  const search = searches.get(key) ?? { query: null, options: [], names: new Map(), open: false, at: 0, sentence: "" };
  searches.set(key, search);
  for (const option of [...(element.initial_options ?? []), element.initial_option].filter(Boolean)) search.names.set(option.value, option.text.text);
  const nameOf = (value) => search.names.get(value) ?? value;
  const pick = (option) => {
    search.names.set(option.value, option.text.text);
    Object.assign(search, { open: false, query: null });
    if (!several) choose(option.value);
    else if (!now.includes(option.value)) choose([...now, option.value]);
  };
  const list = `${field.id}-list`;
  const box = h("input", {
    ...field.props,
    type: "text",
    role: "combobox",
    autocomplete: "off",
    "aria-expanded": String(search.open),
    "aria-controls": list,
    "aria-activedescendant": search.open && search.options.length ? `${list}-${search.at}` : null,
    "data-block": block.block_id,
    "data-action": element.action_id,
    placeholder: element.placeholder?.text ?? "Type to search",
    value: search.query ?? (several || !now ? "" : nameOf(now)),
    onfocus: () => look(ctx, block, element, search, search.query ?? ""),
    oninput: (event) => look(ctx, block, element, search, event.target.value),
    onkeydown: (event) => keys(event, search, pick),
    onblur: () => setTimeout(() => shut(search), 150),
  });
  const chips = several && now.map((value) => h("button", { type: "button", class: "chip", "aria-label": `Remove ${nameOf(value)}`, onclick: () => choose(now.filter((each) => each !== value)) }, nameOf(value), " ×"));
  const clear = !several && now && block.optional && h("button", { type: "button", class: "chip", onclick: () => choose(null) }, "Clear");
  return h("div", { class: "external" }, chips, box, clear, search.open && options(search, list, pick));
}

function options(search, list, pick) {
  const rows = search.options.map((option, index) => {
    const props = { role: "option", id: `${list}-${index}`, class: "item", "aria-selected": String(index === search.at), onpointerdown: () => pick(option) };
    return h("li", props, option.text.text);
  });
  return h("ul", { class: "list", role: "listbox", id: list, "aria-label": "Choices" }, rows, search.sentence && h("li", { class: "soft", role: "presentation" }, search.sentence));
}

function look(ctx, block, element, search, query) {
  const least = element.min_query_length ?? 3;
  Object.assign(search, { query, open: true, at: 0 });
  clearTimeout(search.timer);
  if (query.length < least) Object.assign(search, { options: [], sentence: `Type ${least} or more letters.` });
  else search.timer = setTimeout(() => fetchOptions(ctx, block, element, search), 200);
  changed();
}

async function fetchOptions(ctx, block, element, search) {
  if (ctx.sample) return;
  const query = search.query;
  const body = { do: "options", ...ctx.where, block_id: block.block_id, action_id: element.action_id, query };
  const answer = await tell("do", body, { as: ctx.seat.id });
  if (query !== search.query) return;
  search.options = answer.options ?? (answer.option_groups ?? []).flatMap((group) => group.options);
  search.sentence = answer.ok === false ? answer.error : search.options.length ? "" : "Nothing found.";
  changed();
}

function keys(event, search, pick) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) search.at = Math.max(0, Math.min(search.options.length - 1, search.at + step));
  else if (event.key === "Enter" && search.open && search.options[search.at]) pick(search.options[search.at]);
  else if (event.key === "Escape" && search.open) {
    event.stopPropagation();
    Object.assign(search, { open: false, query: null });
  } else return;
  event.preventDefault();
  changed();
}

function shut(search) {
  Object.assign(search, { open: false, query: null });
  changed();
}
