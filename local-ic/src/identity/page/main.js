import { formatLifetime } from './lifetime.js';
import { ask, fromHex, toHex } from './providerClient.js';
import { announce, chosenId, element, fill, renderChoices, renderPeople, showMessage, showNameError, showSections } from './view.js';
import { awaitLoginRequest } from './windowProtocol.js';

// Nothing here waits for time to pass: tests stop and move the clock of this window too.

const opener = window.opener;
if (opener !== null && window.location.hash === '#authorize') serveLogin(opener);
else void serveVisit();

/** Somebody came by themselves: explain, list, let them prepare identities. */
async function serveVisit() {
  const refresh = async () => renderPeople((await ask('list')).identities);
  enableCreation(async (created) => {
    await refresh();
    announce(`Identity ${created.name} created.`);
  });
  try {
    await refresh();
    showSections('direct', 'creation');
  } catch (error) {
    showMessage('The identities can’t be shown', error.message);
  }
}

/** @param {Window} site */
function serveLogin(site) {
  showMessage(
    'Waiting for the site',
    'The site that opened this window has not asked yet. If nothing happens, close the window and log in there again.'
  );
  awaitLoginRequest(
    site,
    (request, channel) => void handleRequest(request, channel),
    (problem) => showMessage('This login can’t go on', problem)
  );
}

/**
 * @param {import('./windowProtocol.js').LoginRequest} request
 * @param {{ succeed: (answer: object) => void, fail: (text: string) => void, decline: () => void }} channel
 */
async function handleRequest(request, channel) {
  const asked = { origin: request.origin, derivationOrigin: request.derivationOrigin, maxTimeToLiveNs: request.maxTimeToLive?.toString() };
  let answer;
  try {
    answer = await ask('request', asked);
  } catch (error) {
    channel.fail(error.message);
    showMessage('This login can’t go on', error.message);
    return;
  }
  describe(answer);
  renderChoices(answer.identities, answer.identities[0]?.id);
  enableCreation(async (created) => {
    renderChoices((await ask('request', asked)).identities, created.id);
    announce(`Identity ${created.name} created and chosen.`);
    element('approve-button').focus();
  });
  element('approve').addEventListener('submit', (event) => {
    event.preventDefault();
    void approve(request, asked, channel);
  });
  element('decline-button').addEventListener('click', () => {
    showMessage('Declined', 'The site was told that you don’t want to log in. You can close this window.');
    channel.decline();
  });
  showSections('request', 'creation');
  (document.querySelector('#choices input:checked') ?? element('name')).focus();
}

/** @param {{ origin: string, derivationOrigin: string, lifetimeNs: string }} answer */
function describe(answer) {
  fill('site', answer.origin);
  fill('lifetime', formatLifetime(BigInt(answer.lifetimeNs)));
  fill('derivationOrigin', answer.derivationOrigin);
  element('derivation').hidden = answer.derivationOrigin === answer.origin;
  document.title = `Log in to ${answer.origin} – Local identity provider`;
}

/**
 * @param {import('./windowProtocol.js').LoginRequest} request
 * @param {Record<string, string | undefined>} asked
 * @param {{ succeed: (answer: object) => void }} channel
 */
async function approve(request, asked, channel) {
  const button = element('approve-button');
  button.disabled = true;
  element('request-error').textContent = '';
  try {
    const { userPublicKey, delegations } = await ask('delegate', {
      ...asked,
      id: chosenId(),
      sessionPublicKey: toHex(request.sessionPublicKey)
    });
    showMessage('Logged in', 'You can close this window.');
    channel.succeed({
      userPublicKey: fromHex(userPublicKey),
      delegations: delegations.map(({ delegation, signature }) => ({
        delegation: { pubkey: fromHex(delegation.pubkey), expiration: BigInt(delegation.expiration), targets: undefined },
        signature: fromHex(signature)
      }))
    });
  } catch (error) {
    element('request-error').textContent = error.message;
    button.disabled = false;
  }
}

/** @param {(created: { id: string, name: string }) => Promise<void>} onCreated */
function enableCreation(onCreated) {
  element('create').addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = element('create-button');
    button.disabled = true;
    showNameError('');
    try {
      const created = await ask('create', { name: element('name').value });
      element('name').value = '';
      await onCreated(created);
    } catch (error) {
      showNameError(error.message);
      element('name').focus();
    } finally {
      button.disabled = false;
    }
  });
}
