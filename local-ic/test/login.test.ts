import { createPublicKey, verify } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { IC_REQUEST_AUTH_DELEGATION_DOMAIN_SEPARATOR, requestIdOf } from '@dfinity/agent';
import { DelegationChain, isDelegationValid } from '@dfinity/identity';
import type { JsonnableDelegationChain } from '@dfinity/identity';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createIdentityProvider } from '../src/identity/provider.ts';
import { openIdentityStore } from '../src/identity/store.ts';
import type { IdentityStore } from '../src/identity/store.ts';
import { launchBrowser } from './support/browser.ts';
import { listen } from './support/listen.ts';
import type { TestServer } from './support/listen.ts';
import { bundleLoginPage, openLoginSite } from './support/loginSite.ts';

interface Outcome {
  kind: 'success' | 'failure' | 'check';
  text?: string;
  authnMethod?: string;
  principal: string;
  authenticated: boolean;
  chain?: JsonnableDelegationChain;
}

const NS_PER_MINUTE = 60_000_000_000n;
const ANONYMOUS = '2vxsx-fae';

let browser: Browser;
let script: string;
let site: TestServer;
let otherSite: TestServer;
let legacySite: TestServer;
let provider: TestServer;
let store: IdentityStore;
let context: BrowserContext;
let nowNs: () => bigint;
let complaints: string[];

beforeAll(async () => {
  [browser, script] = await Promise.all([launchBrowser(), bundleLoginPage()]);
  [site, otherSite] = await Promise.all([openLoginSite(script), openLoginSite(script)]);
  legacySite = await openLoginSite(script, JSON.stringify({ alternativeOrigins: [site.origin] }));
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([site, otherSite, legacySite].map((server) => server?.close()));
});

beforeEach(async () => {
  store = openIdentityStore(undefined);
  nowNs = () => BigInt(Date.now()) * 1_000_000n;
  provider = await listen(createIdentityProvider({ store, now: () => nowNs(), log: (line) => complaints.push(line) }));
  context = await browser.newContext();
  complaints = [];
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
});

afterEach(async () => {
  await context.close();
  await provider.close();
  expect(complaints).toEqual([]);
});

/** Opens a site and presses its login button; the popup shows the request. */
async function askToLogIn(server: TestServer, parameters: Record<string, string> = {}): Promise<{ page: Page; popup: Page }> {
  const page = await context.newPage();
  await page.goto(`${server.origin}/?${new URLSearchParams({ provider: provider.origin, ...parameters })}`);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Log in' }).click();
  return { page, popup: await opened };
}

async function createIdentity(popup: Page, name: string): Promise<void> {
  await popup.getByRole('textbox', { name: 'Name' }).fill(name);
  await popup.getByRole('button', { name: 'Create identity' }).click();
  await popup.getByRole('radio', { name, checked: true }).waitFor();
}

async function outcomeOf(page: Page): Promise<Outcome> {
  await page.waitForFunction(() => document.getElementById('result')?.textContent !== '');
  const text = (await page.locator('#result').textContent()) ?? '';
  await page.evaluate(() => document.getElementById('result')?.replaceChildren());
  return JSON.parse(text) as Outcome;
}

/** Waits until the site has closed the popup, which may be before the key or button that made it do so is up again. */
async function closing(popup: Page, action: Promise<void>): Promise<void> {
  const closed = popup.waitForEvent('close');
  await action.catch((error: unknown) => {
    if (!popup.isClosed()) throw error;
  });
  await closed;
}

async function approveAs(name: string, server: TestServer, parameters: Record<string, string> = {}): Promise<Outcome> {
  const { page, popup } = await askToLogIn(server, parameters);
  const choice = popup.getByRole('radio', { name });
  await popup.getByRole('button', { name: 'Decline' }).waitFor();
  if ((await choice.count()) === 0) await createIdentity(popup, name);
  await choice.check();
  await closing(popup, popup.getByRole('button', { name: 'Approve' }).click());
  return outcomeOf(page);
}

function chainOf(outcome: Outcome): DelegationChain {
  if (outcome.chain === undefined) throw new Error(`no delegation: ${JSON.stringify(outcome)}`);
  return DelegationChain.fromJSON(outcome.chain);
}

