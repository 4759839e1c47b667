// Buttons, choices and inputs of blocks: how each is drawn, what it holds, and what it tells the app when touched.

import { h } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { externalSelect } from "./external.js";
import { menu } from "./menu.js";
import { changed, deed, draftOf, keepDraft, notice } from "./store.js";
import { localMinute, secondsOf } from "./times.js";
import { safeUrl, textOf, withEmoji } from "./words.js";

// element type -> [what the app put in beforehand, its name in the view's state, its name in a click]
const text = ["initial_value", "value", "value"];
const one = ["initial_option", "selected_option", "option"];
const many = ["initial_options", "selected_options", "options"];
export const HOLDS = {
  __proto__: null,
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  rich_text_input: ["initial_value", "rich_text_value", "value"],
  static_select: one,
  external_select: one,
  radio_buttons: one,
  multi_static_select: many,
  multi_external_select: many,
  checkboxes: many,
  users_select: ["initial_user", "selected_user", "user"],
  channels_select: ["initial_channel", "selected_channel", "channel"],
  conversations_select: ["initial_conversation", "selected_conversation", "conversation"],
  multi_users_select: ["initial_users", "selected_users", "users"],
  multi_channels_select: ["initial_channels", "selected_channels", "channels"],
  multi_conversations_select: ["initial_conversations", "selected_conversations", "conversations"],
  datepicker: ["initial_date", "selected_date", "date"],
  timepicker: ["initial_time", "selected_time", "time"],
  datetimepicker: ["initial_date_time", "selected_date_time", "date_time"],
  file_input: ["initial_files", "files", "files"],
};

const isMany = (element) => element.type.startsWith("multi_") || element.type === "checkboxes" || element.type === "file_input";

export const fieldKey = (ctx, block, element) => `field/${ctx.spot}/${block.block_id}/${element.action_id}`;

// What an element holds now: what was typed here, else what the workspace remembers, else what the app put in.
export function held(ctx, block, element) {
  const typed = draftOf(fieldKey(ctx, block, element));
  if (typed !== undefined && Array.isArray(typed) === isMany(element)) return typed;
  const [initial, remembered] = HOLDS[element.type];
  const known = ctx.values?.[block.block_id]?.[element.action_id]?.[remembered];
  return bare(known === undefined ? element[initial] : known, isMany(element));
}

function bare(value, several) {
  if (Array.isArray(value)) return value.map((each) => each.value ?? each);
  if (value === null || value === undefined) return several ? [] : null;
  if (value.type === "rich_text") return plainWords(value);
  return value.value ?? value;
}

function plainWords(rich) {
  if (rich.text) return rich.text;
  return (rich.elements ?? []).map(plainWords).join(rich.type === "rich_text" ? "\n" : "");
}

export function hold(ctx, block, element, value) {
  keepDraft(fieldKey(ctx, block, element), value);
  changed();
}

// -- telling the app -------------------------------------------------------------------------------------------------

export async function press(ctx, block, element, facts = {}) {
  if (ctx.sample) return notice("This is a sample from the gallery: pressing it tells nobody.");
  if (element.confirm && !(await confirmed(element.confirm, ctx.env))) return changed();
  const ids = { block_id: block.block_id, action_id: element.action_id };
  return deed(ctx.seat, { do: "click", in: ctx.where, ...ids, ...facts }, `${ctx.spot}/${ids.block_id}/${ids.action_id}`);
}

// A choice outside an input block tells the app at once; inside one it waits for the form, unless the app asked to hear.
function chosen(ctx, block, element, value) {
  hold(ctx, block, element, value);
  if (block.type !== "input" || block.dispatch_action) press(ctx, block, element, { [HOLDS[element.type][2]]: value });
}

export function waits(ctx, block, element) {
  return ctx.seat?.pending.has(`${ctx.spot}/${block.block_id}/${element.action_id}`) ?? false;
}

const marks = (block, element) => ({ "data-block": block.block_id, "data-action": element.action_id });

// -- buttons -----------------------------------------------------------------------------------------------------------

