import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from './redact';

const PRINCIPAL = 'un4fu-tqaaa-aaaab-qadjq-cai-72xqp-3l5te-zoqkp-26mwd-4p6dt-dqe';

describe('what is written down', () => {
  it('keeps names, codes, durations and flags', () => {
    const fields = { canister: 'options', method: 'icrc1_balance_of', call: 'query', outcome: 'canister_stopped', ms: 120, unclear: true };
    expect(redact(fields)).toEqual(fields);
    expect(redact({ requestId: '0a'.repeat(32), retryAfterMs: 7_000, ms: undefined })).toEqual({
      requestId: '0a'.repeat(32),
      retryAfterMs: 7_000
    });
  });

  it('shortens principals and accounts', () => {
    expect(redact({ principal: PRINCIPAL })).toEqual({ principal: 'un4fu-…' });
    expect(redact({ principal: `${PRINCIPAL}-haltbma.102030405` })).toEqual({ principal: 'un4fu-…' });
    // What is no principal may be anything.
    expect(redact({ principal: 'my secret' })).toEqual({ principal: '[redacted]' });
  });

  it('hides what stands in a wrong field', () => {
    expect(redact({ outcome: PRINCIPAL, method: 'I typed this', ms: '5', unclear: 'yes', kind: 5n })).toEqual({
      outcome: '[redacted]',
      method: '[redacted]',
      ms: '[redacted]',
      unclear: '[redacted]',
      kind: '[redacted]'
    });
    expect(redact({ place: 'https://example.com/?to=somebody:1:2' })).toEqual({ place: '[redacted]' });
    expect(redact({ place: '/_app/immutable/chunks/x-9.js:1:2345' })).toEqual({ place: '/_app/immutable/chunks/x-9.js:1:2345' });
  });

  it('hides every value of a field it doesn’t know', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('amountSats', 'balance', 'to', 'reason', 'message', 'cause', 'toString', '__proto__x', 'hasOwnProperty'),
        fc.anything().filter((value) => value !== undefined),
        (name, value) => {
          expect(Object.values(redact({ [name]: value }))).toEqual(['[redacted]']);
        }
      )
    );
  });
});
