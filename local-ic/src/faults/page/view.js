/**
 * @param {string} id
 * @returns {any}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

/**
 * @param {string} tag
 * @param {Record<string, unknown>} properties
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function make(tag, properties, ...children) {
  const made = document.createElement(tag);
  made.append(...children);
  return Object.assign(made, properties);
}

/** @param {string} text Read out by screen readers, not shown: what the eye sees changing. */
export function announce(text) {
  element('status').textContent = text;
}

/** @param {string} text */
export function showError(text) {
  // Only a change is read out; what is said every two seconds would drown everything.
  if (element('error').textContent !== text) element('error').textContent = text;
}

/** @param {string[]} ids */
export function renderCanisters(ids) {
  const list = element('canisters');
  // Left alone while nothing changes: a browser may be showing it.
  if ([...list.options].map(({ value }) => value).join() === ids.join()) return;
  list.replaceChildren(...ids.map((id) => make('option', { value: id })));
}

/**
 * @param {{ number: number, rule: any, seen: number, fired: number }[]} rules
 * @param {Set<string>} canisterKinds
 * @param {(number: number) => void} remove
 */
export function renderRules(rules, canisterKinds, remove) {
  const unit = (/** @type {any} */ rule) => (canisterKinds.has(rule.kind) ? 'messages' : 'requests');
  element('no-rules').hidden = rules.length > 0;
  element('clear').disabled = rules.length === 0;
  reconcile(element('rules'), rules, ({ number, rule }) => {
    const button = make('button', { type: 'button', textContent: 'Remove', onclick: () => remove(number) });
    button.setAttribute('aria-label', `Remove rule ${number}, ${rule.kind}`);
    const about = make('div', { className: 'about' }, make('span', { className: 'kind', textContent: `${number} ${rule.kind}` }));
    about.append(make('p', { className: 'note', textContent: describe(rule, unit(rule)) }), make('p', { className: 'note counts' }));
    return make('li', {}, about, button);
  });
  for (const { number, rule, seen, fired } of rules) {
    const counts = document.querySelector(`#rules [data-number="${number}"] .counts`);
    if (counts !== null) counts.textContent = `applied to ${fired} of ${seen} ${unit(rule)}`;
  }
}

/**
 * Adds and removes what changed and leaves the rest as it is, with the focus that may be on it.
 *
 * @param {HTMLElement} list
 * @param {{ number: number, rule: any }[]} rules
 * @param {(rule: { number: number, rule: any }) => HTMLElement} create
 */
function reconcile(list, rules, create) {
  const wanted = new Set(rules.map(({ number }) => String(number)));
  for (const item of [...list.children])
    if (item instanceof HTMLElement && !wanted.has(item.dataset['number'] ?? '')) {
      const hadFocus = item.contains(document.activeElement);
      item.remove();
      if (hadFocus) element('rules-title').focus();
    }
  for (const rule of rules) {
    if (list.querySelector(`[data-number="${rule.number}"]`) !== null) continue;
    const item = create(rule);
    item.dataset['number'] = String(rule.number);
    list.append(item);
  }
}

/**
 * @param {any} rule
 * @param {string} unit
 */
function describe({ kind: _, match = {}, probability, count, after, ...parameters }, unit) {
  const source = match.from === undefined ? `all ${unit}` : `from ${match.from}`;
  const scope = [match.endpoint ?? source, match.method, match.canisterId].filter(Boolean).join(' ');
  const often = [
    probability !== undefined && probability < 1 && `${probability * 100}%`,
    after && `after ${after}`,
    count && `at most ${count}`
  ].filter(Boolean);
  const given = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return [scope, ...often, ...given].join(' · ');
}

/** @param {any[]} log */
export function renderLog(log) {
  element('no-log').hidden = log.length > 0;
  element('log').hidden = log.length === 0;
  const lines = log.map(({ index, kind, endpoint, message, from, canisterId, method, rule }) => {
    const what = endpoint ?? (message === 'task' ? from : `${message} from ${from}`);
    return make('li', { textContent: [`${index}.`, kind, `(rule ${rule})`, what, method, canisterId].filter(Boolean).join(' ') });
  });
  element('log').replaceChildren(...lines.reverse());
}
