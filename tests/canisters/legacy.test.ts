import { Principal } from '@dfinity/principal';
import type { LocalIc } from 'local-ic';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Position } from '../../src/lib/canisters/legacy/legacy.did.js';
import { installLegacy, person, secondNs, startNs, stillNetwork, type LegacyStandin } from './support/standins.ts';

const trader = person('trader');
const stranger = person('stranger');
const operator = person('operator');
const options = person('options canister');
const entryCents = 2_500_000n;

let ic: LocalIc;
let legacy: LegacyStandin;

const init = (badlyBehaved: boolean) => ({ operators: [operator], options: [options] as [Principal], badly_behaved: badlyBehaved });

afterEach(async () => {
  await ic.close();
});

interface Trade {
  type?: string;
  offset?: bigint;
  expiry?: string;
  contracts?: bigint;
  entry?: bigint;
  strike?: bigint;
  by?: Principal;
  user?: Principal;
}
/** A call of one contract, 5 s, 2.50 USD out of the money at 25,000 USD, placed by the trader; changed as told. */
function place({
  type = 'call',
  offset = 250n,
  expiry = '5s',
  contracts = 1n,
  entry = entryCents,
  strike,
  by = trader,
  user = trader
}: Trade = {}) {
  const direction = type === 'put' ? -1n : 1n;
  return legacy.as(by).place_trade_simple(user, type, offset, expiry, contracts, entry, strike ?? entry + direction * offset);
}
async function placed(trade: Trade = {}): Promise<bigint> {
  const result = await place(trade);
  if ('err' in result) throw new Error(result.err);
  return result.ok;
}
const settle = (id: bigint, outcome: string, payout: bigint, profit: bigint, price: bigint, by = trader) =>
  legacy.as(by).recordSettlement(id, outcome, payout, profit, price);
async function positionOf(id: bigint): Promise<Position> {
  const result = await legacy.as().get_position(id);
  if ('err' in result) throw new Error(result.err);
  return result.ok;
}
async function user(principal = trader) {
  const result = await legacy.as().get_user(principal);
  if ('err' in result) throw new Error(result.err);
  return result.ok;
}
/** Satoshi: the float is exact to the satoshi, so rounding it loses nothing. */
const balanceSats = async (principal = trader): Promise<number> => Math.round((await user(principal)).balance * 1e8);

const ok = { ok: null };
const err = (text: string) => ({ err: expect.stringContaining(text) });

