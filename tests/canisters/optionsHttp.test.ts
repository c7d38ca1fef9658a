import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice, ok, openExchange, operator, order, type Exchange } from './support/exchange.ts';
import { minuteNs, secondNs } from './support/standins.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
});
afterEach(() => exchange.close());

const anonymous = Principal.anonymous();
interface Answer {
  status: number;
  headers: Map<string, string>;
  body: string;
}
async function request(url: string, method = 'GET', headers: [string, string][] = []): Promise<Answer> {
  const answer = await exchange.as(anonymous).http_request({ method, url, headers, body: new Uint8Array() });
  const named = new Map(answer.headers.map(([name, value]) => [name.toLowerCase(), value]));
  return { status: answer.status_code, headers: named, body: new TextDecoder().decode(Uint8Array.from(answer.body)) };
}

/** Samples by name and labels, after checking the text against the format: HELP, TYPE, then the samples of that family. */
async function samples(): Promise<Map<string, bigint>> {
  const { status, headers, body } = await request('/metrics');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(body.endsWith('\n')).toBe(true);
  const found = new Map<string, bigint>();
  let family = '';
  for (const line of body.trimEnd().split('\n')) {
    const help = /^# HELP ([a-z_0-9]+) \S.*\.$/u.exec(line)?.[1];
    const type = /^# TYPE ([a-z_0-9]+) (gauge|counter)$/u.exec(line);
    const sample = /^([a-z_0-9]+)(\{[a-z]+="[a-z_]+"\})? (-?\d+)$/u.exec(line);
    if (help !== undefined) family = help;
    else if (type !== null) expect(type[1]).toBe(family);
    else {
      if (sample === null) throw new Error(`no line of the format: ${line}`);
      expect(sample[1]).toBe(family);
      const key = `${sample[1]}${sample[2] ?? ''}`.replace('satstrike_', '');
      expect(found.has(key), key).toBe(false);
      found.set(key, BigInt(sample[3] ?? ''));
    }
  }
  return found;
}
const health = async (): Promise<[number, string]> => {
  const { status, body } = await request('/health');
  return [status, body];
};

describe('/metrics', () => {
  test('has the figures that operators see, and nobody’s name', async () => {
    await exchange.deposit(alice, 1_000_000n);
    ok(await exchange.as(alice).place_order(order('filled')));
    await exchange.advance(minuteNs + 40n * secondNs);
    ok(await exchange.as(alice).place_order(order('pending')));
    ok(await exchange.as(operator).check_reserves());
    const overview = ok(await exchange.as(operator).get_overview());
    const found = await samples();
    const expected: [string, bigint][] = [
      ['positions{state="pending"}', 1n],
      ['positions{state="open"}', 1n],
      ['positions{state="settled"}', 0n],
      ['positions{state="cancelled"}', 0n],
      ['positions{state="voided"}', 0n],
      ['outcomes_total{outcome="win"}', 0n],
      ['premiums_sats_total', overview.money.premiums_sats],
      ['deposits_sats_total', 1_000_000n],
      ['open_interest_at_risk_sats', 100_000n],
      ['treasury_sats{part="available"}', overview.money.treasury_available_sats],
      ['treasury_sats{part="reserved"}', 200_000n],
      ['utilisation_ppm', overview.utilisation_ppm],
      ['reserves_ledger_sats', 101_000_000n],
      ['reserves_booked_sats{account="traders"}', overview.money.traders_available_sats + overview.money.traders_reserved_sats],
      ['reserves_booked_sats{account="treasury_available"}', overview.money.treasury_available_sats],
      ['reserves_booked_sats{account="treasury_reserved"}', 200_000n],
      ['reserves_booked_sats{account="migration"}', 0n],
      ['reserves_booked_sats{account="withdrawals_in_transit"}', 0n],
      ['reserves_unattributed_sats', 0n],
      ['reserves_in_flight_sats', 0n],
      ['reserves_age_seconds', 0n],
      ['oracle_newest_age_seconds', (exchange.ic.now() - overview.oracle.newest_ns) / secondNs],
      ['oracle_calls_total', overview.oracle.calls],
      ['oracle_cycles_total', overview.oracle.cycles],
      ['due_unsettled', 0n],
      ['set_aside', 0n],
      ['withdrawals_awaiting_approval', 0n],
      ['transfers_in_review', 0n],
      ['cycles_balance', overview.cycles.balance],
      ['cycles_burned_24h', overview.cycles.burned_24h],
      ['cycles_topped_up_total', 0n],
      ['entry_open', 1n],
      ['schema_version', 2n],
      ['users', 1n]
    ];
    for (const [name, value] of expected) expect(found.get(name), name).toBe(value);
    // A principal is groups of five letters and digits.
    expect((await request('/metrics')).body).not.toMatch(/([a-z2-7]{5}-){3,}/u);
  });

  test('a pause shows', async () => {
    ok(await exchange.as(operator).pause_entry('A test of the metrics.'));
    expect((await samples()).get('entry_open')).toBe(0n);
  });
});

