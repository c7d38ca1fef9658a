import { createHash } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { CanisterReject } from 'local-ic';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { _SERVICE as Options, AuditEntry } from '../../src/lib/canisters/options/options.did.js';
import { allRows } from './support/books.ts';
import { alice, bob, minuteTenor, ok, openExchange, operator, order, owner, refusal, type Exchange } from './support/exchange.ts';
import { person } from './support/standins.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
});
afterEach(() => exchange.close());

const auditor = person('auditor');
const anonymous = Principal.anonymous();
const page = { after: [] as [], limit: 10n };
const to = { owner: bob, subaccount: [] as [] };

type Call = (actor: Options) => Promise<{ ok: unknown } | { err: { message: string } }>;
/** Every method that isn't for everybody, with what it needs. */
const guarded: [name: string, needs: 'auditor' | 'operator' | 'owner', call: Call][] = [
  ['get_overview', 'auditor', (actor) => actor.get_overview()],
  ['check_reserves', 'auditor', (actor) => actor.check_reserves()],
  ['list_users', 'auditor', (actor) => actor.list_users(page)],
  ['list_positions', 'auditor', (actor) => actor.list_positions({ filter: { all: null }, page })],
  ['list_deposits', 'auditor', (actor) => actor.list_deposits(page)],
  ['list_withdrawals', 'auditor', (actor) => actor.list_withdrawals(page)],
  ['list_awaiting_withdrawals', 'auditor', (actor) => actor.list_awaiting_withdrawals(page)],
  ['list_proposals', 'auditor', (actor) => actor.list_proposals(page)],
  ['list_audit', 'auditor', (actor) => actor.list_audit(page)],
  ['list_roles', 'auditor', (actor) => actor.list_roles()],
  ['set_settings', 'operator', async (actor) => actor.set_settings((await actor.get_market()).settings)],
  ['set_tenor', 'operator', (actor) => actor.set_tenor(minuteTenor)],
  ['pause_entry', 'operator', (actor) => actor.pause_entry('A test of roles.')],
  ['resume_entry', 'operator', (actor) => actor.resume_entry()],
  ['fund_treasury', 'operator', (actor) => actor.fund_treasury({ request_id: 'r', amount_sats: 5_000n })],
  ['fund_migration', 'operator', (actor) => actor.fund_migration({ request_id: 'r', amount_sats: 5_000n })],
  ['approve_withdrawal', 'operator', (actor) => actor.approve_withdrawal(0n)],
  ['decline_withdrawal', 'operator', (actor) => actor.decline_withdrawal(0n, 'A test of roles.')],
  ['propose', 'operator', (actor) => actor.propose({ resolve_deposit: { id: 0n, block: [] } })],
  ['approve', 'operator', (actor) => actor.approve(0n)],
  ['withdraw_proposal', 'operator', (actor) => actor.withdraw_proposal(0n)],
  ['withdraw_migration', 'owner', (actor) => actor.withdraw_migration({ request_id: 'w', amount_sats: 5_000n, to })],
  ['withdraw_treasury', 'owner', (actor) => actor.withdraw_treasury({ request_id: 'w', amount_sats: 5_000n, to })],
  ['grant_role', 'owner', (actor) => actor.grant_role(bob, { auditor: null })],
  ['revoke_role', 'owner', (actor) => actor.revoke_role(auditor, { auditor: null })]
];
const personal: [name: string, call: Call][] = [
  ['get_account', (actor) => actor.get_account()],
  ['get_positions', (actor) => actor.get_positions({ filter: { all: null }, page })],
  ['get_position', (actor) => actor.get_position(0n)],
  ['get_position_by_client_id', (actor) => actor.get_position_by_client_id('x')],
  ['get_movements', (actor) => actor.get_movements(page)],
  ['get_deposit', (actor) => actor.get_deposit('x')],
  ['get_withdrawal', (actor) => actor.get_withdrawal('x')],
  ['get_withdrawals', (actor) => actor.get_withdrawals(page)],
  ['place_order', (actor) => actor.place_order(order('x'))],
  ['cancel_order', (actor) => actor.cancel_order(0n)],
  ['deposit', (actor) => actor.deposit({ request_id: 'x', amount_sats: 5_000n })],
  ['get_deposit_account', (actor) => actor.get_deposit_account()],
  ['notify_deposit', (actor) => actor.notify_deposit()],
  ['cancel_withdrawal', (actor) => actor.cancel_withdrawal('x')],
  ['withdraw', (actor) => actor.withdraw({ request_id: 'x', amount_sats: 5_000n, to })],
  ['settle', (actor) => actor.settle(0n)],
  ['settle_legacy', (actor) => actor.settle_legacy(0n)]
];
const turnedAway = 'IC0406';
/** An update is turned away before it runs; a query answers why. */
async function refusesAnonymous(name: string, call: Call): Promise<void> {
  const answer = call(exchange.as(anonymous));
  if (/^(get|list)_/u.test(name)) expect(refusal(await answer).code).toEqual({ anonymous: null });
  else await expect(answer).rejects.toMatchObject({ errorCode: turnedAway });
}
const rank = { auditor: 1, operator: 2, owner: 3 };

