import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LegacyReceipt } from '../../src/lib/canisters/options/options.did.js';
import { alice, bob, ok, openExchange, operator, priceE8, refusal, type Exchange } from './support/exchange.ts';
import { installProbe } from './support/probe.ts';
import { minuteNs, secondNs, startNs } from './support/standins.ts';

let exchange: Exchange;
const open = async (badlyBehavedLegacy = false): Promise<void> => {
  exchange = await openExchange({ badlyBehavedLegacy });
  ok2(await exchange.legacy.as(alice).create_user(alice));
  ok2(await exchange.legacy.as(operator).admin_credit_user_balance(alice, 1));
};
beforeEach(() => open());
afterEach(() => exchange.close());

/** The value of a legacy answer, whose errors are texts. */
function ok2<T>(answer: { ok: T } | { err: string }): T {
  if ('err' in answer) throw new Error(answer.err);
  return answer.ok;
}

const entryCents = priceE8 / 1_000_000n;
interface Trade {
  direction?: 'call' | 'put';
  offset?: bigint;
  expiry?: string;
  contracts?: bigint;
}
/** Opens a trade of alice's on the legacy platform now; answers its id. */
async function trade({ direction = 'call', offset = 500n, expiry = '5s', contracts = 10n }: Trade = {}): Promise<bigint> {
  const strike = direction === 'call' ? entryCents + offset : entryCents - offset;
  return ok2(await exchange.legacy.as(alice).place_trade_simple(alice, direction, offset, expiry, contracts, entryCents, strike));
}
const settled = async (id: bigint): Promise<number[]> => {
  const position = ok2(await exchange.legacy.as(alice).get_position(id));
  return 'Settled' in position.status ? [position.settlement_price[0] ?? 0, position.pnl] : [];
};
const settlements = async (): Promise<number> =>
  (await exchange.legacy.as().get_admin_logs()).filter((line) => /settle/iu.test(line)).length;
const balance = async (): Promise<number> => ok2(await exchange.legacy.as().get_user(alice)).balance;

