import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchangeRateError, ledgerError } from '../src/index.ts';
import { EXCHANGE_RATE_VARIANTS } from '../src/faults/exchangeRateErrors.ts';
import { LEDGER_VARIANTS } from '../src/faults/ledgerErrors.ts';
import { startTroubled, type Troubled } from './support/faulty.ts';

/** What follows is each error as a Motoko canister reads it that declares the whole interface of the standards. */
let net: Troubled;
beforeAll(async () => {
  net = await startTroubled();
});
afterAll(() => net.ic.close());

type Method = 'transfer' | 'transferFrom' | 'approve';
const METHODS: Method[] = ['transfer', 'transferFrom', 'approve'];

async function answer(rule: Parameters<Troubled['ic']['faults']['add']>[0], method: Method | 'rate'): Promise<string> {
  const handle = net.ic.faults.add({ ...rule, match: { canisterId: net.calleeId.toText(), from: 'canister' } } as typeof rule);
  try {
    return (await net.actor[method]()).replace(/^#Err\(?|\)$/g, '');
  } finally {
    handle.remove();
  }
}

describe('a ledger', () => {
  const now = (): string => grouped(net.ic.now());
  it.each<[ReturnType<typeof ledgerError>, Method[], () => string]>([
    [ledgerError('BadFee', { expected_fee: 20n }), METHODS, () => '#BadFee({expected_fee = 20})'],
    [ledgerError('InsufficientFunds'), METHODS, () => '#InsufficientFunds({balance = 0})'],
    [ledgerError('InsufficientFunds', { balance: 2n ** 70n }), METHODS, () => `#InsufficientFunds({balance = ${grouped(2n ** 70n)}})`],
    [ledgerError('TooOld'), METHODS, () => '#TooOld'],
    [ledgerError('CreatedInFuture'), METHODS, () => `#CreatedInFuture({ledger_time = ${now()}})`],
    [ledgerError('CreatedInFuture', { ledger_time: 5n }), METHODS, () => '#CreatedInFuture({ledger_time = 5})'],
    [ledgerError('Duplicate', { duplicate_of: 7n }), METHODS, () => '#Duplicate({duplicate_of = 7})'],
    [ledgerError('TemporarilyUnavailable'), METHODS, () => '#TemporarilyUnavailable'],
    [ledgerError('GenericError', { error_code: 3n, message: 'why' }), METHODS, () => '#GenericError({error_code = 3; message = "why"})'],
    [ledgerError('BadBurn', { min_burn_amount: 9n }), ['transfer', 'transferFrom'], () => '#BadBurn({min_burn_amount = 9})'],
    [ledgerError('InsufficientAllowance', { allowance: 1n }), ['transferFrom'], () => '#InsufficientAllowance({allowance = 1})'],
    [ledgerError('AllowanceChanged', { current_allowance: 4n }), ['approve'], () => '#AllowanceChanged({current_allowance = 4})'],
    [ledgerError('Expired'), ['approve'], () => `#Expired({ledger_time = ${now()}})`]
  ])('answers %o where a method has it', async (rule, methods, told) => {
    for (const method of methods) expect(await answer(rule, method)).toBe(told());
    // A method without that error isn't concerned: the call is delivered, to a canister that has no such method.
    for (const method of METHODS.filter((one) => !methods.includes(one))) await expect(answer(rule, method)).rejects.toThrow('IC0536');
  });

  it('has every variant of the standards', async () => {
    for (const variant of LEDGER_VARIANTS) {
      const answers = await Promise.allSettled(METHODS.map((method) => answer(ledgerError(variant), method)));
      expect(answers.some((one) => one.status === 'fulfilled' && one.value.startsWith(`#${variant}`))).toBe(true);
    }
  });
});

describe('an exchange rate canister', () => {
  it('answers every error it has', async () => {
    for (const variant of EXCHANGE_RATE_VARIANTS.slice(0, -1)) expect(await answer(exchangeRateError(variant), 'rate')).toBe(`#${variant}`);
    const other = exchangeRateError('Other', { code: 1, description: 'in the future' });
    expect(await answer(other, 'rate')).toBe('#Other({code = 1; description = "in the future"})');
    expect(EXCHANGE_RATE_VARIANTS).toHaveLength(16);
  });
});

function grouped(value: bigint): string {
  return value.toLocaleString('en-US').replaceAll(',', '_');
}