function signatureIsGood(chain: DelegationChain): boolean {
  const [signed] = chain.delegations;
  if (signed === undefined) return false;
  const { pubkey, expiration } = signed.delegation;
  const challenge = Buffer.concat([IC_REQUEST_AUTH_DELEGATION_DOMAIN_SEPARATOR, requestIdOf({ pubkey, expiration })]);
  const key = createPublicKey({ key: Buffer.from(chain.publicKey), format: 'der', type: 'spki' });
  return verify(null, challenge, key, signed.signature);
}

describe('logging in with the unmodified auth-client', () => {
  test('a new identity, approved, gives the site a delegation that is valid and signed', async () => {
    const before = nowNs();
    const outcome = await approveAs('Alice', site);
    expect(outcome).toMatchObject({ kind: 'success', authenticated: true, authnMethod: 'passkey' });
    const chain = chainOf(outcome);
    expect(isDelegationValid(chain)).toBe(true);
    expect(signatureIsGood(chain)).toBe(true);
    const expiration = chain.delegations[0]?.delegation.expiration ?? 0n;
    // auth-client's own default is 8 hours.
    expect(expiration - before).toBeGreaterThanOrEqual(480n * NS_PER_MINUTE);
    expect(expiration - nowNs()).toBeLessThanOrEqual(480n * NS_PER_MINUTE);
    const [alice] = store.list();
    expect(outcome.principal).toBe(store.principalFor(alice?.id ?? '', site.origin).toText());
  });

  test('the same identity is the same principal again, and another one for another site', async () => {
    const first = await approveAs('Alice', site);
    const again = await approveAs('Alice', site);
    const elsewhere = await approveAs('Alice', otherSite);
    expect(again.principal).toBe(first.principal);
    expect(elsewhere.principal).not.toBe(first.principal);
    expect(store.list()).toHaveLength(1);
  });

  test('one of several identities can be chosen, by keyboard alone', async () => {
    await store.create('Alice');
    const bob = await store.create('Bob');
    const { page, popup } = await askToLogIn(site);
    await popup.getByRole('radio', { name: 'Alice', checked: true }).waitFor();
    await popup.keyboard.press('ArrowDown');
    await popup.keyboard.press('Tab');
    expect(await popup.evaluate(() => document.activeElement?.textContent)).toBe('Approve');
    await closing(popup, popup.keyboard.press('Enter'));
    expect((await outcomeOf(page)).principal).toBe(store.principalFor(bob.id, site.origin).toText());
  });

  test('the popup names the site that asks and for how long', async () => {
    const { popup } = await askToLogIn(site, { lifetimeNs: String(90n * NS_PER_MINUTE) });
    await popup.getByRole('heading', { name: `Log in to ${site.origin}?` }).waitFor();
    await popup.getByText('1 hour 30 minutes').waitFor();
    await popup.getByText('for test networks only').waitFor();
  });

  test('a lifetime of years is cut to 30 days', async () => {
    const before = nowNs();
    const outcome = await approveAs('Alice', site, { lifetimeNs: String(1_000n * 24n * 60n * NS_PER_MINUTE) });
    const expiration = chainOf(outcome).delegations[0]?.delegation.expiration ?? 0n;
    expect(expiration - before).toBeLessThan(30n * 24n * 60n * NS_PER_MINUTE + NS_PER_MINUTE);
    expect(expiration - before).toBeGreaterThanOrEqual(30n * 24n * 60n * NS_PER_MINUTE);
  });

  test('declining calls the error callback and logs nobody in', async () => {
    await store.create('Alice');
    const { page, popup } = await askToLogIn(site);
    await closing(popup, popup.getByRole('button', { name: 'Decline' }).click());
    expect(await outcomeOf(page)).toMatchObject({ kind: 'failure', text: 'UserInterrupt', principal: ANONYMOUS, authenticated: false });
  });

  test('a name that is refused is explained next to the field, and can be corrected', async () => {
    await store.create('Alice');
    const { popup } = await askToLogIn(site);
    const name = popup.getByRole('textbox', { name: 'Name' });
    for (const [input, message] of [
      ['   ', 'Enter a name for the identity.'],
      ['x'.repeat(41), 'A name has at most 40 characters; this one has 41.'],
      [' ALICE ', 'There is already an identity named “Alice”. Choose another name.']
    ] as const) {
      await name.fill(input);
      await name.press('Enter');
      await popup.getByRole('alert').filter({ hasText: message }).waitFor();
      expect(await name.getAttribute('aria-invalid')).toBe('true');
    }
    await createIdentity(popup, 'Bob');
    expect(store.list().map((identity) => identity.name)).toEqual(['Alice', 'Bob']);
  });

  test('a reload of the popup asks the site again', async () => {
    const { page, popup } = await askToLogIn(site);
    await createIdentity(popup, 'Alice');
    await popup.reload();
    await popup.getByRole('radio', { name: 'Alice', checked: true }).waitFor();
    await popup.getByRole('button', { name: 'Approve' }).click();
    expect(await outcomeOf(page)).toMatchObject({ kind: 'success', authenticated: true });
  });

  test('when the provider stops answering, the popup says so and approving can be tried again', async () => {
    await store.create('Alice');
    const { page, popup } = await askToLogIn(site);
    await popup.getByRole('button', { name: 'Approve' }).waitFor();
    await popup.route('**/provider/delegate', (route) => route.abort());
    await popup.getByRole('button', { name: 'Approve' }).click();
    await popup.getByRole('alert').filter({ hasText: 'The local network doesn’t answer.' }).waitFor();
    await popup.unroute('**/provider/delegate');
    await popup.getByRole('button', { name: 'Approve' }).click();
    expect((await outcomeOf(page)).kind).toBe('success');
    expect(complaints.splice(0)).toEqual([expect.stringContaining('ERR_FAILED')]);
  });
});