describe('settling a legacy position', () => {
  test.each([
    { beyondCents: 501n, terms: {}, outcome: 'win', payout: 4_000n, profit: 3_000n },
    { beyondCents: 500n, terms: {}, outcome: 'tie', payout: 1_000n, profit: 0n },
    { beyondCents: 499n, terms: {}, outcome: 'loss', payout: 0n, profit: 0n },
    { beyondCents: -501n, terms: { direction: 'put' }, outcome: 'win', payout: 4_000n, profit: 3_000n },
    { beyondCents: -500n, terms: { direction: 'put' }, outcome: 'tie', payout: 1_000n, profit: 0n },
    { beyondCents: -499n, terms: { direction: 'put' }, outcome: 'loss', payout: 0n, profit: 0n },
    { beyondCents: 300n, terms: { offset: 250n }, outcome: 'win', payout: 3_330n, profit: 2_330n },
    { beyondCents: 300n, terms: { expiry: '10s', offset: 250n }, outcome: 'win', payout: 2_860n, profit: 1_860n },
    { beyondCents: 300n, terms: { expiry: '15s', offset: 250n, contracts: 1n }, outcome: 'win', payout: 250n, profit: 150n },
    { beyondCents: 2_000n, terms: { offset: 1_000n }, outcome: 'win', payout: 10_000n, profit: 9_000n },
    { beyondCents: 2_000n, terms: { offset: 1_500n }, outcome: 'win', payout: 20_000n, profit: 19_000n },
    { beyondCents: 2_000n, terms: { expiry: '10s', offset: 1_500n, contracts: 3n }, outcome: 'win', payout: 3_999n, profit: 3_699n },
    { beyondCents: 2_000n, terms: { expiry: '15s', offset: 1_000n }, outcome: 'win', payout: 5_000n, profit: 4_000n }
  ] as { beyondCents: bigint; terms: Trade; outcome: string; payout: bigint; profit: bigint }[])(
    'at $beyondCents cents from the entry, $terms is a $outcome',
    async ({ beyondCents, terms, outcome, payout, profit }) => {
      const minute = startNs + minuteNs;
      await exchange.setPrice(minute, priceE8 + beyondCents * 1_000_000n);
      const id = await trade(terms);
      await exchange.advance(100n * secondNs);
      const receipt = ok(await exchange.as(bob).settle_legacy(id));
      expect(receipt).toMatchObject({
        position_id: id,
        price_minute_ns: minute,
        price_e8: priceE8 + beyondCents * 1_000_000n,
        payout_cents: payout,
        profit_cents: profit,
        already_settled: false
      });
      expect(Object.keys(receipt.outcome)).toEqual([outcome]);
      expect((await settled(id))[0]).toBe(Number(entryCents + beyondCents) / 100);
    }
  );

  test('a second time answers the same receipt and sends nothing', async () => {
    const id = await trade();
    await exchange.advance(100n * secondNs);
    const first = ok(await exchange.as(alice).settle_legacy(id));
    const [paid, count] = [await balance(), await settlements()];
    const again: LegacyReceipt = { ...first, already_settled: true };
    for (const who of [alice, bob]) expect(ok(await exchange.as(who).settle_legacy(id))).toEqual(again);
    expect(await balance()).toBe(paid);
    expect(await settlements()).toBe(count);
  });

  test('two at once: one settles, the other is told to wait', async () => {
    const id = await trade();
    await exchange.advance(100n * secondNs);
    const [first, second] = await Promise.all([exchange.unchecked(alice).settle_legacy(id), exchange.unchecked(bob).settle_legacy(id)]);
    ok(first);
    expect(refusal(second)).toEqual({ kind: 'temporary', code: { busy: null } });
  });

  test('is not due before the first whole minute at or after its expiry, and waits for its price', async () => {
    const id = await trade({ expiry: '15s' });
    expect(refusal(await exchange.as(alice).settle_legacy(id))).toEqual({
      kind: 'temporary',
      code: { not_due: { due_ns: startNs + minuteNs } }
    });
    await exchange.advance(startNs + minuteNs - exchange.ic.now());
    expect(refusal(await exchange.as(alice).settle_legacy(id)).code).toEqual({ no_price_yet: { minute_ns: startNs + minuteNs } });
    await exchange.advance(40n * secondNs);
    expect(ok(await exchange.as(alice).settle_legacy(id)).already_settled).toBe(false);
  });

  test('asks for a minute the price book lacks, and settles when it is there', async () => {
    const id = await trade();
    await exchange.sleep(20n * minuteNs);
    expect(refusal(await exchange.as(alice).settle_legacy(id)).code).toEqual({ no_price_yet: { minute_ns: startNs + minuteNs } });
    await exchange.advance(20n * secondNs);
    expect(ok(await exchange.as(alice).settle_legacy(id)).price_minute_ns).toBe(startNs + minuteNs);
  });

  test('one that is settled there already is not sent, and is shown as it is', async () => {
    const id = await trade();
    await exchange.advance(100n * secondNs);
    ok2(await exchange.legacy.as(alice).recordSettlement(id, 'win', 4_000n, 3_000n, entryCents + 600n));
    const count = await settlements();
    const receipt = ok(await exchange.as(bob).settle_legacy(id));
    expect(receipt).toMatchObject({
      already_settled: true,
      outcome: { win: null },
      payout_cents: 4_000n,
      price_e8: priceE8 + 600_000_000n
    });
    expect(await settlements()).toBe(count);
  });

  test('an unknown position, or one of another kind, is a request error', async () => {
    for (const id of [99n, 0n])
      expect(refusal(await exchange.as(alice).settle_legacy(id))).toMatchObject({ kind: 'request', code: { legacy: {} } });
    expect(refusal(await exchange.as(alice).settle_legacy(2n ** 64n - 1n)).code).toEqual({ not_found: null });
  });

  test('a stopped legacy platform is a temporary error, and nothing is lost', async () => {
    const id = await trade();
    await exchange.advance(100n * secondNs);
    await exchange.ic.stopCanister(exchange.legacy.id);
    expect(refusal(await exchange.as(alice).settle_legacy(id))).toMatchObject({ kind: 'temporary', code: { legacy: {} } });
    await exchange.ic.startCanister(exchange.legacy.id);
    ok(await exchange.as(alice).settle_legacy(id));
  });

  test('without a legacy platform says so', async () => {
    const alone = await openExchange({ withoutLegacy: true });
    expect(refusal(await alone.as(alice).settle_legacy(1n))).toMatchObject({ kind: 'request', code: { legacy: {} } });
    await alone.close();
  });
});

