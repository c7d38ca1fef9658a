import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FaultRuleError, parseRule } from './parseRule.ts';
import { VOCABULARY } from './vocabulary.ts';

describe('parseRule', () => {
  it.each([
    [{ kind: 'offline' }],
    [{ kind: 'drop-response', how: 'hang', match: { endpoint: 'call', method: 'transfer' }, probability: 0.25, count: 3, after: 1 }],
    [{ kind: 'delay', ms: 0, jitterMs: 10, on: 'response' }],
    [{ kind: 'http-error', status: 429, retryAfterSeconds: 2, executed: true }],
    [{ kind: 'clock-skew', skewMs: -60_000, match: { canisterId: 'aaaaa-aa' } }]
  ])('takes %o, as a copy', (rule) => {
    const parsed = parseRule(rule);
    expect(parsed).toEqual(rule);
    expect(parsed).not.toBe(rule);
    expect(Object.isFrozen(parsed)).toBe(true);
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
    [{ kind: 'delay', ms: 1, match: { sender: 'x' } }, '"match" takes no "sender"']
  ])('refuses %o: %s', (rule, message) => {
    expect(() => parseRule(rule)).toThrow(FaultRuleError);
    expect(() => parseRule(rule)).toThrow(message);
  });
});

describe('the vocabulary', () => {
  it('is in the README, word by word', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    for (const { kind, parameters } of VOCABULARY) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${kind}\``));
      expect(row, `a row for ${kind}`).toBeDefined();
      for (const { name } of parameters) expect(row).toContain(`\`${name}`);
    }
  });
});