function button(ctx, block, element) {
  const props = {
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label,
    "aria-busy": waits(ctx, block, element) ? "true" : null,
    onclick: () => press(ctx, block, element, { value: element.value }),
    ...marks(block, element),
  };
  const words = withEmoji(element.text.text, element.text.emoji !== false);
  const url = element.url && safeUrl(element.url);
  if (url) return h("a", { ...props, href: url.href, target: "_blank", rel: "noopener noreferrer" }, words, " ↗");
  return h("button", { ...props, type: "button" }, words);
}

function overflow(ctx, block, element) {
  const items = element.options.map((option) => {
    const choose = () => {
      if (option.url && safeUrl(option.url)) window.open(safeUrl(option.url).href, "_blank", "noopener");
      press(ctx, block, element, { option: option.value });
    };
    return { words: textOf(option.text, ctx.env), note: option.description && textOf(option.description, ctx.env), choose };
  });
  return menu({ key: fieldKey(ctx, block, element), label: "More choices", face: "⋯", items, ...marks(block, element) });
}

function feedback(ctx, block, element) {
  return ["positive_button", "negative_button"].map((name) => {
    const choice = element[name];
    const props = { type: "button", class: "button", "aria-label": choice.accessibility_label, ...marks(block, element) };
    return h("button", { ...props, onclick: () => press(ctx, block, element, { value: choice.value }) }, choice.text.text);
  });
}

// -- choices -----------------------------------------------------------------------------------------------------------

function ticks(ctx, block, element, field) {
  const several = element.type === "checkboxes";
  const now = held(ctx, block, element);
  const rows = element.options.map((option, index) => {
    const on = several ? now.includes(option.value) : now === option.value;
    const pick = () => chosen(ctx, block, element, several ? toggled(now, option.value, element.options) : option.value);
    return tick(ctx, option, { type: several ? "checkbox" : "radio", name: field.id, checked: on, onchange: pick, id: index ? null : field.id });
  });
  return h("div", { class: "ticks", role: several ? "group" : "radiogroup", "aria-label": field.label, ...field.aria, ...marks(block, element) }, rows);
}

function tick(ctx, option, props) {
  const note = option.description && h("span", { class: "soft" }, textOf(option.description, ctx.env));
  return h("label", { class: "tick" }, h("input", { ...props, value: option.value }), h("span", {}, textOf(option.text, ctx.env), note));
}

function toggled(now, value, options) {
  const next = now.includes(value) ? now.filter((each) => each !== value) : [...now, value];
  return options.map((option) => option.value).filter((each) => next.includes(each));
}

// Every kind of list as groups of {value, text}: the app's options, people, channels or conversations.
function choices(ctx, element) {
  if (element.option_groups) return element.option_groups.map((group) => ({ label: group.label.text, options: group.options }));
  if (element.options) return [{ options: element.options }];
  const plain = (each) => ({ value: each.id, text: { type: "plain_text", text: each.name, emoji: false } });
  if (element.type.includes("users")) return [{ options: ctx.env.everybody.map(plain) }];
  const places = ctx.env.conversations.filter((place) => fits(element, place));
  return [{ options: places.map((each) => plain({ ...each, name: `${each.kind === "channel" ? "# " : ""}${each.name}` })) }];
}

function fits(element, place) {
  if (element.type.includes("channels")) return place.kind === "channel" && !place.private;
  const kind = { app: "im", dm: "im", group: "mpim" }[place.kind] ?? (place.private ? "private" : "public");
  if (element.filter?.exclude_bot_users && place.kind === "app") return false;
  return element.filter?.include?.includes(kind) ?? true;
}

function select(ctx, block, element, field) {
  const now = held(ctx, block, element);
  const entry = (option) => h("option", { value: option.value, selected: option.value === now }, option.text.text);
  const groups = choices(ctx, element).map((group) =>
    group.label ? h("optgroup", { label: group.label }, group.options.map(entry)) : group.options.map(entry),
  );
  const empty = h("option", { value: "" }, element.placeholder?.text ?? "Choose one");
  const pick = (event) => chosen(ctx, block, element, event.target.value || null);
  return h("select", { ...field.props, value: now ?? "", onchange: pick, ...marks(block, element) }, empty, groups);
}

