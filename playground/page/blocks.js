// Blocks drawn as nodes. Every block and element a surface allows has its drawing; a stranger is shown as a labelled box.

import { h } from "./dom.js";
import { ELEMENTS, held, HOLDS } from "./elements.js";
import { richText, standardMarkdown, table } from "./rich.js";
import { changed } from "./store.js";
import { inline, link, safeUrl, textOf, withEmoji } from "./words.js";

// Only inputs are known by their block_id: an app that draws its Home again gives the others new ones, and focus must stay.
// ctx: {seat, spot, where, env, values, errors, sample}
export function drawBlocks(blocks, ctx) {
  return (blocks ?? []).map((block) => h("div", { class: `block ${BLOCKS[block?.type] ? `b-${block.type}` : ""}`, key: block?.type === "input" ? block.block_id : undefined }, drawn(block, ctx)));
}

function drawn(block, ctx) {
  try {
    return (BLOCKS[block.type] ?? stranger)(block, ctx);
  } catch {
    return stranger(block);
  }
}

export function stranger(thing) {
  return h("details", { class: "stranger" }, h("summary", {}, `A "${thing?.type ?? "nameless"}" block, which this page shows as it came`), h("pre", { tabindex: "0" }, JSON.stringify(thing, null, 2)));
}

function touch(ctx, block, element) {
  if (element.type === "image") return picture(element);
  const draw = ELEMENTS[element.type];
  if (!draw) return stranger(element);
  const id = idOf(ctx, block, element);
  const label = element.placeholder?.text ?? (block.text ? block.text.text : element.type.replaceAll("_", " "));
  return draw(ctx, block, element, { id, label, aria: {}, props: { id, "aria-label": label } });
}

const idOf = (ctx, block, element) => `${ctx.spot}-${block.block_id}-${element.action_id}`.replace(/[^\w-]/g, "-");

function trouble(ctx, block, element) {
  const words = ctx.seat?.trouble[`${ctx.spot}/${block.block_id}/${element.action_id}`];
  return words && h("p", { class: "error", role: "alert" }, words);
}

function section(block, ctx) {
  const fields = block.fields?.map((field) => h("div", { class: "words" }, textOf(field, ctx.env)));
  const words = h("div", { class: "words" }, textOf(block.text, ctx.env), fields && h("div", { class: "fields" }, fields));
  if (!block.accessory) return words;
  return [h("div", { class: `split ${HOLDS[block.accessory.type] ? "wide" : ""}` }, words, h("div", {}, touch(ctx, block, block.accessory))), trouble(ctx, block, block.accessory)];
}

const actions = (block, ctx) => [
  h("div", { class: "row" }, block.elements.map((element) => touch(ctx, block, element))),
  block.elements.map((element) => trouble(ctx, block, element)),
];

function context(block, ctx) {
  return h("div", { class: "row" }, block.elements.map((each) => (each.type === "image" ? picture(each) : h("div", { class: "words soft" }, textOf(each, ctx.env)))));
}

function input(block, ctx) {
  const element = block.element;
  const id = idOf(ctx, block, element);
  const wrong = ctx.errors?.[block.block_id];
  const count = counted(element, held(ctx, block, element));
  const hint = [block.hint && withEmoji(block.hint.text), block.hint && count && " ", count].filter(Boolean);
  const described = [hint.length > 0 && `${id}-hint`, wrong && `${id}-error`].filter(Boolean).join(" ") || null;
  const aria = { "aria-describedby": described, "aria-invalid": wrong ? "true" : null };
  const field = { id, label: block.label.text, aria, props: { id, ...aria, "aria-required": block.optional ? null : "true" } };
  const words = [withEmoji(block.label.text), block.optional && h("span", { class: "soft" }, " (optional)")];
  const group = /^(checkboxes|radio_buttons|multi_(?!external))/.test(element.type);
  return [
    group ? h("p", { class: "label-line", id: `${id}-label` }, words) : h("label", { class: "label-line", for: id, id: `${id}-label` }, words),
    (ELEMENTS[element.type] ?? (() => stranger(element)))(ctx, block, element, field),
    hint.length ? h("p", { class: "soft", id: `${id}-hint` }, hint) : null,
    wrong && h("p", { class: "error", id: `${id}-error` }, wrong),
    trouble(ctx, block, element),
  ];
}

// Told only when the end is in sight; counted as the workspace counts.
function counted(element, text) {
  const length = element.max_length && typeof text === "string" ? [...text].length : 0;
  return length > element.max_length * 0.75 ? `${length} of ${element.max_length} characters` : null;
}

// Pictures from elsewhere are fetched only when somebody asks: nothing leaves this computer unasked.
const shown = new Set();

