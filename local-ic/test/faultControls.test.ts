import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectFaults, ledgerError } from '../src/faults/index.ts';
import { createLocalIc, type Listening, type LocalIc } from '../src/index.ts';
import { agentFixtureInterface, installAgentFixture, type AgentFixture } from './support/agentFixture.ts';
import { VOCABULARY } from '../src/faults/vocabulary.ts';
import { launchBrowser } from './support/browser.ts';

let ic: LocalIc;
let server: Listening;
const controls = (): string => server.controlsUrl ?? '';
const status = async (): Promise<number | string> =>
  fetch(`${server.url}/api/v2/status`).then(
    (response) => response.status,
    (error: unknown) => String(error)
  );

beforeAll(async () => {
  ic = await createLocalIc({ faults: { seed: 'by hand' } });
  server = await ic.listen({ port: 0, controls: { port: 0 } });
});
afterEach(() => ic.faults.clear());
afterAll(() => ic.close());

describe('the fault controls over HTTP', () => {
  const post = (operation: string, input: object, headers: Record<string, string> = {}) =>
    fetch(`${controls()}/faults/${operation}`, {
      method: 'POST',
      headers: { origin: controls(), 'content-type': 'application/json', 'x-fault-controls': '1', ...headers },
      body: JSON.stringify(input)
    });

  it('add, show and remove rules', async () => {
    const added = (await (await post('add', { rule: { kind: 'http-error', status: 503, count: 5 } })).json()) as {
      rules: { number: number }[];
    };
    expect(added).toMatchObject({ seed: 'by hand', rules: [{ rule: { kind: 'http-error', status: 503, count: 5 }, seen: 0, fired: 0 }] });
    expect(await status()).toBe(503);
    expect(await (await post('state', {})).json()).toMatchObject({ rules: [{ seen: 1, fired: 1 }], log: [{ kind: 'http-error' }] });
    expect(await (await post('remove', { number: added.rules[0]?.number })).json()).toMatchObject({ rules: [] });
    expect(await status()).toBe(200);
    await post('add', { rule: { kind: 'offline' } });
    expect(await status()).toContain('fetch failed');
    await post('clear', {});
    expect(await status()).toBe(200);
  });

  it('explain what is wrong with a rule', async () => {
    const answer = await post('add', { rule: { kind: 'delay', ms: 'long' } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ error: { kind: 'request', message: expect.stringContaining('"ms" must be') as string } });
    expect(ic.faults.rules).toEqual([]);
  });

  it.each([
    [{ origin: 'https://example.com' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'x-fault-controls': '0' }, 403],
    [{ 'content-type': 'text/plain' }, 400]
  ])('refuse a request with %o', async (headers, expected) => {
    expect((await post('add', { rule: { kind: 'offline' } }, headers)).status).toBe(expected);
    expect(ic.faults.rules).toEqual([]);
  });

  it('are there only when asked for', async () => {
    const other = await ic.listen({ port: 0 });
    expect(other.controlsUrl).toBeUndefined();
    await other.close();
    expect((await fetch(`${server.url}/faults/state`, { method: 'POST' })).status).toBe(404);
  });
});

describe('a client of the fault controls', () => {
  it('adds, watches and removes rules in another process', async () => {
    const faults = connectFaults(controls());
    const number = await faults.add({ ...ledgerError('BadFee', { expected_fee: 2n ** 60n }), count: 2, match: { from: 'canister' } });
    const { rules, seed } = await faults.state();
    expect(seed).toBe('by hand');
    expect(rules).toEqual([
      {
        number,
        rule: { kind: 'ledger-error', variant: 'BadFee', value: '1152921504606846976', count: 2, match: { from: 'canister' } },
        seen: 0,
        fired: 0
      }
    ]);
    const other = await faults.add({ kind: 'canister-reply', reply: Uint8Array.of(0, 255) });
    expect(ic.faults.rules.map(({ rule }) => rule)).toContainEqual({ kind: 'canister-reply', reply: '00ff' });
    expect((await faults.remove(number)).rules.map((rule) => rule.number)).toEqual([other]);
    expect((await faults.clear()).rules).toEqual([]);
  });

  it('is told what is wrong', async () => {
    const faults = connectFaults(controls());
    await expect(faults.add({ kind: 'delay', ms: -1 })).rejects.toThrow('"ms" must be a whole number from 0 to 600000, not -1');
    await expect(connectFaults(server.url).state()).rejects.toThrow(`${server.url} serves no fault controls`);
  });
});