describe('derivation origin', () => {
  test('a site that the legacy site lists gets the legacy principal', async () => {
    const legacy = await approveAs('Alice', legacySite);
    const own = await approveAs('Alice', site);
    const derived = await approveAs('Alice', site, { derivationOrigin: legacySite.origin });
    expect(derived.principal).toBe(legacy.principal);
    expect(own.principal).not.toBe(legacy.principal);
    expect(signatureIsGood(chainOf(derived))).toBe(true);
  });

  test('a site that is not listed is refused with the reason', async () => {
    const { page } = await askToLogIn(otherSite, { derivationOrigin: legacySite.origin });
    const outcome = await outcomeOf(page);
    expect(outcome).toMatchObject({ kind: 'failure', principal: ANONYMOUS, authenticated: false });
    expect(outcome.text).toContain(`${legacySite.origin}/.well-known/ii-alternative-origins does not list it`);
  });

  test('the reason is shown in the popup of a site that leaves it open', async () => {
    const page = await context.newPage();
    await page.goto(otherSite.origin);
    const opened = page.waitForEvent('popup');
    await page.evaluate(
      ({ providerOrigin, derivationOrigin }) => {
        const popup = window.open(`${providerOrigin}/#authorize`);
        window.addEventListener('message', (event) => {
          const request = { kind: 'authorize-client', sessionPublicKey: new Uint8Array(44), maxTimeToLive: 1n, derivationOrigin };
          if (event.data.kind === 'authorize-ready') popup?.postMessage(request, providerOrigin);
        });
      },
      { providerOrigin: provider.origin, derivationOrigin: legacySite.origin }
    );
    const popup = await opened;
    await popup.getByRole('heading', { name: 'This login can’t go on' }).waitFor();
    await popup.getByText('does not list it').waitFor();
  });
});

describe('messages from elsewhere', () => {
  test('only the opener is heard, only its first request counts, and only its origin gets the answer', async () => {
    await store.create('Alice');
    const page = await context.newPage();
    await page.goto(site.origin);
    const opened = page.waitForEvent('popup');
    await page.evaluate((providerOrigin) => {
      const popup = window.open(`${providerOrigin}/#authorize`);
      const ask = (maxTimeToLive: bigint) =>
        popup?.postMessage({ kind: 'authorize-client', sessionPublicKey: new Uint8Array([0x30, 1, 0]), maxTimeToLive }, providerOrigin);
      window.addEventListener('message', (event) => {
        if (event.data.kind !== 'authorize-ready') return;
        ask(8n * 3_600_000_000_000n);
        ask(1n);
      });
    }, provider.origin);
    const popup = await opened;
    await popup.getByText('8 hours').waitFor();
    // From the popup's own window, which is not the opener.
    await popup.evaluate(() => window.postMessage({ kind: 'authorize-client', sessionPublicKey: new Uint8Array(3), maxTimeToLive: 1n }));
    await popup.getByText('8 hours').waitFor();
    // The opener moves to another site before the answer: that site must not receive it.
    await page.goto(`${otherSite.origin}/`);
    await page.evaluate(() => {
      window.addEventListener('message', (event) => {
        document.getElementById('result')?.append(String(event.data.kind));
      });
    });
    await popup.getByRole('button', { name: 'Approve' }).click();
    await popup.getByRole('heading', { name: 'Logged in' }).waitFor();
    expect(await page.locator('#result').textContent()).toBe('');
    // Chromium reports that it withheld the message, which is the point.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('does not match the recipient window')]);
  });
});