describe('/health', () => {
  test('is ok, and says so', async () => {
    expect(await health()).toEqual([200, 'ok\n']);
  });

  test('names a stale oracle and positions that stay unsettled', async () => {
    await exchange.deposit(alice, 1_000_000n);
    ok(await exchange.as(alice).place_order(order('waits for its price')));
    await exchange.advance(minuteNs + 40n * secondNs);
    await exchange.exchangeRate.as().set_fault([{ RateLimited: null }]);
    await exchange.advance(6n * minuteNs);
    const [status, text] = await health();
    expect(status).toBe(503);
    expect(text).toMatch(/^oracle: the newest price is \d+ s old, so entry is closed$/mu);
    expect(text).toMatch(/^settlement: 1 positions are unsettled more than 5 minutes after their expiry$/mu);
    await exchange.exchangeRate.as().set_fault([]);
    await exchange.advance(15n * minuteNs);
    expect(await health()).toEqual([200, 'ok\n']);
  });

  test('names reserves that could not be checked, and low cycles', async () => {
    await exchange.ic.stopCanister(exchange.ledger.id);
    await exchange.advance(35n * minuteNs);
    await exchange.changeSettings({ alert_cycles: 10n ** 18n });
    const [status, text] = await health();
    expect(status).toBe(503);
    expect(text.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^reserves: the ledger was last asked \d+ s ago$/u),
      expect.stringMatching(/^cycles: [\d,]+ are left, less than the alert threshold of 1,000,000,000,000,000,000$/u)
    ]);
    expect(ok(await exchange.as(operator).get_overview()).cycles.alert).toBe(true);
  });
});

describe('another request', () => {
  test('is answered in words', async () => {
    expect(await request('/')).toMatchObject({ status: 404, body: expect.stringContaining('/metrics and /health') as string });
    expect((await request('/metrics/')).status).toBe(404);
    expect((await request('')).status).toBe(404);
    const post = await request('/health', 'POST');
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await request('/health', 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect(await request('/metrics?name=x#y')).toMatchObject({ status: 200 });
  });

  test('that is huge is refused cheaply', async () => {
    const ask = exchange.ic.reporting(exchange.unchecked(anonymous));
    const empty = new Uint8Array();
    const longUrl = await ask.http_request({ method: 'GET', url: `/metrics?${'x'.repeat(100_000)}`, headers: [], body: empty });
    expect(longUrl.value.status_code).toBe(414);
    const headers = Array.from({ length: 5_000 }, (_, index): [string, string] => [`x-${index}`, 'as long as they are']);
    const manyHeaders = await ask.http_request({ method: 'GET', url: '/metrics', headers, body: empty });
    expect(manyHeaders.value.status_code).toBe(431);
    // Of less than three bytes a value they are no headers any more.
    const nothings = Array.from({ length: 5_000 }, (): [string, string] => ['', '']);
    await expect(exchange.unchecked(anonymous).http_request({ method: 'GET', url: '/', headers: nothings, body: empty })).rejects.toThrow(
      'value limit'
    );
    // What is left is the decoding of what came.
    expect(longUrl.instructions).toBeLessThan(5_000_000n);
    expect(manyHeaders.instructions).toBeLessThan(10_000_000n);
  });

  test('costs the same however many positions there are', async () => {
    const ask = exchange.ic.reporting(exchange.unchecked(anonymous));
    const { instructions } = await ask.http_request({ method: 'GET', url: '/metrics', headers: [], body: new Uint8Array() });
    expect(instructions).toBeLessThan(1_000_000n);
  });
});

describe('cycles', () => {
  const overview = async () => ok(await exchange.as(operator).get_overview());
  const toppedUp = async () => (await samples()).get('cycles_topped_up_total') ?? -1n;

  test('burned are what prices cost here; a top-up hides no more than its own hour', async () => {
    await exchange.ic.advance(150n * minuteNs);
    const before = await overview();
    // This network charges nothing, and a question for a price costs 20 million.
    expect(before.oracle.cycles).toBe(before.oracle.calls * 20_000_000n);
    expect(before.oracle.calls).toBeGreaterThan(149n);
    expect(before.cycles.burned_24h).toBe(before.oracle.cycles);
    await exchange.ic.addCycles(exchange.id, 10n ** 12n);
    await exchange.ic.advance(60n * minuteNs);
    const after = await overview();
    const hour = 61n * 20_000_000n;
    expect(after.cycles.burned_24h).toBeGreaterThan(before.cycles.burned_24h - hour);
    expect(after.cycles.burned_24h).toBeGreaterThan(after.oracle.cycles - hour);
    expect(after.cycles.burned_24h).toBeLessThan(after.oracle.cycles);
    expect(await toppedUp()).toBeGreaterThan(10n ** 12n - hour);
    expect(await toppedUp()).toBeLessThan(10n ** 12n);
  });

  test('burned more than 24 hours ago don’t count', async () => {
    await exchange.ic.advance(150n * minuteNs);
    const before = (await overview()).cycles.burned_24h;
    await exchange.sleep(25n * 60n * minuteNs);
    await exchange.ic.advance(minuteNs);
    expect((await overview()).cycles.burned_24h).toBeLessThan(before / 10n);
  });
});

describe('the switches', () => {
  test('are read by everybody, set by operators, audited, and outlive an upgrade', async () => {
    const on = { balances: true, admin: true, settlement: true };
    const some = { balances: true, admin: false, settlement: false };
    expect(await exchange.as(anonymous).get_flags()).toEqual(on);
    expect(ok(await exchange.as(operator).set_flags(some))).toEqual(some);
    expect(await exchange.as(anonymous).get_flags()).toEqual(some);
    expect((await exchange.as(anonymous).get_market()).flags).toEqual(some);
    const { rows } = ok(await exchange.as(operator).list_audit({ after: [], limit: 200n }));
    expect(rows.at(-1)).toMatchObject({
      who: operator,
      action: 'set_flags',
      before: '{admin = true; balances = true; settlement = true}',
      after: '{admin = false; balances = true; settlement = false}'
    });
    await exchange.upgrade();
    expect(await exchange.as(anonymous).get_flags()).toEqual(some);
  });
});
