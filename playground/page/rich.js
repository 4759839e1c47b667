// Rich text, standard Markdown and tables.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { dateTokens } from "./times.js";
import { channelName, link, mention, mrkdwn } from "./words.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark", client_highlight: "mark" };

const LEAVES = {
  __proto__: null,
  text: (leaf) => leaf.text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line])),
  link: (leaf, env) => [link(leaf.url, leaf.text ?? leaf.url, env)],
  user: (leaf, env) => [mention(env, leaf.user_id)],
  channel: (leaf, env) => [channelName(env, leaf.channel_id)],
  usergroup: (leaf) => [h("span", { class: "mention" }, `@${leaf.usergroup_id}`)],
  team: (leaf) => [leaf.team_id],
  emoji: (leaf) => [emoji(leaf.name)],
  broadcast: (leaf) => [h("span", { class: "mention own" }, `@${leaf.range}`)],
  color: (leaf) => [h("code", {}, leaf.value)],
  date: (leaf, env) => [dateTokens(leaf.timestamp, leaf.format, env.zone) ?? leaf.fallback ?? ""],
};

function leaves(elements, env) {
  return (elements ?? []).flatMap((leaf) => {
    const words = LEAVES[leaf.type] ? LEAVES[leaf.type](leaf, env) : [`[${leaf.type}]`];
    return Object.keys(TAGS).reduce((inside, style) => (leaf.style?.[style] ? [h(TAGS[style], {}, inside)] : inside), words);
  });
}

const CONTAINERS = {
  __proto__: null,
  rich_text_section: (part, env) => h("p", {}, leaves(part.elements, env)),
  rich_text_quote: (part, env) => h("blockquote", {}, leaves(part.elements, env)),
  rich_text_preformatted: (part, env) => h("pre", { tabindex: "0" }, leaves(part.elements, env)),
  rich_text_list: (part, env) => {
    const props = { class: `indent${Math.min(part.indent ?? 0, 8)}`, start: part.style === "ordered" && part.offset ? part.offset + 1 : null };
    return h(part.style === "ordered" ? "ol" : "ul", props, part.elements.map((each) => h("li", {}, leaves(each.elements, env))));
  },
};

export function richText(block, env) {
  return h("div", { class: "words" }, block.elements.map((part) => (CONTAINERS[part.type] ?? CONTAINERS.rich_text_section)(part, env)));
}

// Markdown's own marks are turned into the workspace's, block by block; HTML in it stays plain words.
export function standardMarkdown(text, env) {
  return text.split(/(```[\s\S]*?```)/).flatMap((piece, index) => (index % 2 ? mrkdwn(piece.replace(/^```\w*\n/, "```"), env) : blocksOf(piece, env)));
}

function blocksOf(text, env) {
  const groups = [];
  for (const line of text.split("\n")) {
    const kind = /^#{1,6} /.test(line) ? "heading" : /^\s*([-*_]\s*){3,}$/.test(line) ? "rule" : /^\s*\d+[.)] /.test(line) ? "ordered" : /^\s*[-*+] /.test(line) ? "bullets" : "words";
    const last = groups.at(-1);
    if (last?.kind === kind && kind !== "heading") last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.map(({ kind, lines }) => MARKDOWN[kind](lines, env));
}

// Square links, doubled stars and tildes become the workspace's forms; what could be one of its control forms is escaped first.
function converted(line) {
  return line
    .replace(/&(?!(amp|lt|gt);)/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/!?\[([^\]\n]+)\]\(([^()\s]+)\)/g, "<$2|$1>")
    .replace(/(?<!\*)\*(?!\*)([^*\n]+)\*(?!\*)/g, "_$1_")
    .replace(/(\*\*|__)(.+?)\1/g, "*$2*")
    .replace(/~~(.+?)~~/g, "~$1~");
}

const inLine = (line, env) => mrkdwn(converted(line), env).flatMap((node) => (node?.tag === "p" ? node.kids : [node]));
const items = (lines, mark, env) => lines.map((line) => h("li", {}, inLine(line.replace(mark, ""), env)));

const MARKDOWN = {
  heading: ([line], env) => h(`h${Math.min(line.indexOf(" ") + 1, 4)}`, {}, inLine(line.replace(/^#+ /, ""), env)),
  rule: () => h("hr"),
  ordered: (lines, env) => h("ol", {}, items(lines, /^\s*\d+[.)] /, env)),
  bullets: (lines, env) => h("ul", {}, items(lines, /^\s*[-*+] /, env)),
  words: (lines, env) => mrkdwn(converted(lines.join("\n")), env),
};

export function table(block, env) {
  const cell = (tag, index) => (each, column) => {
    const align = block.column_settings?.[column]?.align ?? (each.type === "raw_number" ? "right" : "left");
    const words = each.type === "rich_text" ? richText(each, env) : (each.text ?? String(each.value));
    return h(tag, { class: align, scope: tag === "th" && index === 0 ? "col" : null }, words);
  };
  const [head, ...rows] = block.rows.map((row, index) => h("tr", {}, row.map(cell(index ? "td" : "th", index))));
  const caption = block.caption && h("caption", { class: "soft" }, block.caption);
  return h("div", { class: "table", tabindex: "0", role: "group", "aria-label": block.caption ?? "Table" }, h("table", {}, caption, h("thead", {}, head), h("tbody", {}, rows)));
}
