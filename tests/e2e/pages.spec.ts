import { noViolations } from './support/accessibility.ts';
import { expect, fact, logIn, screenshot, test, visit } from './support/exchange.ts';
import { startExchange, type Running } from './support/start.ts';

// Every page on a desk and on a phone: nothing overflows, axe has no complaint, the keyboard is enough.

let running: Running;
test.beforeAll(async () => {
  running = await startExchange();
});
test.afterAll(async () => running.close());

const pages = [
  { name: 'Trade', heading: /Trade bitcoin options/ },
  { name: 'Positions', heading: /Positions/ },
  { name: 'Wallet', heading: /Wallet/ },
  { name: 'Console', heading: /Console/ },
  { name: 'Settings', heading: /Settings/ }
];

for (const { label, width, height } of [
  { label: 'desk', width: 1440, height: 900 },
  { label: 'phone', width: 390, height: 844 }
]) {
  test(`every page at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.goto(running.url);
    await expect(page.getByTestId('price')).toBeVisible();
    await screenshot(page, `${label}-signed-out`);
    await logIn(page, 'Operator');
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Console' })).toBeVisible();
    for (const { name, heading } of pages) {
      await visit(page, name);
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
      if (name === 'Console') {
        await expect(fact(page, 'Premiums taken')).toBeVisible();
        await page.getByRole('navigation', { name: 'Tables' }).getByRole('link', { name: 'Audit trail' }).click();
        await expect(page.getByRole('table')).toContainText('grant_role');
      }
      await page.evaluate(() => document.fonts.ready);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${name} is wider than the screen`).toBe(0);
      await noViolations(page);
      await screenshot(page, `${label}-${name.toLowerCase()}`);
    }
  });
}

for (const { label, width, height } of [
  { label: 'desk', width: 1440, height: 900 },
  { label: 'phone', width: 390, height: 844 }
]) {
  test(`a problem report is read and copied at ${width} px, with the keyboard alone`, async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.setViewportSize({ width, height });
    await page.goto(running.url);
    await expect(page.getByTestId('price')).toBeVisible();
    const opener = page.getByRole('contentinfo').getByRole('button', { name: 'Report a problem' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Report a problem' });
    const text = dialog.getByLabel('What will be copied');
    await expect(text).toHaveValue(
      /^Satstrike problem report[^]*debug call canister=options method=get_market call=query ms=\d+ outcome=ok/
    );
    const overflow = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(overflow, 'the dialog is wider than it may be').toBe(0);
    await noViolations(page);
    await screenshot(page, `${label}-report`);
    const copy = dialog.getByRole('button', { name: 'Copy report' });
    for (let presses = 0; presses < 5 && !(await copy.evaluate((element) => element === document.activeElement)); presses += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('status')).toHaveText('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await text.inputValue());
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
  });
}

test('an unknown address is answered by the app, with a way back', async ({ page }) => {
  await page.goto(`${running.url}/no-such-page`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('main').getByRole('link').first().click();
  await expect(page.getByTestId('price')).toBeVisible();
});

test('the ticket can be filled in with the keyboard alone', async ({ page }) => {
  await page.goto(running.url);
  await expect(page.getByTestId('price')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  const call = page.getByRole('radio', { name: /^Call/ });
  for (let presses = 0; presses < 20 && !(await call.evaluate((element) => element === document.activeElement)); presses += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: /^Put/ })).toBeChecked();
  const payout = page.getByLabel('Payout');
  for (let presses = 0; presses < 10 && !(await payout.evaluate((element) => element === document.activeElement)); presses += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.type('0.001');
  await expect(fact(page, 'Fair value')).toContainText('BTC');
});

test('the page is served with the headers it promises', async ({ page }) => {
  const response = await page.goto(running.url);
  const headers = response?.headers() ?? {};
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self' 'sha256-/);
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|localhost/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cross-origin-opener-policy']).toBe('same-origin-allow-popups');
  const script = await page.evaluate(
    () => performance.getEntriesByType('resource').find(({ name }) => name.includes('/_app/immutable/'))?.name
  );
  const asset = await page.request.get(script ?? '');
  expect(asset.headers()['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await page.request.get(`${running.url}/config.json`)).headers()['cache-control']).toBe('no-store');
});