describe('with a clock that tests control', () => {
  const future = new Date('2031-05-04T12:00:00Z');

  test('login works while time stands still in both windows, and the session ends by that clock', async () => {
    nowNs = () => BigInt(future.getTime()) * 1_000_000n;
    await context.clock.install({ time: future });
    await context.clock.pauseAt(future);
    const { page, popup } = await askToLogIn(site, { lifetimeNs: String(30n * NS_PER_MINUTE) });
    await createIdentity(popup, 'Alice');
    await popup.getByText('30 minutes').waitFor();
    await popup.getByRole('button', { name: 'Approve' }).click();
    const outcome = await outcomeOf(page);
    expect(outcome).toMatchObject({ kind: 'success', authenticated: true });
    expect(chainOf(outcome).delegations[0]?.delegation.expiration).toBe(nowNs() + 30n * NS_PER_MINUTE);
    await context.clock.fastForward('29:00');
    await page.getByRole('button', { name: 'Check' }).click();
    expect((await outcomeOf(page)).authenticated).toBe(true);
    await context.clock.fastForward('02:00');
    await page.getByRole('button', { name: 'Check' }).click();
    expect((await outcomeOf(page)).authenticated).toBe(false);
  });

  test('a clock that jumps ahead while the popup is open breaks nothing', async () => {
    await context.clock.install();
    const { page, popup } = await askToLogIn(site);
    await createIdentity(popup, 'Alice');
    await context.clock.fastForward('01:00:00');
    nowNs = () => BigInt(Date.now() + 3_600_000) * 1_000_000n;
    await popup.getByRole('button', { name: 'Approve' }).click();
    expect(await outcomeOf(page)).toMatchObject({ kind: 'success', authenticated: true });
  });
});

describe('the page itself', () => {
  test('visited directly it explains itself, lists identities and creates them', async () => {
    await store.create('Alice');
    const page = await context.newPage();
    await page.goto(provider.origin);
    await page.getByRole('heading', { name: 'Identities of this test network' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Alice' }).waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('<b>Bob</b>');
    await page.getByRole('button', { name: 'Create identity' }).click();
    await page.getByRole('listitem').filter({ hasText: '<b>Bob</b>' }).waitFor();
  });

  test('opened with the login address but without an opener it is a visit', async () => {
    const page = await context.newPage();
    await page.goto(`${provider.origin}/#authorize`);
    await page.getByRole('heading', { name: 'Identities of this test network' }).waitFor();
  });

  test('an opener that never asks gets no further than a message that says what is awaited', async () => {
    const page = await context.newPage();
    await page.goto(`${otherSite.origin}/`);
    const opened = page.waitForEvent('popup');
    await page.evaluate((address) => void window.open(address), `${provider.origin}/#authorize`);
    await (await opened).getByRole('heading', { name: 'Waiting for the site' }).waitFor();
  });

  for (const width of [390, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`has no accessibility violations and nothing overflows at ${width} px, ${colorScheme}`, async () => {
        await context.close();
        context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
        await store.create('A name of forty characters, unbroken:XXX');
        const visit = await context.newPage();
        await visit.goto(provider.origin);
        await visit.getByRole('listitem').first().waitFor();
        const { popup } = await askToLogIn(site, { derivationOrigin: legacySite.origin });
        await popup.setViewportSize({ width, height: 900 });
        await popup.getByRole('button', { name: 'Approve' }).waitFor();
        await popup.getByRole('button', { name: 'Create identity' }).click();
        await popup.getByRole('alert').filter({ hasText: 'Enter a name' }).waitFor();
        for (const [name, page] of Object.entries({ visit, request: popup })) {
          if (process.env['SCREENSHOTS'] !== undefined) {
            await page.screenshot({ path: `${process.env['SCREENSHOTS']}-${name}-${width}-${colorScheme}.png`, fullPage: true });
          }
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        }
      });
    }
  }
});