describe('a legacy platform as badly behaved as the live one', () => {
  test('is paid once, however often and by whomever it is asked for', async () => {
    await exchange.close();
    await open(true);
    const id = await trade();
    await exchange.setPrice(startNs + minuteNs, priceE8 + 600_000_000n);
    await exchange.advance(100n * secondNs);
    const before = await balance();
    ok(await exchange.as(alice).settle_legacy(id));
    const paid = await balance();
    expect(paid).toBeGreaterThan(before);
    await Promise.all([alice, bob, alice].map((who) => exchange.as(who).settle_legacy(id)));
    await exchange.upgrade();
    expect(ok(await exchange.as(bob).settle_legacy(id)).already_settled).toBe(true);
    expect(await balance()).toBe(paid);
    expect(await settlements()).toBe(1);
  });

  test('a position with an expiry or a strike that is in no table is refused', async () => {
    await exchange.close();
    await open(true);
    const odd = [
      exchange.legacy.as(alice).place_trade_simple(alice, 'call', 500n, '7s', 1n, entryCents, entryCents + 500n),
      exchange.legacy.as(alice).place_trade_simple(alice, 'call', 777n, '5s', 1n, entryCents, entryCents + 777n),
      exchange.legacy.as(alice).place_trade_simple(alice, 'call', 500n, '5s', 1n, entryCents, entryCents - 500n)
    ];
    await exchange.advance(100n * secondNs);
    for (const placing of odd) {
      const id = ok2(await placing);
      expect(refusal(await exchange.as(alice).settle_legacy(id))).toMatchObject({ kind: 'request', code: { legacy: {} } });
    }
    expect(await settlements()).toBe(0);
  });
});

