import { DelegationChain, DelegationIdentity } from '@dfinity/identity';
import type { FaultRule } from 'local-ic';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppConfig } from '../../src/lib/config/config';
import { AppError } from '../../src/lib/errors/AppError';
import { anonymous, type Identity } from '../../src/lib/ic/identity';
import { connect as connectTo, ending as endingOn, type Account } from './support/account.ts';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { identityOf } from './support/people.ts';

// Each line of docs/errors.md: the real thing happens on a network, and this is what a client makes of it.

const AMOUNT = 1_000n;
/** Well formed, and nobody's. */
const NOBODY = 'uf6dk-hyaaa-aaaaq-qaaaq-cai';
/** What a damaged answer may look like; the agent gives some accidents no name. */
const DAMAGE = ['answer_damaged', 'certificate_invalid', 'certificate_stale', 'unexpected'];

let network: Network;
let strangerId: string;
let emptyId: string;
let people = 0;

beforeAll(async () => {
  network = await startNetwork();
  strangerId = await network.deployStranger();
  emptyId = await network.createEmptyCanister();
  await network.pass(2 * MINUTE);
}, 300_000);
beforeEach(() => {
  // The agent says at length what it could not read or verify.
  for (const name of ['warn', 'error', 'group', 'groupEnd'] as const) vi.spyOn(console, name).mockReturnValue(undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await network.clearFaults();
  await network.setClock();
});
afterAll(() => network.close());

/** Somebody new each time. */
const connect = (canisters: Partial<AppConfig['canisters']> = {}, identity: Identity = identityOf(`person ${(people += 1)}`)): Account =>
  connectTo(network, identity, canisters);
const ending = <T>(account: Account, call: Promise<T>, hangs = false): Promise<T | AppError> => endingOn(network, account, call, hangs);

const known = (error: unknown): unknown => {
  expect(error).toBeInstanceOf(AppError);
  if (!(error instanceof AppError)) return undefined;
  const { kind, code, unclear, retryAfterMs } = error;
  return { kind, code, unclear, retryAfterMs };
};
const is = (kind: string, code: string, unclear: boolean, retryAfterMs?: number) => ({ kind, code, unclear, retryAfterMs });

/** An update that leaves a trace, the error it ends with, and whether it had an effect. */
async function mint(rule: FaultRule, hangs = false): Promise<{ error: unknown; executed: boolean }> {
  const account = connect();
  const { ledger, principal } = account.clients;
  // The agent knows the root key and the time: the fault is about the call itself.
  await ending(account, ledger.balanceOf(principal));
  await network.addFault(rule);
  const error = known(await ending(account, ledger.mintTestBitcoin(principal, AMOUNT), hangs));
  await network.clearFaults();
  await network.pass(SECOND);
  const balance = await ending(connect(), connect().clients.ledger.balanceOf(principal));
  return { error, executed: balance === AMOUNT };
}

const CALL = { endpoint: 'call' } as const;
const MINT = { method: 'mint_test_bitcoin' } as const;

describe('an update', () => {
  const lost = is('temporary', 'unreachable', true);
  const late = is('temporary', 'timeout', true);
  const damaged = is('temporary', 'answer_damaged', true);

  it.each<[string, FaultRule, ReturnType<typeof is>, boolean]>([
    // Transport
    ['whose connection is refused', { kind: 'offline', match: CALL }, lost, false],
    ['that is lost before it arrives', { kind: 'drop-request', match: CALL }, lost, false],
    ['whose answer is lost', { kind: 'drop-response', match: CALL }, lost, true],
    ['whose answer breaks off', { kind: 'truncate-body', match: CALL }, lost, true],
    ['whose answer is cut short', { kind: 'truncate-body', contentLength: 'actual', match: CALL }, damaged, true],
    ['whose answer is empty', { kind: 'truncate-body', contentLength: 'actual', keepBytes: 0, match: CALL }, damaged, true],
    // HTTP
    ['answered with 400', { kind: 'http-error', status: 400, match: CALL }, is('internal', 'bad_request', false), false],
    ['answered with 401', { kind: 'http-error', status: 401, match: CALL }, is('session', 'session_ended', false), false],
    ['answered with 403', { kind: 'http-error', status: 403, match: CALL }, is('internal', 'bad_request', false), false],
    ['answered with 404', { kind: 'http-error', status: 404, match: CALL }, is('internal', 'bad_request', false), false],
    ['answered with 408', { kind: 'http-error', status: 408, match: CALL }, late, false],
    ['answered with 413', { kind: 'http-error', status: 413, match: CALL }, is('request', 'too_large', false), false],
    ['answered with 429', { kind: 'http-error', status: 429, match: CALL }, is('temporary', 'rate_limited', false), false],
    [
      'answered with 429 and a wait',
      { kind: 'http-error', status: 429, retryAfterSeconds: 7, match: CALL },
      is('temporary', 'rate_limited', false, 7_000),
      false
    ],
    ['answered with 500', { kind: 'http-error', status: 500, match: CALL }, lost, false],
    ['answered with 502', { kind: 'http-error', status: 502, match: CALL }, lost, false],
    ['answered with 503', { kind: 'http-error', status: 503, match: CALL }, lost, false],
    ['answered with 503 although it ran', { kind: 'http-error', status: 503, executed: true, match: CALL }, lost, true],
    [
      'answered with 503 and a wait',
      { kind: 'http-error', status: 503, retryAfterSeconds: 9, match: CALL },
      is('temporary', 'unreachable', true, 9_000),
      false
    ],
    ['answered with 504', { kind: 'http-error', status: 504, match: CALL }, late, false],
    [
      'answered with 504 and a wait although it ran',
      { kind: 'http-error', status: 504, executed: true, retryAfterSeconds: 3, match: CALL },
      is('temporary', 'timeout', true, 3_000),
      true
    ],
    // Certificates
    ['whose certificate is forged', { kind: 'wrong-certificate', match: CALL }, is('internal', 'certificate_invalid', true), true],
    ['whose certificate is stale', { kind: 'stale-certificate', match: CALL }, is('temporary', 'certificate_stale', true), true],
    ['certified 10 minutes ago', { kind: 'clock-skew', skewMs: -600_000, match: CALL }, is('temporary', 'certificate_stale', true), true],
    ['certified in 10 minutes', { kind: 'clock-skew', skewMs: 600_000, match: CALL }, damaged, true],
    // What the network and the canister say
    ['when it has no cycles', { kind: 'out-of-cycles', match: MINT }, is('temporary', 'canister_out_of_cycles', false), false],
    ['that traps', { kind: 'canister-trap', match: MINT }, is('internal', 'canister_failed', true), false],
    ['that traps at its end', { kind: 'canister-trap', when: 'after', match: MINT }, is('internal', 'canister_failed', true), false],
    ...([1, 2, 3, 4, 5, 6] as const).map((code): [string, FaultRule, ReturnType<typeof is>, boolean] => [
      `rejected with code ${code}`,
      { kind: 'canister-reject', code, match: { ...MINT, from: 'ingress' } },
      {
        1: is('internal', 'canister_failed', true),
        2: is('temporary', 'canister_busy', true),
        3: is('internal', 'canister_missing', false),
        4: is('internal', 'canister_failed', true),
        5: is('internal', 'canister_failed', true),
        6: is('temporary', 'outcome_unknown', true)
      }[code],
      false
    ]),
    [
      'that ran although its outcome is unknown',
      { kind: 'canister-reject', executed: true, match: { ...MINT, from: 'ingress' } },
      is('temporary', 'outcome_unknown', true),
      true
    ],
    [
      'that takes too many instructions',
      { kind: 'canister-reject', errorCode: 'IC0522', match: MINT },
      is('internal', 'canister_failed', true),
      false
    ],
    [
      'that a Wasm trap ended',
      { kind: 'canister-reject', code: 5, errorCode: 'IC0502', match: MINT },
      is('internal', 'canister_failed', true),
      false
    ],
    [
      'whose answer has another type',
      { kind: 'canister-reply', reply: '4449444c00017d2a', executed: true, match: MINT },
      is('internal', 'candid_mismatch', true),
      true
    ]
  ])('%s', async (_, rule, expected, executed) => {
    expect(await mint(rule)).toEqual({ error: expected, executed });
  });

  it('that hangs on its way, or whose answer does, is given up', async () => {
    expect(await mint({ kind: 'drop-request', how: 'hang', match: CALL }, true)).toEqual({ error: late, executed: false });
    expect(await mint({ kind: 'drop-response', how: 'hang', match: CALL }, true)).toEqual({ error: late, executed: true });
  });

  it('answered with a wait until a date waits by the network’s clock', async () => {
    // A device whose clock is wrong by minutes, which the agent has measured.
    vi.setSystemTime(Date.now() - 10 * MINUTE);
    const account = connect();
    const { ledger, principal } = account.clients;
    await ending(account, ledger.mintTestBitcoin(principal, AMOUNT));
    await network.addFault({ kind: 'http-error', status: 503, retryAfterSeconds: 100, retryAfterAs: 'date', match: CALL });
    const error = await ending(account, ledger.mintTestBitcoin(principal, AMOUNT));
    expect(known(error)).toMatchObject({ code: 'unreachable' });
    if (!(error instanceof AppError)) throw error;
    expect(error.retryAfterMs).toBeGreaterThan(80_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(101_000);
  });

  it('that was accepted and never answered is given up after five minutes', async () => {
    const account = connect();
    const { ledger, principal } = account.clients;
    await network.addFault({ kind: 'silent-callee', match: MINT });
    // A network that knows only the older interface accepts at once and is asked for the answer.
    await network.addFault({ kind: 'http-error', status: 404, match: CALL, count: 1 });
    expect(known(await ending(account, ledger.mintTestBitcoin(principal, AMOUNT)))).toEqual(late);
  });

  it('whose answer the network no longer has', async () => {
    const account = connect();
    const { ledger, principal } = account.clients;
    await network.addFault({ kind: 'forget-answer', match: { endpoint: 'read_state' } });
    await network.addFault({ kind: 'http-error', status: 404, match: CALL, count: 1 });
    expect(known(await ending(account, ledger.mintTestBitcoin(principal, AMOUNT)))).toEqual(is('temporary', 'no_reply', true));
    expect(await ending(account, ledger.balanceOf(principal))).toBe(AMOUNT);
  });

  it('that nobody waits for any more', async () => {
    const account = connect();
    const { ledger, principal } = account.clients;
    await network.addFault({ kind: 'drop-response', how: 'hang', match: CALL });
    const call = ledger.mintTestBitcoin(principal, AMOUNT);
    await network.until(() => account.inFlight() > 0, 'the request');
    account.controller.abort();
    expect(known(await ending(account, call, true))).toEqual(is('temporary', 'aborted', true));
  });
});

describe('a query', () => {
  const QUERY = { endpoint: 'query' } as const;
  it.each<[string, FaultRule, ReturnType<typeof is>]>([
    ['whose connection is refused', { kind: 'offline', match: QUERY }, is('temporary', 'unreachable', false)],
    ['whose answer is lost', { kind: 'drop-response', match: QUERY }, is('temporary', 'unreachable', false)],
    ['whose answer breaks off', { kind: 'truncate-body', match: QUERY }, is('temporary', 'unreachable', false)],
    [
      'whose answer is cut short',
      { kind: 'truncate-body', contentLength: 'actual', match: QUERY },
      is('temporary', 'answer_damaged', false)
    ],
    [
      'whose answer is empty',
      { kind: 'truncate-body', contentLength: 'actual', keepBytes: 0, match: QUERY },
      is('temporary', 'answer_damaged', false)
    ],
    [
      'answered with 429 and a wait',
      { kind: 'http-error', status: 429, retryAfterSeconds: 7, match: QUERY },
      is('temporary', 'rate_limited', false, 7_000)
    ],
    ['answered with 503', { kind: 'http-error', status: 503, match: QUERY }, is('temporary', 'unreachable', false)],
    ['answered with 504', { kind: 'http-error', status: 504, match: QUERY }, is('temporary', 'timeout', false)],
    ['whose signature is forged', { kind: 'wrong-certificate', match: QUERY }, is('internal', 'certificate_invalid', false)],
    ['signed 10 minutes ago', { kind: 'clock-skew', skewMs: -600_000, match: QUERY }, is('temporary', 'certificate_stale', false)],
    [
      'while the nodes’ keys can’t be had',
      { kind: 'offline', match: { endpoint: 'read_state' } },
      is('temporary', 'node_keys_missing', false)
    ],
    [
      'while the nodes’ keys are forged',
      { kind: 'wrong-certificate', match: { endpoint: 'read_state' } },
      is('internal', 'certificate_invalid', false)
    ]
  ])('%s', async (_, rule, expected) => {
    const account = connect();
    await network.addFault(rule);
    expect(known(await ending(account, account.clients.options.getMarket()))).toEqual(expected);
  });

  it('that hangs is given up', async () => {
    const account = connect();
    await network.addFault({ kind: 'drop-request', how: 'hang', match: QUERY });
    expect(known(await ending(account, account.clients.options.getMarket(), true))).toEqual(is('temporary', 'timeout', false));
  });

  it('signed in the near future is taken', async () => {
    const account = connect();
    await network.addFault({ kind: 'clock-skew', skewMs: 60_000, match: QUERY });
    expect(await ending(account, account.clients.options.getMarket())).toHaveProperty('nowNs');
  });

  it('with a flipped bit is never taken for a true one, nor blamed on a version', async () => {
    const account = connect();
    const { ledger, principal } = account.clients;
    await ending(account, ledger.mintTestBitcoin(principal, AMOUNT));
    await network.addFault({ kind: 'corrupt-body', bytes: 1, match: QUERY });
    await network.addFault({ kind: 'corrupt-body', bytes: 1, match: CALL });
    for (let i = 0; i < 40; i += 1) {
      const read = await ending(account, ledger.balanceOf(principal));
      if (read instanceof AppError) expect(DAMAGE).toContain(read.code);
      else expect(read % AMOUNT).toBe(0n);
      const minted = await ending(account, ledger.mintTestBitcoin(principal, AMOUNT));
      if (minted instanceof AppError) {
        expect(DAMAGE).toContain(minted.code);
        expect(minted.unclear).toBe(true);
      }
    }
  }, 300_000);
});

describe('a canister', () => {
  it('that is stopped, or stopping', async () => {
    const account = connect();
    const { options, ledger, principal } = account.clients;
    await ending(account, ledger.mintTestBitcoin(principal, 100_000n));
    const spender = network.config.canisters.options;
    const approval = {
      spender,
      amountSats: 50_010n,
      expectedSats: 0n,
      expiresNs: account.clients.nowNs() + 600_000_000_000n,
      feeSats: 10n
    };
    await ending(account, ledger.approve(approval));
    // It waits for the ledger's answer, and as long as it does it can't stop.
    const held = await network.addFault({ kind: 'silent-callee', match: { method: 'icrc2_transfer_from' } });
    const depositing = ending(account, options.deposit('held back', 50_000n), true);
    while ((await held.fired()) === 0) await network.until(() => account.inFlight() > 0, 'the deposit');
    const stopped = network.stop('options');
    const other = connect();
    const refused = is('temporary', 'canister_stopped', false);
    const asks: (() => Promise<unknown>)[] = [() => other.clients.options.cancelOrder(1n), () => other.clients.options.getMarket()];
    for (const ask of asks) {
      expect(known(await ending(other, ask()))).toEqual(refused);
    }
    await network.clearFaults();
    await stopped;
    expect(await depositing).toMatchObject({ amountSats: 50_000n });
    for (const ask of asks) {
      expect(known(await ending(other, ask()))).toEqual(refused);
    }
    await network.start('options');
    expect(await ending(other, other.clients.options.getMarket())).toHaveProperty('nowNs');
  });

  it.each([
    ['without code', () => emptyId],
    ['that does not exist', () => NOBODY]
  ])('%s', async (_, id) => {
    const account = connect({ options: id() });
    expect(known(await ending(account, account.clients.options.getMarket()))).toEqual(is('internal', 'canister_missing', false));
    expect(known(await ending(account, account.clients.options.cancelOrder(1n)))).toEqual(is('internal', 'canister_missing', false));
  });

  it('that lets nobody in whom it does not know', async () => {
    const account = connect({}, anonymous);
    expect(known(await ending(account, account.clients.options.cancelOrder(1n)))).toEqual(is('internal', 'not_accepted', false));
  });

  it('that has become another one', async () => {
    const account = connect({ options: strangerId, ledger: strangerId });
    const { options, ledger, principal } = account.clients;
    const asked = async (call: Promise<unknown>): Promise<unknown> => known(await ending(account, call));
    expect(await asked(options.getMarket())).toEqual(is('internal', 'candid_mismatch', false));
    // It ran, whatever it was.
    expect(await asked(options.cancelOrder(1n))).toEqual(is('internal', 'candid_mismatch', true));
    expect(await asked(options.getReserves())).toEqual(is('internal', 'method_missing', false));
    expect(await asked(options.resumeEntry())).toEqual(is('internal', 'method_missing', false));
    expect(await asked(options.getAccount())).toEqual(is('internal', 'canister_failed', false));
    expect(await asked(options.settle(1n))).toEqual(is('internal', 'canister_failed', true));
    expect(await asked(ledger.mintTestBitcoin(principal, AMOUNT))).toEqual(is('internal', 'method_missing', false));
    expect(await ending(account, ledger.fee())).toBe(1n);
  });

  it('that refuses says why, and when to come again', async () => {
    const account = connect();
    const { options, ledger, legacy, principal } = account.clients;
    expect(known(await ending(account, options.getPosition(999n)))).toEqual(is('request', 'not_found', false));
    expect(known(await ending(account, options.cancelOrder(999n)))).toEqual(is('request', 'not_found', false));
    expect(known(await ending(account, options.deposit('nothing approved', 50_000n)))).toMatchObject({ kind: 'request', unclear: false });
    const approval = {
      spender: network.config.canisters.options,
      amountSats: 1n,
      expectedSats: 7n,
      expiresNs: account.clients.nowNs() + 60_000_000_000n,
      feeSats: 10n
    };
    await ending(account, ledger.mintTestBitcoin(principal, AMOUNT));
    expect(known(await ending(account, ledger.approve(approval)))).toEqual(is('temporary', 'allowance_changed', false));
    await network.addFault({ kind: 'ledger-error', variant: 'TemporarilyUnavailable' });
    expect(known(await ending(account, ledger.approve(approval)))).toEqual(is('temporary', 'ledger_busy', false));
    if (legacy === undefined) throw new Error('this network has a legacy platform');
    expect(known(await ending(account, legacy.getPosition(999n)))).toEqual(is('request', 'legacy_not_found', false));
    await network.stop('exchange_rate');
    await network.pass(6 * MINUTE);
    const order = {
      clientOrderId: 'stale',
      instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n },
      tenor: '1m',
      strike: { kind: 'offset', offsetE8: 0n },
      maxPremiumSats: 90_000n,
      maxPayoutSats: undefined
    } as const;
    const stale = await ending(account, options.placeOrder(order));
    expect(known(stale)).toMatchObject({ kind: 'temporary', code: 'price_stale', unclear: false });
    expect(stale).toHaveProperty('retryAfterMs', expect.any(Number));
    await network.start('exchange_rate');
  });
});

describe('a session', () => {
  it('whose delegation has run out', async () => {
    const key = identityOf('a browser');
    const chain = await DelegationChain.create(identityOf('a person'), key.getPublicKey(), new Date(Date.now() + MINUTE));
    const account = connect({}, DelegationIdentity.fromDelegation(key, chain));
    const { options } = account.clients;
    expect(await ending(account, options.getAccount())).toHaveProperty('owner');
    await network.pass(2 * MINUTE);
    const ended = is('session', 'session_ended', false);
    expect(known(await ending(account, options.getAccount()))).toEqual(ended);
    expect(known(await ending(account, options.cancelOrder(1n)))).toEqual(ended);
  });
});

describe('a clock', () => {
  it.each([-10 * MINUTE, 10 * MINUTE])('that is wrong by %d ms from the start is measured, and nothing fails', async (skewMs) => {
    vi.setSystemTime(Date.now() + skewMs);
    const account = connect();
    const { ledger, principal } = account.clients;
    expect(await ending(account, ledger.mintTestBitcoin(principal, AMOUNT))).toBeUndefined();
    expect(await ending(account, ledger.balanceOf(principal))).toBe(AMOUNT);
  });

  it.each([-10 * MINUTE, 10 * MINUTE])('that jumps by %d ms later is measured again', async (skewMs) => {
    const account = connect();
    const { ledger, principal } = account.clients;
    await ending(account, ledger.balanceOf(principal));
    vi.setSystemTime(Date.now() + skewMs);
    expect(await ending(account, ledger.mintTestBitcoin(principal, AMOUNT))).toBeUndefined();
    expect(await ending(account, ledger.balanceOf(principal))).toBe(AMOUNT);
  });

  it.each([-10 * MINUTE, 10 * MINUTE])(
    'that jumps by %d ms while the network’s can’t be measured has the expiry refused, and nothing runs',
    async (skewMs) => {
      vi.setSystemTime(Date.now() - skewMs);
      const account = connect();
      const { ledger, principal } = account.clients;
      await ending(account, ledger.mintTestBitcoin(principal, AMOUNT));
      await network.setClock();
      await network.addFault({ kind: 'offline', match: { endpoint: 'read_state' } });
      expect(known(await ending(account, ledger.mintTestBitcoin(principal, AMOUNT)))).toEqual(is('temporary', 'clock_mismatch', false));
      await network.clearFaults();
      expect(await ending(account, ledger.balanceOf(principal))).toBe(AMOUNT);
    }
  );

  it('that is wrong from the start and can’t be measured is not measured for ever', async () => {
    vi.setSystemTime(Date.now() - 10 * MINUTE);
    const account = connect();
    const { ledger, principal } = account.clients;
    await network.addFault({ kind: 'offline', match: { endpoint: 'read_state' } });
    expect(known(await ending(account, ledger.mintTestBitcoin(principal, AMOUNT)))).toEqual(is('temporary', 'clock_mismatch', true));
  });
});