function picture(block) {
  const source = block.image_url ?? block.slack_file?.url;
  const parsed = source && safeUrl(new URL(source, location.href).href);
  const near = source?.startsWith("data:image/") || parsed?.origin === location.origin;
  if (near || shown.has(source)) return h("img", { src: near ? source : parsed.href, alt: block.alt_text, loading: "lazy", referrerpolicy: "no-referrer" });
  if (!parsed || parsed.protocol !== "https:") return h("span", { class: "stranger" }, `Picture: ${block.alt_text}`);
  const show = () => {
    shown.add(source);
    changed();
  };
  return h("button", { type: "button", class: "button", onclick: show }, `Show the picture from ${parsed.hostname}: ${block.alt_text}`);
}

const image = (block) => h("figure", {}, block.title && h("figcaption", { class: "soft" }, block.title.text), picture(block));

function video(block, ctx) {
  const title = withEmoji(block.title.text);
  const facts = [block.provider_name, block.author_name].filter(Boolean).join(", ");
  return h("div", { class: "card" },
    h("p", { class: "soft" }, facts ? `Video, ${facts}` : "Video"),
    h("h3", {}, link(block.title_url ?? block.video_url, title, ctx.env)),
    block.description && h("p", {}, block.description.text),
    h("p", { class: "soft" }, block.alt_text),
  );
}

function alert(block, ctx) {
  const names = { info: "Note", warning: "Careful", error: "Not possible", success: "Done" };
  const level = block.level ?? "default";
  return h("div", { class: `alert level-${level}`, role: "note" }, names[level] && h("strong", {}, `${names[level]}: `), h("div", { class: "words" }, textOf(block.text, ctx.env)));
}

function card(block, ctx) {
  const words = (name) => block[name] && textOf(block[name], ctx.env);
  return h("div", { class: "card" },
    block.hero_image && picture(block.hero_image),
    h("div", { class: "row" }, block.icon && picture(block.icon), h("h3", {}, words("title"))),
    h("div", { class: "soft" }, words("subtitle")),
    words("body"),
    block.actions && h("div", { class: "row" }, block.actions.map((element) => touch(ctx, block, element))),
    h("div", { class: "soft" }, words("subtext")),
  );
}

const carousel = (block, ctx) => h("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": "Cards" }, drawBlocks(block.elements, ctx));

function container(block, ctx) {
  const title = block.rich_text_title ? richText(block.rich_text_title, ctx.env) : h("h3", {}, withEmoji(block.title.text));
  const head = [title, block.subtitle && h("div", { class: "soft" }, textOf(block.subtitle, ctx.env))];
  const inside = drawBlocks(block.child_blocks, ctx);
  if (!block.is_collapsible) return h("div", { class: "card" }, head, block.has_header_divider && h("hr"), inside);
  return h("details", { class: "card", open: !block.default_collapsed }, h("summary", {}, head), inside);
}

const STATUS = { __proto__: null, pending: "Waiting", in_progress: "Under way", complete: "Done", error: "Failed" };

function task(block, ctx) {
  return h("div", { class: "card" },
    h("p", {}, h("strong", {}, block.title), h("span", { class: "soft" }, ` ${STATUS[block.status] ?? block.status}`)),
    [block.details, block.output].filter(Boolean).map((rich) => richText(rich, ctx.env)),
    block.sources?.map((source) => h("p", {}, link(source.url, source.text, ctx.env))),
  );
}

const plan = (block, ctx) => h("div", {}, h("h3", {}, block.title), block.tasks?.map((each) => task(each, ctx)));

// A chart is told in numbers: the same facts, readable by everybody.
function chart(block, ctx) {
  const { segments, series = [] } = block.chart ?? {};
  const columns = segments ? [""] : ["", ...(series[0]?.data ?? []).map((point) => point.label)];
  const rows = segments ? segments.map((each) => [each.label, each.value]) : series.map((each) => [each.name, ...each.data.map((point) => point.value)]);
  const cells = (row) => row.map((text) => ({ type: "raw_text", text: String(text ?? "") }));
  const head = segments ? ["Part", "Value"] : columns;
  return h("div", { class: "card" }, h("h3", {}, block.title), table({ caption: "The chart's numbers", rows: [cells(head), ...rows.map(cells)] }, ctx.env));
}

const BLOCKS = {
  __proto__: null,
  section,
  actions,
  context,
  input,
  image,
  video,
  alert,
  card,
  carousel,
  container,
  plan,
  task_card: task,
  data_visualization: chart,
  context_actions: actions,
  divider: () => h("hr"),
  header: (block) => h(`h${Math.min((block.level ?? 1) + 1, 4)}`, { class: "heading" }, withEmoji(block.text.text, block.text.emoji !== false)),
  rich_text: (block, ctx) => richText(block, ctx.env),
  markdown: (block, ctx) => h("div", { class: "words" }, standardMarkdown(block.text, ctx.env)),
  table: (block, ctx) => table(block, ctx.env),
  data_table: (block, ctx) => table(block, ctx.env),
  file: (block) => h("p", { class: "stranger" }, `A file kept elsewhere: ${block.external_id}`),
};

// A message drawn from its blocks, or from its text alone.
export function drawWords(text, env) {
  return h("div", { class: "words" }, text ? textOf({ type: "mrkdwn", text }, env) : inline("", env));
}
