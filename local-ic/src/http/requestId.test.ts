import { hashOfMap as agentHashOfMap } from '@dfinity/agent';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from './bytes.ts';
import type { CborValue } from './cbor.ts';
import { hashOfMap } from './requestId.ts';

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

describe('hashOfMap', () => {
  it('gives the request id of the example in the interface specification', () => {
    const content = new Map<string, CborValue>([
      ['request_type', 'call'],
      ['sender', Uint8Array.of(4)],
      ['ingress_expiry', 1_685_570_400_000_000_000n],
      ['canister_id', latin1('\x00\x00\x00\x00\x00\x00\x04\xd2')],
      ['method_name', 'hello'],
      ['arg', latin1('DIDL\x00\xfd*')]
    ]);
    expect(toHex(hashOfMap(content))).toBe('1d1091364d6bb8a6c16b203ee75467d59ead468f523eb058880ae8ec80e2b101');
  });

  it('leaves absent fields out and does not depend on the order', () => {
    const a = new Map<string, CborValue>([
      ['x', 1n],
      ['y', [Uint8Array.of(1), 'two']],
      ['z', undefined],
      ['w', null]
    ]);
    const b = new Map<string, CborValue>([
      ['y', [Uint8Array.of(1), 'two']],
      ['x', 1n]
    ]);
    expect(hashOfMap(a)).toEqual(hashOfMap(b));
  });

  it("agrees with the agent's", () => {
    const leaf = fc.oneof(fc.string(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.uint8Array());
    const value = fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string({ minLength: 1 }), leaf, { noNullPrototype: true }));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), value, { noNullPrototype: true }), (map) => {
        expect(toHex(hashOfMap(asMap(map)))).toBe(toHex(agentHashOfMap(map)));
      })
    );
  });
});

function asMap(object: object): Map<string, CborValue> {
  return new Map(
    Object.entries(object).map(([key, value]): [string, CborValue] => [key, isPlainObject(value) ? asMap(value) : (value as CborValue)])
  );
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
