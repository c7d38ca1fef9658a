/** @typedef {{ id: string, name: string, principal?: string }} Identity */

/**
 * @param {string} id
 * @returns {any}
 */
export const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
};

/**
 * Shows these sections and no other.
 *
 * @param {...('request' | 'direct' | 'creation' | 'message')} ids
 */
export function showSections(...ids) {
  for (const section of document.querySelectorAll('main > section'))
    section.toggleAttribute('hidden', !ids.some((id) => id === section.id));
}

/**
 * Replaces everything by one message and moves the focus to it, so that a screen reader reads it.
 *
 * @param {string} title
 * @param {string} text
 */
export function showMessage(title, text) {
  element('message-title').textContent = title;
  element('message-text').textContent = text;
  showSections('message');
  element('message-title').focus();
}

/** @param {string} text Read out by screen readers, not shown: what the eye sees changing. */
export function announce(text) {
  element('status').textContent = text;
}

/**
 * @param {string} name
 * @param {string} text
 */
export function fill(name, text) {
  for (const place of document.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = text;
}

/**
 * @param {Identity[]} identities
 * @param {string | undefined} selectedId
 */
export function renderChoices(identities, selectedId) {
  element('nobody').hidden = identities.length > 0;
  element('approve-button').hidden = identities.length === 0;
  element('choices').replaceChildren(...identities.map((identity) => choice(identity, identity.id === selectedId)));
}

/** @returns {string | undefined} The id of the identity that is chosen. */
export function chosenId() {
  return document.querySelector('#choices input:checked')?.value;
}

/** @param {Identity[]} identities */
export function renderPeople(identities) {
  element('direct-nobody').hidden = identities.length > 0;
  element('people').hidden = identities.length === 0;
  element('people').replaceChildren(
    ...identities.map(({ id, name }) => {
      const item = document.createElement('li');
      item.append(text('span', 'person-name', name), text('span', 'number', id));
      return item;
    })
  );
}

/** @param {string} message Empty: the name is fine. */
export function showNameError(message) {
  element('name').setAttribute('aria-invalid', String(message !== ''));
  element('name-error').textContent = message;
}

/**
 * @param {Identity} identity
 * @param {boolean} checked
 */
function choice({ id, name, principal = '' }, checked) {
  const label = document.createElement('label');
  label.className = 'choice';
  const radio = document.createElement('input');
  Object.assign(radio, { type: 'radio', name: 'identity', value: id, checked, required: true });
  const person = document.createElement('span');
  person.className = 'person';
  const number = text('span', 'principal', shorten(principal));
  number.title = `What the site sees: ${principal}`;
  person.append(text('span', 'person-name', name), number);
  label.append(radio, person);
  return label;
}

/**
 * A principal's ends: its middle tells nobody anything.
 *
 * @param {string} principal
 */
function shorten(principal) {
  const groups = principal.split('-');
  return groups.length <= 4 ? principal : `${groups.slice(0, 2).join('-')}…${groups.slice(-2).join('-')}`;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} content
 */
function text(tag, className, content) {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = content;
  return node;
}
