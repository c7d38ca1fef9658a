import { ask } from './controlsClient.js';
import { fieldFor, readRule } from './ruleForm.js';
import { announce, element, make, renderCanisters, renderLog, renderRules, showError } from './view.js';

/** Other hands may switch, and requests come in, at any time. */
const REFRESH_MS = 2_000;

/** @type {{ rules: { number: number, rule: { kind: string } }[] }} */
let state = { rules: [] };

/**
 * Does something and shows the state afterwards, or why it could not be done.
 *
 * @param {() => Promise<any>} act
 * @param {string} [done]
 */
async function run(act, done) {
  try {
    show(await act());
    showError('');
    if (done !== undefined) announce(done);
  } catch (error) {
    showError(error.message);
  }
}

/** @param {any} next */
function show(next) {
  state = next;
  element('seed').textContent = next.seed;
  if (document.querySelector('.switch') === null) {
    for (const term of next.vocabulary) element(term.isCanister ? 'canister-switches' : 'network-switches').append(switchFor(term));
  }
  renderCanisters(next.canisters);
  for (const button of document.querySelectorAll('.switch')) {
    const isOn = rulesOf(button.id.slice('switch-'.length)).length > 0;
    button.setAttribute('aria-checked', String(isOn));
    button.textContent = isOn ? 'On' : 'Off';
  }
  const kinds = new Set(next.vocabulary.filter((/** @type {any} */ term) => term.isCanister).map((/** @type {any} */ term) => term.kind));
  renderRules(next.rules, kinds, (number) => void run(() => ask('remove', { number }), `Rule ${number} removed.`));
  renderLog(next.log);
}

/** @param {string} kind */
function rulesOf(kind) {
  return state.rules.filter(({ rule }) => rule.kind === kind);
}

/** @param {any} term */
function switchFor(term) {
  const { kind, effect, parameters } = term;
  const settings = make('form', { className: 'fields', noValidate: true, onsubmit: prevent }, ...parameters.map(fieldFor));
  const button = make('button', { type: 'button', className: 'switch', id: `switch-${kind}`, textContent: 'Off' });
  button.setAttribute('role', 'switch');
  button.setAttribute('aria-labelledby', `name-${kind}`);
  button.setAttribute('aria-describedby', `effect-${kind}`);
  button.addEventListener('click', () => void toggle(term, settings));
  const about = make('div', {}, make('span', { className: 'kind', id: `name-${kind}`, textContent: kind }));
  about.append(make('p', { className: 'note', id: `effect-${kind}`, textContent: effect }));
  const item = make('li', { className: 'fault' }, about, button);
  if (parameters.length > 0) {
    const summary = make('summary', { textContent: 'Settings' });
    summary.setAttribute('aria-label', `Settings of ${kind}`);
    item.append(make('details', {}, summary, settings));
  }
  return item;
}

/**
 * @param {any} term
 * @param {HTMLFormElement} settings
 */
async function toggle(term, settings) {
  const { kind } = term;
  const active = rulesOf(kind);
  if (active.length === 0) {
    const rule = readRule(term, element('scope'), settings);
    await run(() => ask('add', { rule }), `${kind} is on.`);
    return;
  }
  for (const { number } of active) await run(() => ask('remove', { number }), `${kind} is off.`);
}

/** @param {Event} event */
function prevent(event) {
  event.preventDefault();
}

element('scope').addEventListener('submit', prevent);
element('clear').addEventListener('click', () => void run(() => ask('clear'), 'All rules removed.'));
await run(() => ask('state'));
setInterval(() => {
  if (!document.hidden) void run(() => ask('state'));
}, REFRESH_MS);
