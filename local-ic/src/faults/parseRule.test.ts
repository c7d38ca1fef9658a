import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FaultRuleError, parseRule } from './parseRule.ts';
import { VOCABULARY } from './vocabulary.ts';

describe('parseRule', () => {
  it.each([
    [{ kind: 'offline' }],
    [{ kind: 'drop-response', how: 'hang', match: { endpoint: 'call', method: 'transfer' }, probability: 0.25, count: 3, after: 1 }],
    [{ kind: 'delay', ms: 0, jitterMs: 10, on: 'response' }],
    [{ kind: 'http-error', status: 429, retryAfterSeconds: 2, retryAfterAs: 'date', executed: true }],
    [{ kind: 'clock-skew', skewMs: -60_000, match: { canisterId: 'aaaaa-aa' } }],
    [{ kind: 'canister-trap', when: 'after', message: 'why', match: { method: 'transfer', from: 'ingress' }, after: 2 }],
    [{ kind: 'canister-reject', code: 6, executed: true }],
    [{ kind: 'canister-reply', reply: '4449444c0000' }],
    [{ kind: 'ledger-error', variant: 'GenericError', value: '3', message: 'why' }],
    [{ kind: 'exchange-rate-error', variant: 'Other', code: 1, description: 'why' }]
  ])('takes %o, as a copy', (rule) => {
    const parsed = parseRule(rule);
    expect(parsed).toEqual(rule);
    expect(parsed).not.toBe(rule);
    expect(Object.isFrozen(parsed)).toBe(true);
  });

  it('keeps bytes and big numbers as texts', () => {
    expect(parseRule({ kind: 'canister-reply', reply: Uint8Array.of(0x44, 0xff) })).toEqual({ kind: 'canister-reply', reply: '44ff' });
    expect(parseRule({ kind: 'slow-callee', ns: 2n ** 60n })).toMatchObject({ ns: '1152921504606846976' });
  });

  it.each([
    [undefined, 'A rule must be an object'],
    [[], 'A rule must be an object'],
    [{}, 'There is no fault undefined; there are drop-request, drop-response'],
    [{ kind: 'explode' }, 'There is no fault "explode"'],
    [{ kind: 'delay' }, 'delay needs "ms"'],
    [{ kind: 'delay', ms: '5' }, '"ms" must be a whole number from 0 to 600000, not "5"'],
    [{ kind: 'delay', ms: 1.5 }, '"ms" must be a whole number'],
    [{ kind: 'delay', ms: -1 }, '"ms" must be a whole number'],
    [{ kind: 'delay', ms: 1, on: 'both' }, '"on" must be one of request, response, not "both"'],
    [{ kind: 'delay', ms: 1, status: 503 }, 'delay takes no "status"'],
    [{ kind: 'http-error', status: 200 }, '"status" must be a whole number from 400 to 599, not 200'],
    [{ kind: 'http-error', status: 503, executed: 'yes' }, '"executed" must be true or false, not "yes"'],
    [{ kind: 'offline', probability: 1.1 }, '"probability" must be a number from 0 to 1, not 1.1'],
    [{ kind: 'offline', count: 0 }, '"count" must be a whole number from 1'],
    [{ kind: 'offline', match: 'call' }, '"match" must be an object'],
    [{ kind: 'offline', match: { endpoint: 'upload' } }, 'There is no endpoint "upload"; there are call, query, read_state, status'],
    [{ kind: 'offline', match: { canisterId: 'x' } }, '"match.canisterId" must be a canister id as text, not "x"'],
    [{ kind: 'offline', match: { method: 'transfer' } }, "offline can't match a method"],
    [{ kind: 'delay', ms: 1, match: { method: 1 } }, '"match.method" must be a text'],
    [{ kind: 'delay', ms: 1, match: { sender: 'x' } }, '"match" takes no "sender"'],
    [
      { kind: 'delay', ms: 1, match: { from: 'timer' } },
      'delay is about requests to the network: "match" takes "endpoint" instead of "from"'
    ],
    [{ kind: 'canister-trap', match: { endpoint: 'call' } }, '"match" takes "from" instead of "endpoint"'],
    [
      { kind: 'canister-trap', match: { from: 'me' } },
      'There is no source "match.from" "me"; there are ingress, canister, timer, heartbeat'
    ],
    [{ kind: 'canister-trap', message: 5 }, '"message" must be a text of at most 4096 characters, not 5'],
    [{ kind: 'canister-reply' }, 'canister-reply needs "reply"'],
    [{ kind: 'canister-reply', reply: 'xyz' }, '"reply" must be bytes, or hexadecimal digits'],
    [{ kind: 'slow-callee', ns: -1n }, '"ns" must be a natural number, not -1'],
    [{ kind: 'slow-callee', ns: 0.5 }, '"ns" must be a natural number, not 0.5'],
    [{ kind: 'canister-reject', code: 7 }, '"code" must be a whole number from 1 to 6, not 7'],
    [{ kind: 'canister-reject', errorCode: '503' }, '"errorCode" must be a code of the network from IC0100 to IC0699, not "503"'],
    [{ kind: 'canister-reject', code: 2, errorCode: 'IC0503' }, 'Error code IC0503 belongs to reject code 5, not 2'],
    [{ kind: 'canister-reject', code: 2, executed: true }, 'Reject code 2 tells the caller that nothing was executed'],
    [{ kind: 'canister-reject', errorCode: 'IC0301', executed: true }, 'with "executed" it must be 4, 5 or 6'],
    [{ kind: 'canister-upgrade', on: 'message', await: 1 }, '"await" goes with "on": "answer"'],
    [{ kind: 'ledger-error' }, 'ledger-error needs "variant"'],
    [{ kind: 'ledger-error', variant: 'Closed' }, '"variant" must be one of BadFee, BadBurn'],
    [{ kind: 'ledger-error', variant: 'TooOld', value: 1n }, 'TooOld carries no "value"'],
    [{ kind: 'ledger-error', variant: 'BadFee', message: 'x' }, 'BadFee carries no "message"'],
    [{ kind: 'exchange-rate-error', variant: 'Pending', code: 1 }, 'Only Other carries "code" and "description", not Pending']
  ])('refuses %o: %s', (rule, message) => {
    expect(() => parseRule(rule)).toThrow(FaultRuleError);
    expect(() => parseRule(rule)).toThrow(message);
  });
});

describe('the vocabulary', () => {
  it('is in its page, word by word', async () => {
    const page = await readFile(new URL('../../docs/faults.md', import.meta.url), 'utf8');
    for (const { kind, parameters } of VOCABULARY) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${kind}\``));
      expect(row, `a row for ${kind}`).toBeDefined();
      for (const { name } of parameters) expect(row).toContain(`\`${name}`);
    }
  });
});
