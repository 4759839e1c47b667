// Drawing: a description of the page in, the smallest change of the real page out.
// Nodes are kept, so what somebody types, selects or unfolds survives every redraw. Text only ever becomes text.

const ALWAYS = new Set(["value", "checked", "disabled", "hidden"]); // compared with the page itself, not the last drawing

export function h(tag, props, ...kids) {
  return { tag, props: props ?? {}, kids: solid(kids) };
}

// Lists laid flat, and whatever means "nothing here" left out.
function solid(kids) {
  return kids.flat(Infinity).filter((kid) => kid !== null && kid !== undefined && kid !== false && kid !== "");
}

export function draw(parent, described) {
  const kids = solid(described);
  const old = [...parent.childNodes];
  const kept = reuse(old, kids);
  const staying = new Set(kept);
  for (const node of old) if (!staying.has(node)) node.remove();
  let cursor = parent.firstChild;
  kids.forEach((kid, index) => {
    const node = kept[index] ?? create(kid);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    update(node, kid);
  });
}

// Keyed nodes find their old selves anywhere among their siblings, the others by their order.
function reuse(old, kids) {
  const byKey = new Map(old.filter((node) => node.drawn?.props.key !== undefined).map((node) => [node.drawn.props.key, node]));
  const others = old.filter((node) => node.drawn?.props.key === undefined);
  let at = 0;
  return kids.map((kid) => {
    const key = kid.props?.key;
    const found = key === undefined ? others[at++] : byKey.get(key);
    if (key !== undefined) byKey.delete(key);
    return found && same(found, kid) ? found : null;
  });
}

function same(node, kid) {
  return typeof kid === "object" ? node.localName === kid.tag : node.nodeType === Node.TEXT_NODE;
}

function create(kid) {
  return typeof kid === "object" ? document.createElement(kid.tag) : document.createTextNode("");
}

function update(node, kid) {
  if (typeof kid !== "object") {
    if (node.data !== String(kid)) node.data = String(kid);
    return;
  }
  const before = node.drawn;
  if (before === kid) return;
  node.drawn = kid;
  draw(node, kid.kids);
  const last = before?.props ?? {};
  for (const name of Object.keys(last)) if (!(name in kid.props)) set(node, name, null, last[name]);
  for (const [name, value] of Object.entries(kid.props)) set(node, name, value, last[name]);
  if (!before) kid.props.born?.(node);
}

function set(node, name, value, before) {
  if (name === "key" || name === "born") return;
  if (name.startsWith("on")) node[name] = value;
  else if (ALWAYS.has(name)) {
    const wanted = value ?? (name === "value" ? "" : false);
    if (node[name] !== wanted) node[name] = wanted;
  } else if (value !== before) {
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : value);
  }
}

const FOCUSABLE = "a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),summary,[tabindex='0']";

export function focusable(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter((node) => node.offsetParent !== null || node === document.activeElement);
}

export function announce(words) {
  const place = document.getElementById("said");
  place.textContent = place.textContent === words ? `${words}\u00a0` : words;
}