describe('the page with the switches', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(error.error().message));
    page = await context.newPage();
    await page.goto(controls());
    await page.getByRole('switch', { name: 'offline' }).waitFor();
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  it('switches with the keyboard alone', async () => {
    await page.getByLabel('Operation (on the way)').selectOption('status');
    await page.getByLabel('At most', { exact: true }).fill('1');
    await page.getByLabel('Settings of http-error').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Status', { exact: true }).fill('429');
    await page.getByRole('switch', { name: 'http-error' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: 'http-error', checked: true }).waitFor();
    expect(ic.faults.rules[0]?.rule).toMatchObject({ kind: 'http-error', status: 429, count: 1, match: { endpoint: 'status' } });
    expect([await status(), await status()]).toEqual([429, 200]);
    await page.getByText('applied to 1 of 2 requests').waitFor();
    await page.getByRole('list', { name: 'What happened' }).getByText('http-error').first().waitFor();
    await page.getByRole('button', { name: /^Remove rule \d+, http-error$/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: 'http-error', checked: false }).waitFor();
    // The button is gone; whoever used it goes on from the list's heading.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('rules-title');
    expect(ic.faults.rules).toEqual([]);
  });

  it('makes a canister of the network trap, chosen from a list', async () => {
    const canisterId = await installAgentFixture(ic);
    const actor = ic.actor<AgentFixture>(agentFixtureInterface, canisterId);
    await page.reload();
    await page.locator(`#canisters option[value="${canisterId.toText()}"]`).waitFor({ state: 'attached' });
    await page.getByLabel('Canister', { exact: true }).fill(canisterId.toText());
    await page.getByLabel('Came from (in canisters)').selectOption('ingress');
    await page.getByLabel('Settings of canister-trap').click();
    await page.getByLabel('Message', { exact: true }).locator('visible=true').fill('by hand');
    await page.getByRole('switch', { name: 'canister-trap' }).click();
    await page.getByRole('switch', { name: 'canister-trap', checked: true }).waitFor();
    await expect(actor.increment()).rejects.toMatchObject({ errorCode: 'IC0503', message: /by hand/ });
    await page.getByText('applied to 1 of 1 messages').waitFor();
    await page.getByText(/canister-trap \(rule \d+\) call from ingress increment/).waitFor();
    await page.getByRole('switch', { name: 'canister-trap' }).click();
    await page.getByRole('switch', { name: 'canister-trap', checked: false }).waitFor();
    expect(await actor.increment()).toBe(1n);
  });

  it('offers every kind with settings that are a rule as they stand', async () => {
    for (const { kind } of VOCABULARY) {
      // What to reply is nothing that could be guessed.
      if (kind === 'canister-reply') continue;
      await page.getByRole('switch', { name: kind, exact: true }).click();
      await page.getByRole('switch', { name: kind, exact: true, checked: true }).waitFor();
    }
    expect(ic.faults.rules.map(({ rule }) => rule.kind)).toEqual(
      VOCABULARY.map(({ kind }) => kind).filter((kind) => kind !== 'canister-reply')
    );
    await page.getByRole('switch', { name: 'canister-reply' }).click();
    await page.getByRole('alert').getByText('canister-reply needs "reply"').waitFor();
  });

  it('shows what others switch, and says what is wrong', async () => {
    ic.faults.add({ kind: 'offline', probability: 0.5 });
    await page.getByRole('switch', { name: 'offline', checked: true }).waitFor();
    await page.getByLabel('Canister', { exact: true }).fill('not a canister');
    await page.getByRole('switch', { name: 'duplicate' }).click();
    await page.getByRole('alert').getByText('"match.canisterId" must be a canister id').waitFor();
    await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByText('None: nothing goes wrong.').waitFor();
  });

  it.each(['light', 'dark'] as const)('is accessible and fits a phone, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    ic.faults.add({ kind: 'http-error', status: 503, match: { endpoint: 'status', canisterId: 'rrkah-fqaaa-aaaaa-aaaaq-cai' } });
    ic.faults.add({
      kind: 'slow-callee',
      ms: 5,
      match: { from: 'canister', canisterId: 'rrkah-fqaaa-aaaaa-aaaaq-cai', method: 'transfer' }
    });
    await page.getByRole('switch', { name: 'http-error', checked: true }).waitFor();
    for (const kind of ['truncate-body', 'canister-reject', 'ledger-error']) await page.getByLabel(`Settings of ${kind}`).click();
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    expect(violations).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  it('runs no script but its own files', async () => {
    const policy = (await fetch(controls())).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });
});