function multiSelect(ctx, block, element, field) {
  const now = held(ctx, block, element);
  const groups = choices(ctx, element);
  const all = groups.flatMap((group) => group.options);
  const full = element.max_selected_items && now.length >= element.max_selected_items;
  const rows = groups.flatMap((group) => [
    group.label && h("p", { class: "soft" }, group.label),
    group.options.map((option) => {
      const on = now.includes(option.value);
      const pick = () => chosen(ctx, block, element, toggled(now, option.value, all));
      return tick(ctx, option, { type: "checkbox", checked: on, disabled: Boolean(full && !on), onchange: pick });
    }),
  ]);
  const most = element.max_selected_items ? `, up to ${element.max_selected_items}` : "";
  return h("details", { class: "several", ...marks(block, element) },
    h("summary", { id: field.id, ...field.aria, "aria-labelledby": `${field.id}-label ${field.id}` }, now.length ? `${now.length} chosen: ${namesOf(now, all)}` : `${element.placeholder?.text ?? "Choose"}${most}`),
    h("div", { class: "ticks", role: "group", "aria-label": field.label }, rows),
  );
}

const namesOf = (values, options) => options.filter((each) => values.includes(each.value)).map((each) => each.text.text).join(", ");

// -- inputs ------------------------------------------------------------------------------------------------------------

const INPUTS = { datepicker: "date", timepicker: "time", number_input: "text", email_text_input: "email", url_text_input: "url" };

function input(ctx, block, element, field) {
  const long = element.multiline || element.type === "rich_text_input";
  const dispatch = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = (value) => block.dispatch_action && press(ctx, block, element, { value });
  const props = {
    ...field.props,
    value: held(ctx, block, element) ?? "",
    placeholder: element.placeholder?.text,
    oninput: (event) => {
      hold(ctx, block, element, event.target.value);
      if (dispatch.includes("on_character_entered")) send(event.target.value);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" || long || !block.dispatch_action || !dispatch.includes("on_enter_pressed")) return;
      event.preventDefault();
      send(event.target.value);
    },
    ...marks(block, element),
  };
  if (long) return h("textarea", { ...props, rows: Math.min(Math.max(element.min_lines ?? 4, 2), 12) });
  return h("input", { ...props, type: INPUTS[element.type] ?? "text", inputmode: element.type === "number_input" ? "decimal" : null });
}

function picker(ctx, block, element, field) {
  const pick = (event) => chosen(ctx, block, element, event.target.value || null);
  return h("input", { ...field.props, type: INPUTS[element.type], value: held(ctx, block, element) ?? "", onchange: pick, ...marks(block, element) });
}

function momentPicker(ctx, block, element, field) {
  const pick = (event) => chosen(ctx, block, element, secondsOf(event.target.value, ctx.env.zone));
  const value = localMinute(held(ctx, block, element), ctx.env.zone);
  return h("input", { ...field.props, type: "datetime-local", value, onchange: pick, ...marks(block, element) });
}

function fileInput(ctx, block, element, field) {
  const files = held(ctx, block, element);
  const pick = async (event) => hold(ctx, block, element, await Promise.all([...event.target.files].map(readFile)));
  const accept = element.filetypes?.map((type) => `.${type}`).join(",");
  const box = h("input", { ...field.props, type: "file", multiple: (element.max_files ?? 10) > 1, accept, onchange: pick, ...marks(block, element) });
  return [box, files.length ? h("p", { class: "soft" }, files.map((each) => each.name).join(", ")) : null];
}

function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, content: reader.result.split(",")[1] ?? "" });
    reader.onerror = reject;
    reader.readAsDataURL(file);
  });
}

const external = (ctx, block, element, field) =>
  externalSelect({ ctx, block, element, field, now: held(ctx, block, element), choose: (value) => chosen(ctx, block, element, value) });

export const ELEMENTS = {
  __proto__: null,
  button,
  workflow_button: button,
  icon_button: button,
  feedback_buttons: feedback,
  overflow,
  checkboxes: ticks,
  radio_buttons: ticks,
  static_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  multi_static_select: multiSelect,
  multi_users_select: multiSelect,
  multi_channels_select: multiSelect,
  multi_conversations_select: multiSelect,
  external_select: external,
  multi_external_select: external,
  plain_text_input: input,
  email_text_input: input,
  url_text_input: input,
  number_input: input,
  rich_text_input: input,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: momentPicker,
  file_input: fileInput,
};
