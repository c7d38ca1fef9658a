import { make } from './view.js';

/**
 * A field for a parameter of a fault, as the vocabulary describes it.
 *
 * @param {any} parameter
 * @returns {HTMLElement}
 */
export function fieldFor({ type, name, label, min, max, initial, choices }) {
  if (type === 'choice') {
    const options = choices.map((/** @type {string} */ choice) => make('option', { value: choice, textContent: choice }));
    return make('label', {}, `${label} `, make('select', { name, value: initial }, ...options));
  }
  if (type === 'boolean') return make('label', { className: 'check' }, make('input', { type: 'checkbox', name, checked: initial }), label);
  if (type !== 'number') {
    const inputMode = type === 'nat' ? 'numeric' : 'text';
    const input = make('input', { type: 'text', name, value: initial ?? '', inputMode, autocomplete: 'off', spellcheck: false });
    return make('label', {}, `${label} `, input);
  }
  return make('label', {}, `${label} `, make('input', { type: 'number', name, min: String(min), max: String(max), value: initial ?? '' }));
}

/**
 * The rule that the fields describe; what is empty is left out. The network checks it.
 *
 * @param {{ kind: string, isCanister: boolean }} term
 * @param {HTMLFormElement} scope
 * @param {HTMLFormElement} settings
 */
export function readRule({ kind, isCanister }, scope, settings) {
  const { endpoint, from, canisterId, method, percent, after, count } = read(scope);
  const match = { canisterId, method, ...(isCanister ? { from } : { endpoint }) };
  return { kind, match, probability: percent === undefined ? undefined : percent / 100, after, count, ...read(settings) };
}

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, any>}
 */
function read(form) {
  /** @type {[string, unknown][]} */
  const entries = [];
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
    const text = field.value.trim();
    if (field.type === 'checkbox') entries.push([field.name, field.checked]);
    // A number field is empty, too, when what stands in it is no number: that must not pass for "nothing given".
    else if (field.validity.badInput) entries.push([field.name, 'no number']);
    else if (text !== '') entries.push([field.name, field.type === 'number' ? Number(text) : text]);
  }
  return Object.fromEntries(entries);
}