describe('roles', () => {
  test.each(guarded)('%s needs %s', async (name, needs, call) => {
    ok(await exchange.as(owner).grant_role(auditor, { auditor: null }));
    const entries = (await allRows<AuditEntry>((of) => exchange.as().list_audit(of))).length;
    await refusesAnonymous(name, call);
    expect(refusal(await call(exchange.as(alice)))).toEqual({ kind: 'request', code: { forbidden: { needs } } });
    const ranked = [
      [1, auditor],
      [2, operator],
      [3, owner]
    ] as const;
    for (const [position, who] of ranked) {
      const answer = await call(exchange.as(who));
      const refused = 'err' in answer && refusal(answer).code !== undefined && 'forbidden' in (refusal(answer).code ?? {});
      expect(refused, who.toText()).toBe(position < rank[needs]);
    }
    // Refused calls leave nothing in the trail.
    const after = (await allRows<AuditEntry>((of) => exchange.as().list_audit(of))).slice(entries);
    for (const entry of after) expect([auditor, operator, owner].map((who) => who.toText())).toContain(entry.who.toText());
  });

  test.each(personal)('%s is not for the anonymous', async (name, call) => {
    await refusesAnonymous(name, call);
  });

  test('an update with a large argument is turned away before it runs', async () => {
    const large = exchange.as(alice).deposit({ request_id: 'x'.repeat(1_000), amount_sats: 5_000n });
    await expect(large).rejects.toMatchObject({ errorCode: turnedAway });
    const small = await exchange.as(alice).deposit({ request_id: 'x'.repeat(900), amount_sats: 5_000n });
    expect(refusal(small).code).toEqual({ invalid: { field: 'request_id' } });
  });

  test('a controller is an owner, and everybody can ask what they are', async () => {
    expect(await exchange.as().my_roles()).toEqual([{ owner: null }, { operator: null }, { auditor: null }]);
    expect(await exchange.as(operator).my_roles()).toEqual([{ operator: null }, { auditor: null }]);
    expect(await exchange.as(alice).my_roles()).toEqual([]);
    expect(await exchange.as(anonymous).my_roles()).toEqual([]);
    ok(await exchange.as(owner).revoke_role(operator, { operator: null }));
    expect(await exchange.as(operator).my_roles()).toEqual([]);
    expect(refusal(await exchange.as(owner).revoke_role(operator, { operator: null })).code).toEqual({ not_found: null });
    expect(refusal(await exchange.as(owner).grant_role(anonymous, { owner: null })).code).toEqual({ invalid: { field: 'principal' } });
    expect(ok(await exchange.as(owner).list_roles())).toEqual([[owner, { owner: null }]]);
  });

  test('there are at most 200 holders, each with as many roles as an owner gives', async () => {
    const grant = (who: Principal, role: { auditor: null } | { operator: null }) => exchange.unchecked().grant_role(who, role);
    for (let index = 2; index < 200; index += 1) ok(await grant(person(`holder ${index}`), { auditor: null }));
    expect(refusal(await grant(bob, { auditor: null })).code).toEqual({ invalid: { field: 'principal' } });
    ok(await grant(person('holder 2'), { operator: null }));
    expect(ok(await exchange.as().list_roles())).toHaveLength(201);
  });

  test('the market is open to everybody', async () => {
    const market = await exchange.as(anonymous).get_market();
    expect(market.tenors.map(({ tenor }) => tenor.name)).toEqual(['1m', '5m', '4h']);
    expect(await exchange.as(anonymous).get_prices({ from_minute_ns: 0n, limit: 1n })).toHaveLength(1);
  });
});

