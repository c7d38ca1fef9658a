import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalIc, type Listening, type LocalIc } from '../src/index.ts';
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
    await page.getByLabel('Operation').selectOption('status');
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

  it('shows what others switch, and says what is wrong', async () => {
    ic.faults.add({ kind: 'offline', probability: 0.5 });
    await page.getByRole('switch', { name: 'offline', checked: true }).waitFor();
    await page.getByLabel('Canister').fill('not a canister');
    await page.getByRole('switch', { name: 'duplicate' }).click();
    await page.getByRole('alert').getByText('"match.canisterId" must be a canister id').waitFor();
    await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByText('None: nothing goes wrong.').waitFor();
  });

  it.each(['light', 'dark'] as const)('is accessible and fits a phone, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    ic.faults.add({ kind: 'http-error', status: 503, match: { endpoint: 'status', canisterId: 'rrkah-fqaaa-aaaaa-aaaaq-cai' } });
    await page.getByRole('switch', { name: 'http-error', checked: true }).waitFor();
    await page.getByLabel('Settings of truncate-body').click();
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