describe('the safe platform', () => {
  beforeEach(async () => {
    ic = await stillNetwork();
    legacy = await installLegacy(ic, init(false));
    await legacy.as(trader).create_user(trader);
    await legacy.as(operator).admin_credit_user_balance(trader, 0.01);
  });

  describe('accounts', () => {
    test('are created by their owner or an operator, once', async () => {
      expect(await legacy.as(stranger).create_user(person('other'))).toEqual(err('Only the user or an operator'));
      expect(await legacy.as(Principal.anonymous()).create_user(Principal.anonymous())).toEqual(err('Only the user or an operator'));
      expect(await legacy.as(operator).create_user(person('other'))).toEqual({
        ok: { balance: 0, total_wins: 0, total_losses: 0, net_pnl: 0, created_at: startNs }
      });
      await ic.advance(secondNs);
      expect(await legacy.as(trader).create_user(trader)).toMatchObject({ ok: { balance: 0.01, created_at: startNs } });
      expect(await legacy.as().get_user(stranger)).toEqual({ err: 'User not found.' });
    });

    test('are credited by operators, in whole satoshi', async () => {
      for (const who of [trader, options, Principal.anonymous()]) {
        expect(await legacy.as(who).admin_credit_user_balance(trader, 1)).toEqual(err('Only an operator'));
      }
      expect(await legacy.as(operator).admin_credit_user_balance(stranger, 1)).toEqual(err('User not found'));
      for (const amount of [NaN, Infinity, -Infinity, 21_000_001]) {
        expect(await legacy.as(operator).admin_credit_user_balance(trader, amount)).toEqual(err('not an amount of bitcoin'));
      }
      for (const amount of [0, -0.01, 0.000000004]) {
        expect(await legacy.as(operator).admin_credit_user_balance(trader, amount)).toEqual(err('at least 1 satoshi'));
      }
      // 0.1 + 0.2 in floats is 0.30000000000000004; in satoshi it is 30,000,000.
      await legacy.as(operator).admin_credit_user_balance(trader, 0.1);
      await legacy.as(operator).admin_credit_user_balance(trader, 0.2);
      expect((await user()).balance).toBe(0.31);
      expect(await legacy.as().get_platform_wallet()).toEqual({ balance: 0.31, total_deposits: 0.31, total_withdrawals: 0 });
    });

    test('can be taken by the options canister, as far as they go', async () => {
      await legacy.as(operator).admin_credit_user_balance(trader, 0.1);
      const balance = (await user()).balance;
      expect(await legacy.as(options).admin_credit_user_balance(trader, -balance - 0.000_000_01)).toEqual(err('is less than'));
      expect(await legacy.as(options).admin_credit_user_balance(stranger, -0.01)).toEqual(err('User not found'));
      expect(await legacy.as(trader).admin_credit_user_balance(trader, -0.01)).toEqual(err('Only an operator'));
      expect(await legacy.as(options).admin_credit_user_balance(trader, -balance)).toMatchObject({
        ok: expect.stringContaining('Took') as string
      });
      expect((await user()).balance).toBe(0);
    });
  });

  describe('trades', () => {
    test('open a position at the strike and take the premium at the entry price, rounded up', async () => {
      const id = await placed({ type: 'put', offset: 1_000n, expiry: '10s', contracts: 7n, entry: 2_314_372n });
      expect(id).toBe(1n);
      expect(await positionOf(id)).toEqual({
        id: 1n,
        user: trader,
        option_type: { Put: null },
        strike_price: 23_133.72,
        entry_price: 23_143.72,
        expiry: '10s',
        size: 7,
        entry_premium: 7,
        current_value: 7,
        pnl: 0,
        status: { Active: null },
        opened_at: startNs,
        settled_at: [],
        settlement_price: []
      });
      // 7 USD at 23,143.72 USD are 30,245.783... satoshi.
      expect(await balanceSats()).toBe(1_000_000 - 30_246);
    });

    test('are placed by the user or an operator', async () => {
      expect(await place({ by: stranger })).toEqual(err('Only the user or an operator'));
      expect(await place({ by: options })).toEqual(err('Only the user or an operator'));
      expect(await place({ by: Principal.anonymous() })).toEqual(err('Only the user or an operator'));
      expect(await place({ by: operator })).toEqual({ ok: 1n });
      expect(await place({ by: stranger, user: stranger })).toEqual(err('User not found'));
    });

    test.each<[string, Trade, string]>([
      ['another type', { type: 'Call' }, 'option_type must be "call" or "put"'],
      ['another expiry', { expiry: '20s' }, 'expiry must be "5s", "10s" or "15s"'],
      ['another offset', { offset: 300n }, 'strike_offset must be 250, 500, 1000 or 1500'],
      ['an offset in dollars', { offset: 5n }, 'strike_offset must be 250'],
      ['no contract', { contracts: 0n }, 'contract_count must be from 1 to 1000'],
      ['too many contracts', { contracts: 1_001n }, 'contract_count must be from 1 to 1000'],
      ['no entry price', { entry: 0n, strike: 250n }, 'entry_price_cents must be above 0'],
      ['a strike on the wrong side', { strike: entryCents - 250n }, 'strike_price_cents must be 2500250'],
      ['a strike of another offset', { type: 'put', strike: entryCents - 500n }, 'strike_price_cents must be 2499750'],
      ['a put whose strike is no price', { type: 'put', entry: 250n, strike: 0n }, 'would not be above 0'],
      ['more than the balance', { contracts: 251n }, 'less than the premium of 1004000 satoshi']
    ])('refuse %s', async (_name, trade, message) => {
      expect(await place(trade)).toEqual(err(message));
      expect(await balanceSats()).toBe(1_000_000);
      expect(await legacy.as().get_all_positions()).toEqual([]);
    });

    test('can use the whole balance', async () => {
      expect(await place({ contracts: 250n })).toEqual({ ok: 1n });
      expect(await balanceSats()).toBe(0);
    });
  });

  describe('settlement', () => {
    const table: [string, bigint, bigint][] = [
      ['5s', 250n, 333n],
      ['5s', 500n, 400n],
      ['5s', 1_000n, 1_000n],
      ['5s', 1_500n, 2_000n],
      ['10s', 250n, 286n],
      ['10s', 500n, 333n],
      ['10s', 1_000n, 667n],
      ['10s', 1_500n, 1_333n],
      ['15s', 250n, 250n],
      ['15s', 500n, 286n],
      ['15s', 1_000n, 500n],
      ['15s', 1_500n, 1_000n]
    ];

    test.each(table)('%s at %s cents pays %s cents a contract, call and put, win, tie and loss', async (expiry, offset, perContract) => {
      for (const [type, direction] of [
        ['call', 1n],
        ['put', -1n]
      ] as const) {
        const strike = entryCents + direction * offset;
        for (const [outcome, price, payout, profit] of [
          ['win', strike + direction, 3n * perContract, 3n * perContract - 300n],
          ['tie', strike, 300n, 0n],
          ['loss', strike - direction, 0n, 0n]
        ] as const) {
          const id = await placed({ type, offset, expiry, contracts: 3n });
          await ic.advance(15n * secondNs);
          const before = await balanceSats();
          expect(await settle(id, outcome, payout + 1n, profit, price)).toEqual(
            err(`outcome "${outcome}", payout_cents ${payout}, profit_cents ${profit}.`)
          );
          expect(await settle(id, outcome, payout, profit, price)).toEqual(ok);
          expect(await balanceSats()).toBe(before + Number((payout * 100_000_000n) / price));
          expect(await positionOf(id)).toMatchObject({
            status: { Settled: null },
            current_value: Number(payout) / 100,
            pnl: Number(payout - 300n) / 100,
            settled_at: [ic.now()],
            settlement_price: [Number(price) / 100]
          });
        }
      }
    });

    test('is for the owner, an operator and the options canister', async () => {
      const ids = [await placed(), await placed(), await placed()];
      await ic.advance(5n * secondNs);
      for (const who of [stranger, Principal.anonymous()]) {
        expect(await settle(1n, 'loss', 0n, 0n, entryCents, who)).toEqual(err("Only the position's owner"));
      }
      for (const [index, who] of [trader, operator, options].entries())
        expect(await settle(ids[index] ?? 0n, 'loss', 0n, 0n, entryCents, who)).toEqual(ok);
    });

    test('happens once', async () => {
      const id = await placed();
      await ic.advance(5n * secondNs);
      expect(await settle(id, 'win', 333n, 233n, entryCents + 251n)).toEqual(ok);
      const [balance, position] = [await balanceSats(), await positionOf(id)];
      for (const who of [trader, operator, options])
        expect(await settle(id, 'win', 333n, 233n, entryCents + 251n, who)).toEqual(err('Position 1 is already settled'));
      expect(await settle(id, 'loss', 0n, 0n, entryCents)).toEqual(err('already settled'));
      expect(await balanceSats()).toBe(balance);
      expect(await positionOf(id)).toEqual(position);
    });

    test('waits for the expiry', async () => {
      const id = await placed({ expiry: '10s' });
      await ic.advance(10n * secondNs - 1n);
      expect(await settle(id, 'loss', 0n, 0n, entryCents)).toEqual(err('has not expired yet'));
      await ic.advance(1n);
      expect(await settle(id, 'loss', 0n, 0n, entryCents)).toEqual(ok);
    });

    test.each<[string, [string, bigint, bigint, bigint]]>([
      ['a win called a loss', ['loss', 0n, 0n, entryCents + 251n]],
      ['a loss called a win', ['win', 333n, 233n, entryCents + 249n]],
      ['a tie called a win', ['win', 333n, 233n, entryCents + 250n]],
      ['a win with too large a payout', ['win', 334n, 234n, entryCents + 251n]],
      ['a win with another profit', ['win', 333n, 333n, entryCents + 251n]],
      ['a tie that pays nothing', ['tie', 0n, 0n, entryCents + 250n]],
      ['an unknown outcome', ['draw', 100n, 0n, entryCents + 250n]]
    ])('refuses %s', async (_name, [outcome, payout, profit, price]) => {
      const id = await placed();
      await ic.advance(5n * secondNs);
      const before = await balanceSats();
      expect(await settle(id, outcome, payout, profit, price)).toEqual(err('this settlement must be outcome'));
      expect(await balanceSats()).toBe(before);
      expect((await positionOf(id)).status).toEqual({ Active: null });
    });

    test('refuses a price of nothing and a position that does not exist', async () => {
      const id = await placed();
      await ic.advance(5n * secondNs);
      expect(await settle(id, 'loss', 0n, 0n, 0n)).toEqual(err('final_price_cents must be above 0'));
      for (const unknown of [0n, 2n, 2n ** 70n]) {
        expect(await settle(unknown, 'loss', 0n, 0n, entryCents)).toEqual({ err: 'Position not found.' });
        expect(await legacy.as().get_position(unknown)).toEqual({ err: 'Position not found.' });
      }
    });
  });

  test("totals follow the trades; wins and losses are named from the platform's side", async () => {
    await legacy.as(operator).create_user(stranger);
    await legacy.as(operator).admin_credit_user_balance(stranger, 0.5);
    const [win, tie, loss] = [await placed({ contracts: 2n }), await placed(), await placed({ contracts: 5n })];
    await placed({ user: stranger, by: stranger });
    await ic.advance(5n * secondNs);
    await settle(win, 'win', 666n, 466n, entryCents + 300n);
    await settle(tie, 'tie', 100n, 0n, entryCents + 250n);
    await settle(loss, 'loss', 0n, 0n, entryCents);

    expect(await user()).toMatchObject({ total_wins: 4.66, total_losses: 5, net_pnl: -0.34 });
    expect(await legacy.as().get_platform_ledger()).toEqual({
      total_winning_trades: 5,
      total_losing_trades: 4.66,
      net_pnl: 0.34,
      total_trades: 4n
    });
    expect(await legacy.as().get_platform_trading_summary()).toEqual({ total_trades: 4n, active_trades: 1n, settled_trades: 3n });
    expect(await legacy.as().get_platform_wallet()).toEqual({ balance: 0.51, total_deposits: 0.51, total_withdrawals: 0 });
    expect((await legacy.as().get_all_positions()).map(({ id }) => id)).toEqual([1n, 2n, 3n, 4n]);
    expect((await legacy.as().get_user_positions(trader)).map(({ id }) => id)).toEqual([1n, 2n, 3n]);
    expect(await legacy.as().get_user_positions(operator)).toEqual([]);
    const users = await legacy.as().get_all_users();
    expect(new Map(users.map(([who, data]) => [who.toText(), data]))).toEqual(
      new Map([
        [trader.toText(), await user()],
        [stranger.toText(), await user(stranger)]
      ])
    );
    const logs = await legacy.as().get_admin_logs();
    expect(logs).toHaveLength(11);
    expect(logs.at(-1)).toBe(`${ic.now()} settled position 3 as loss at 2500000 cents, payout 0 cents`);
  });

  test('an upgrade keeps the books and follows the new argument', async () => {
    const id = await placed();
    await ic.advance(5n * secondNs);
    await legacy.upgrade({ operators: [stranger], options: [], badly_behaved: false });
    expect(await settle(id, 'loss', 0n, 0n, entryCents, options)).toEqual(err("Only the position's owner"));
    expect(await settle(id, 'loss', 0n, 0n, entryCents, stranger)).toEqual(ok);
    expect(await balanceSats()).toBe(996_000);
  });

  test('anonymous is nobody, even if the configuration names it', async () => {
    await legacy.upgrade({ operators: [Principal.anonymous()], options: [Principal.anonymous()], badly_behaved: false });
    expect(await legacy.as(Principal.anonymous()).admin_credit_user_balance(trader, 1)).toEqual(err('Only an operator'));
  });
});