describe('the audit trail', () => {
  /** The chain as options.did and Audit.mo describe it, in another language. */
  const chained = (previous: Uint8Array, entry: AuditEntry): Buffer => {
    const parts = [String(entry.id), String(entry.at_ns), entry.who.toText(), entry.action, entry.before, entry.after];
    const text = parts.map((part) => `${[...part].length}:${part}`).join('');
    return createHash('sha256').update(previous).update(text, 'utf8').digest();
  };

  test('has who, when, what, before and after of every change, hash-chained', async () => {
    const { settings } = await exchange.as().get_market();
    ok(await exchange.as(operator).set_settings({ ...settings, spread_ppm: 30_000n }));
    ok(await exchange.as(operator).set_tenor({ ...minuteTenor, volatility: { fixed: { sigma_ppm: 700_000n } } }));
    ok(await exchange.as(operator).pause_entry('Störung – wir prüfen 🔧'));
    ok(await exchange.as(operator).resume_entry());
    ok(await exchange.as(owner).grant_role(auditor, { auditor: null }));
    ok(await exchange.as(owner).revoke_role(auditor, { auditor: null }));
    ok(await exchange.as(owner).withdraw_treasury({ request_id: 'w', amount_sats: 5_000n, to }));
    const entries = await allRows<AuditEntry>((of) => exchange.as(operator).list_audit(of));
    expect(entries.map((entry) => entry.action)).toEqual([
      'grant_role',
      'grant_role',
      'fund_treasury',
      'set_settings',
      'set_tenor',
      'pause_entry',
      'resume_entry',
      'grant_role',
      'revoke_role',
      'withdraw_treasury'
    ]);
    expect(entries[3]).toMatchObject({ who: operator, before: expect.stringContaining('spread_ppm = 20_000') as string });
    expect(entries[3]?.after).toContain('spread_ppm = 30_000');
    expect(entries[5]).toMatchObject({ before: 'open', after: 'paused: Störung – wir prüfen 🔧' });
    let previous: Uint8Array = new Uint8Array();
    for (const [index, entry] of entries.entries()) {
      expect(entry.id).toBe(BigInt(index));
      expect(Buffer.from(entry.hash)).toEqual(chained(previous, entry));
      previous = entry.hash;
    }
  });

  test('has no entry for a refused change', async () => {
    const { settings } = await exchange.as().get_market();
    const before = (await allRows<AuditEntry>((of) => exchange.as().list_audit(of))).length;
    refusal(await exchange.as(operator).set_settings({ ...settings, spread_ppm: 1_000_001n }));
    refusal(await exchange.as(operator).set_tenor({ ...minuteTenor, schedule: { minutes: 0n } }));
    refusal(await exchange.as(operator).pause_entry(''));
    expect(await allRows<AuditEntry>((of) => exchange.as().list_audit(of))).toHaveLength(before);
  });
});

