import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LogEvent } from '../../src/lib/log/log';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { person, watch, type Person } from './support/people.ts';

let network: Network;
const people: Person[] = [];

function open(name: string): Person {
  const opened = person(network.config, name);
  people.push(opened);
  return opened;
}

const idOf = (events: readonly LogEvent[], action: string): string => {
  const ids = events.filter(({ event, fields }) => event === 'action.begun' && fields['action'] === action).map((one) => one.correlationId);
  expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/u)]);
  return ids[0] ?? '';
};
/** What an action led to: "action.begun", "icrc2_approve ok" ... */
const story = (events: readonly LogEvent[], action: string): string[] => {
  const id = idOf(events, action);
  return events
    .filter(({ correlationId }) => correlationId === id)
    .map(({ event, fields }) => (event === 'call' ? `${String(fields['method'])} ${String(fields['outcome'])}` : event));
};

beforeAll(async () => {
  network = await startNetwork();
  await network.pass(2 * MINUTE);
}, 300_000);
afterEach(() => network.clearFaults());
afterAll(async () => {
  for (const { services } of people) services.cleanup();
  await network.close();
});

describe('one id', () => {
  it('leads from an action to each call it made, and from no other', async () => {
    const { services, log } = open('alice');
    await services.getTestBitcoin(1_000_000n);
    // Two at once: a deposit and something that fails.
    const [, refused] = await Promise.all([
      services.deposit(randomUUID(), 500_000n),
      services.cancelOrder(999n).catch((error: unknown) => error)
    ]);
    expect(refused).toMatchObject({ code: 'not_found' });
    const events = log.events();
    expect(story(events, 'getTestBitcoin')).toEqual(['action.begun', 'mint_test_bitcoin ok', 'action.done']);
    expect(story(events, 'cancelOrder')).toEqual(['action.begun', 'cancel_order refused', 'action.failed']);
    expect(story(events, 'deposit').toSorted()).toEqual(
      [
        'action.begun',
        'get_deposit refused',
        'icrc1_fee ok',
        'icrc1_balance_of ok',
        'icrc2_allowance ok',
        'icrc2_approve ok',
        'deposit ok',
        'action.done'
      ].toSorted()
    );
    const ids = ['getTestBitcoin', 'cancelOrder', 'deposit'].map((action) => idOf(events, action));
    expect(new Set(ids).size).toBe(3);
  });

  it('shows how an unclear call was read back', async () => {
    const { services, log } = open('bob');
    await services.getTestBitcoin(1_000_000n);
    await network.addFault({ kind: 'drop-response', match: { endpoint: 'call', method: 'deposit' } });
    let done = false;
    const depositing = services.deposit(randomUUID(), 500_000n).finally(() => (done = true));
    while (!done) await network.pass(SECOND);
    await depositing;
    expect(story(log.events(), 'deposit').slice(-3)).toEqual(['deposit unreachable', 'get_deposit ok', 'action.done']);
    const lost = log.events().find(({ fields }) => fields['outcome'] === 'unreachable');
    expect(lost).toMatchObject({ level: 'warn', fields: { canister: 'options', call: 'update', kind: 'temporary', unclear: true } });
    expect(lost?.fields['requestId']).toMatch(/^[0-9a-f]{64}$/u);
    expect(lost?.fields['ms']).toEqual(expect.any(Number));
  });

  it('is with what the page does by itself: a settlement that is taken up again', async () => {
    const { services, log, wire, principal } = open('erin');
    await network.openLegacyAccount(principal, 0.01);
    const id = await network.placeLegacyTrade(principal, 'call', '5s', 1n);
    await network.pass(3 * MINUTE);
    let done = false;
    wire.down = true;
    const settling = services
      .settleLegacy(id)
      .catch((error: unknown) => error)
      .finally(() => (done = true));
    while (!done) await network.pass(5 * SECOND);
    expect(await settling).toMatchObject({ kind: 'temporary' });
    wire.down = false;
    await network.pass(2 * MINUTE);
    const events = log.events();
    const last = events.findLast(({ event, fields }) => event === 'action.begun' && fields['action'] === 'resumeSettlement');
    const told = events.filter(({ correlationId }) => correlationId !== undefined && correlationId === last?.correlationId);
    expect(
      told.map(({ event, fields }) => (event === 'call' ? `${String(fields['method'])} ${String(fields['outcome'])}` : event))
    ).toEqual(['action.begun', 'get_position ok', 'get_market ok', 'settle_legacy ok', 'action.done']);
    expect(last?.correlationId).not.toBe(idOf(events, 'settleLegacy'));
  });

  it('is with a quote, as a detail: they are asked for with every key that is pressed', async () => {
    const { services, log } = open('fred');
    const request = {
      instrument: { kind: 'digital', direction: 'call', payoutSats: 20_000n },
      tenor: '1m',
      strike: { kind: 'offset', offsetE8: 0n }
    } as const;
    await services.quote(request);
    const nobodyWaits = AbortSignal.abort();
    await expect(services.quote(request, nobodyWaits)).rejects.toMatchObject({ code: 'aborted' });
    const events = log.events().filter(({ event, fields }) => event.startsWith('action') || fields['method'] === 'quote');
    expect(events.map(({ event, level, fields }) => `${level} ${event} ${String(fields['outcome'] ?? '')}`)).toEqual([
      'debug action.begun ',
      'info call ok',
      'debug action.done ',
      'debug action.begun ',
      'debug action.failed aborted'
    ]);
    expect(new Set(events.slice(0, 3).map(({ correlationId }) => correlationId)).size).toBe(1);
  });

  it('is with an action that never got to a canister', async () => {
    const { services, log, session } = open('carol');
    session.become(undefined);
    await expect(services.settle(1n)).rejects.toMatchObject({ code: 'anonymous' });
    expect(story(log.events(), 'settle')).toEqual(['action.begun', 'action.failed']);
  });
});

describe('the log of a page that is only open', () => {
  it('holds its calls as details and its failures as warnings, and neither amounts nor whole principals', async () => {
    const said = (['log', 'info', 'debug', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    const { services, log, principal } = open('dora');
    const balance = watch(services.balance);
    await network.until(() => balance.shown.phase === 'live', 'the balance');
    expect(log.events().filter(({ fields }) => fields['method'] === 'get_account')).toEqual([
      expect.objectContaining({ level: 'debug', correlationId: undefined })
    ]);
    await network.stop('options');
    await network.pass(40 * SECOND);
    await network.start('options');
    const failed = log.events().find(({ fields }) => fields['outcome'] === 'canister_stopped');
    expect(failed).toMatchObject({ level: 'warn', event: 'call', fields: { canister: 'options', call: 'query', unclear: false } });
    const everything = log.events().flatMap(({ fields }) => Object.values(fields).map(String));
    expect(everything.some((value) => value.includes(principal))).toBe(false);
    expect(everything).not.toContain('[redacted]');
    expect(said.flatMap((spy) => spy.mock.calls)).toEqual([]);
    for (const spy of said) spy.mockRestore();
  });
});