describe('the badly behaved platform', () => {
  beforeEach(async () => {
    ic = await stillNetwork();
    legacy = await installLegacy(ic, init(true));
    await legacy.as(Principal.anonymous()).admin_credit_user_balance(trader, 0.01);
  });

  test('lets anybody do anything', async () => {
    const nobody = Principal.anonymous();
    expect(await legacy.as(nobody).create_user(stranger)).toMatchObject({ ok: { balance: 0 } });
    expect(await place({ by: nobody, type: 'anything', offset: 7n, expiry: '1y', contracts: 5_000n, strike: 1n })).toEqual({ ok: 1n });
    expect(await positionOf(1n)).toMatchObject({ option_type: { Put: null }, expiry: '1y', size: 5_000, strike_price: 0.01 });
    expect(await balanceSats()).toBe(1_000_000 - 20_000_000);
    expect(await settle(1n, 'win', 1_000_000n, 7n, entryCents, nobody)).toEqual(ok);
    expect(await positionOf(1n)).toMatchObject({ status: { Settled: null }, current_value: 10_000, pnl: 0.07 });
  });

  test('pays every settlement of the same position again', async () => {
    const id = await placed({ by: stranger });
    const start = await balanceSats();
    for (let times = 1; times <= 3; times++) {
      expect(await settle(id, 'win', 333n, 233n, entryCents, stranger)).toEqual(ok);
      expect(await balanceSats()).toBe(start + times * 13_320);
    }
    expect(await user()).toMatchObject({ total_wins: 6.99 });
    expect(await legacy.as().get_platform_ledger()).toMatchObject({ total_losing_trades: 6.99, total_trades: 1n });
    expect(await legacy.as().get_platform_trading_summary()).toEqual({ total_trades: 1n, active_trades: 0n, settled_trades: 1n });
  });

  test('reports a loss with a profit of 0', async () => {
    const id = await placed();
    expect(await settle(id, 'loss', 0n, 0n, entryCents)).toEqual(ok);
    expect(await positionOf(id)).toMatchObject({ status: { Settled: null }, pnl: 0 });
  });
});