describe('settings and tenors', () => {
  test('change only within their bounds', async () => {
    const { settings } = await exchange.as().get_market();
    const wrong = {
      spread_ppm: 1_000_001n,
      max_skew_ppm: 2n ** 64n - 1n,
      max_dispersion_ppm: 0n,
      min_sources: 0n,
      premium_floor_ppm: 500_001n,
      min_share_ppm: 500_001n,
      min_premium_sats: 0n,
      min_payout_sats: 2_100_000_000_000_001n,
      max_position_payout_sats: 999n,
      min_deposit_sats: 0n,
      min_withdrawal_sats: 100_001n, // more would keep people's money in
      min_cycles: 2n ** 64n - 1n
    };
    const tooHigh = { min_deposit_sats: 100_001n, min_sources: 11n, min_withdrawal_sats: 2n ** 64n - 1n };
    for (const [field, value] of [...Object.entries(wrong), ...Object.entries(tooHigh)]) {
      const answer = await exchange.as(operator).set_settings({ ...settings, [field]: value });
      expect(Object.keys(refusal(answer).code ?? {}), field).toEqual(['invalid']);
    }
    expect((await exchange.as().get_market()).settings).toEqual(settings);
    ok(await exchange.as(operator).set_settings({ ...settings, max_jump_ppm: 1_000_000n }));
    expect((await exchange.as().get_market()).settings.max_jump_ppm).toBe(1_000_000n);
  });

  test('tenors are added, changed and disabled, never removed', async () => {
    const sigma = (sigma_ppm: bigint) => ({ volatility: { fixed: { sigma_ppm } } });
    const bad: [string, object][] = [
      ['name', { name: '' }],
      ['name', { name: 'x'.repeat(17) }],
      ['name', { name: 'a\u202eb' }],
      ['schedule', { schedule: { minutes: 0n } }],
      ['schedule', { schedule: { minutes: 43_201n } }],
      ['sigma_ppm', sigma(99_999n)],
      ['sigma_ppm', sigma(3_000_001n)],
      ['strike_grid_e8', { strike_grid_e8: 0n }],
      ['strike_grid_e8', { strike_grid_e8: 1_500_000n }],
      ['strike_grid_e8', { strike_grid_e8: 2n ** 64n - 1n }]
    ];
    for (const [field, changes] of bad) {
      expect(refusal(await exchange.as(operator).set_tenor({ ...minuteTenor, ...changes })).code).toEqual({ invalid: { field } });
    }
    ok(await exchange.as(operator).set_tenor({ ...minuteTenor, name: '15m', schedule: { minutes: 15n } }));
    ok(await exchange.as(operator).set_tenor({ ...minuteTenor, enabled: false }));
    const { tenors } = await exchange.as().get_market();
    expect(tenors.map(({ tenor }) => [tenor.name, tenor.enabled])).toEqual([
      ['1m', false],
      ['5m', true],
      ['15m', true],
      ['4h', true]
    ]);
  });

  test('a canister with a wrong tenor in its init argument is not installed', async () => {
    await expect(openExchange({ tenors: [{ ...minuteTenor, volatility: { fixed: { sigma_ppm: 1n } } }] })).rejects.toThrow(/volatility/u);
  });
});

describe('input that is no Candid of the interface', () => {
  const methods = ['place_order', 'deposit', 'withdraw', 'settle', 'set_settings', 'grant_role', 'settle_legacy', 'cancel_order'];
  const arguments_: [name: string, bytes: Uint8Array][] = [
    ['nothing', new Uint8Array()],
    ['noise', Uint8Array.from({ length: 64 }, (_, index) => (index * 37) % 256)],
    ['a header and no more', new TextEncoder().encode('DIDL')],
    ['another type', new Uint8Array(IDL.encode([IDL.Text], ['not that']))],
    ['a bomb', Uint8Array.from([0x44, 0x49, 0x44, 0x4c, 1, 0x6d, 0x7f, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f])]
  ];

  test.each(arguments_)('%s is rejected and changes nothing', async (_, arg) => {
    await exchange.deposit(alice, 100_000n);
    const before = ok(await exchange.as().get_overview());
    for (const method of methods) {
      const call = exchange.ic.update({ canisterId: exchange.id, method, arg, sender: alice });
      await expect(call, method).rejects.toBeInstanceOf(CanisterReject);
    }
    await exchange.checkBooks();
    expect(ok(await exchange.as().get_overview())).toEqual(before);
  });

  test('a method that does not exist is rejected', async () => {
    const call = exchange.ic.update({
      canisterId: exchange.id,
      method: 'print_money',
      arg: new Uint8Array(IDL.encode([], [])),
      sender: alice
    });
    // inspect_message, which knows no such method, is asked first.
    await expect(call).rejects.toMatchObject({ errorCode: 'IC0406' });
  });
});