describe('a legacy platform whose answers are unclear', () => {
  const modes = ['obey', 'lose_answer', 'lose_request', 'say_yes_only', 'refuse', 'answer_nonsense'] as const;
  type Mode = (typeof modes)[number];
  const strangeIdl: IDL.InterfaceFactory = () =>
    IDL.Service({
      set_mode: IDL.Func([IDL.Variant(Object.fromEntries(modes.map((mode) => [mode, IDL.Null])))], [], []),
      set_hidden: IDL.Func([IDL.Bool], [], []),
      settle_by_browser: IDL.Func([IDL.Nat], [], []),
      open: IDL.Func([IDL.Nat, IDL.Int], [], []),
      sent: IDL.Func([], [IDL.Nat], ['query']),
      paid: IDL.Func([], [IDL.Nat], ['query'])
    });
  interface Strange {
    set_mode(mode: object): Promise<void>;
    set_hidden(hidden: boolean): Promise<void>;
    settle_by_browser(id: bigint): Promise<void>;
    open(id: bigint, openedNs: bigint): Promise<void>;
    sent(): Promise<bigint>;
    paid(): Promise<bigint>;
  }
  let strange: Strange;
  beforeEach(async () => {
    await exchange.close();
    let id: Principal | undefined;
    exchange = await openExchange({ legacy: async (ic) => (id = await installProbe(ic, 'StrangeLegacy')) });
    if (id === undefined) throw new Error('the strange platform was not installed');
    strange = exchange.ic.actor<Strange>(strangeIdl, id);
    await strange.open(7n, exchange.ic.now());
    // The strange platform records 28,000 whatever it is told.
    await exchange.setPrice(startNs + 2n * minuteNs, priceE8 + 1_000_000_000n);
    await exchange.advance(100n * secondNs);
  });
  const mode = (name: Mode): Promise<void> => strange.set_mode({ [name]: null });

  test('a lost answer is made up for by reading back: settled, sent once', async () => {
    await mode('lose_answer');
    expect(ok(await exchange.as(alice).settle_legacy(7n)).already_settled).toBe(false);
    expect(ok(await exchange.as(alice).settle_legacy(7n)).already_settled).toBe(true);
    expect([await strange.sent(), await strange.paid()]).toEqual([1n, 1n]);
  });

  test('an answer that can not be read is made up for in the same way', async () => {
    await mode('answer_nonsense');
    expect(ok(await exchange.as(alice).settle_legacy(7n)).already_settled).toBe(false);
    expect([await strange.sent(), await strange.paid()]).toEqual([1n, 1n]);
  });

  test('a lost request is not sent again before it can no longer arrive', async () => {
    await mode('lose_request');
    expect(refusal(await exchange.as(alice).settle_legacy(7n))).toMatchObject({ kind: 'temporary', code: { legacy: {} } });
    await mode('obey');
    await exchange.advance(200n * secondNs);
    expect(refusal(await exchange.as(alice).settle_legacy(7n))).toMatchObject({ kind: 'temporary', code: { legacy: {} } });
    expect(await strange.sent()).toBe(1n);
    await exchange.upgrade();
    await exchange.advance(101n * secondNs);
    expect(ok(await exchange.as(alice).settle_legacy(7n)).already_settled).toBe(false);
    expect([await strange.sent(), await strange.paid()]).toEqual([2n, 1n]);
  });

  test('a yes without a deed is reported and never sent again', async () => {
    await mode('say_yes_only');
    expect(refusal(await exchange.as(alice).settle_legacy(7n))).toMatchObject({ kind: 'internal', code: { legacy: {} } });
    await mode('obey');
    await exchange.sleep(3_600n * secondNs);
    expect(refusal(await exchange.as(alice).settle_legacy(7n))).toMatchObject({ kind: 'internal', code: { legacy: {} } });
    expect([await strange.sent(), await strange.paid()]).toEqual([1n, 0n]);
  });

  test('a yes that can not be read back is never sent again: recorded when it shows', async () => {
    await strange.set_hidden(true);
    for (let time = 0; time < 2; time += 1) {
      expect(refusal(await exchange.as(alice).settle_legacy(7n))).toMatchObject({ kind: 'temporary', code: { legacy: {} } });
      await exchange.advance(6n * minuteNs);
    }
    await strange.set_hidden(false);
    expect(ok(await exchange.as(alice).settle_legacy(7n)).already_settled).toBe(true);
    expect([await strange.sent(), await strange.paid()]).toEqual([1n, 1n]);
  });

  test('a yes that can not be read back is never sent again: reported when nothing was done', async () => {
    await mode('say_yes_only');
    await strange.set_hidden(true);
    expect(refusal(await exchange.as(alice).settle_legacy(7n))).toMatchObject({ kind: 'temporary', code: { legacy: {} } });
    await mode('obey');
    await exchange.upgrade();
    await strange.set_hidden(false);
    await exchange.advance(6n * minuteNs);
    for (let time = 0; time < 2; time += 1) {
      expect(refusal(await exchange.as(alice).settle_legacy(7n))).toMatchObject({ kind: 'internal', code: { legacy: {} } });
    }
    expect([await strange.sent(), await strange.paid()]).toEqual([1n, 0n]);
  });

  test('a position somebody settled at another price while our request was lost shows what stands there', async () => {
    await strange.open(8n, exchange.ic.now());
    await exchange.advance(70n * secondNs);
    await mode('lose_request');
    expect(refusal(await exchange.as(alice).settle_legacy(8n))).toMatchObject({ kind: 'temporary', code: { legacy: {} } });
    await strange.settle_by_browser(8n);
    const theirs = { outcome: { loss: null }, payout_cents: 0n, price_e8: priceE8, already_settled: true };
    for (let time = 0; time < 2; time += 1) expect(ok(await exchange.as(alice).settle_legacy(8n))).toMatchObject(theirs);
    expect(await strange.sent()).toBe(1n);
  });

  test('a position that shows another price than was sent has the receipt of what it shows', async () => {
    await strange.open(8n, exchange.ic.now());
    await exchange.advance(70n * secondNs);
    const receipt = ok(await exchange.as(alice).settle_legacy(8n));
    expect(receipt).toMatchObject({ outcome: { loss: null }, payout_cents: 0n, price_e8: priceE8, already_settled: true });
    expect(ok(await exchange.as(alice).settle_legacy(8n))).toEqual(receipt);
    expect(await strange.sent()).toBe(1n);
  });

  test('a refusal is definite: the next request may try at once', async () => {
    await mode('refuse');
    expect(refusal(await exchange.as(alice).settle_legacy(7n))).toMatchObject({ kind: 'request', code: { legacy: { error: 'no' } } });
    await mode('obey');
    ok(await exchange.as(alice).settle_legacy(7n));
    expect([await strange.sent(), await strange.paid()]).toEqual([2n, 1n]);
  });
});
