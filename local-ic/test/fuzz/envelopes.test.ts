import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCbor } from '../../src/http/cbor.ts';
import { encodeCbor, Pairs, Raw, type Encodable } from './encodeCbor.ts';
import { damaged, hostileValue, runs } from './hostile.ts';
import { delegation, keyFrom, signed, startTarget, type Key, type RequestType, type Target } from './target.ts';

const CONTENT_FIELDS = [
  'request_type',
  'sender',
  'ingress_expiry',
  'canister_id',
  'method_name',
  'arg',
  'nonce',
  'paths',
  'sender_info',
  'x'
];
const ENVELOPE_FIELDS = ['content', 'sender_pubkey', 'sender_sig', 'sender_delegation', 'x'];

/** A field's new value; undefined leaves it out. */
const change = (fields: string[]): fc.Arbitrary<[string, Encodable]> =>
  fc.tuple(fc.constantFrom(...fields), fc.oneof({ weight: 6, arbitrary: hostileValue }, { weight: 1, arbitrary: fc.constant(undefined) }));

/** Whether CBOR of this value reads as an absent field, or an empty list. */
const isNone = (value: Encodable): boolean => {
  const read = value instanceof Raw ? decoded(value.bytes) : value;
  return read === undefined || read === null || (Array.isArray(read) && read.length === 0);
};
const decoded = (bytes: Uint8Array): unknown => {
  try {
    return decodeCbor(bytes);
  } catch {
    return 'not CBOR';
  }
};

describe('envelopes with something wrong in them', () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });
  const at = (operation: string, id = target.canisterId.toText(), version = 'v2'): string => `/api/${version}/canister/${id}/${operation}`;
  const types: RequestType[] = ['call', 'query', 'read_state'];
  const apply = (pairs: Pairs, changes: [string, Encodable][]): Pairs =>
    changes.reduce((all, [name, value]) => all.with(name, value), pairs);

  it.each(types)('are answered precisely: fields of a %s of another kind, then signed', async (type) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(change(CONTENT_FIELDS), { minLength: 1, maxLength: 2, selector: ([name]) => name }),
        async (changes) => {
          const content = apply(target.content(type), changes);
          await target.post(at(type), encodeCbor(signed(content, target.user)));
          // Anonymous as well: then nothing stands between the fields and what reads them.
          await target.post(at(type), encodeCbor(new Pairs([['content', content.with('sender', Uint8Array.of(4))]])));
        }
      ),
      runs(1_500)
    );
    await target.expectHealthy();
  });

  it.each(types)('are refused: keys, signatures and delegations of a %s of another kind', async (type) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(change(ENVELOPE_FIELDS), { minLength: 1, maxLength: 2, selector: ([name]) => name }),
        async (changes) => {
          const status = await target.post(at(type), encodeCbor(apply(signed(target.content(type), target.user), changes)));
          // Every one of these fields decides who the sender is; only a field nobody knows, or no delegations, changes nothing.
          const ignored = changes.every(([name, value]) => name === 'x' || (name === 'sender_delegation' && isNone(value)));
          if (!ignored) expect([400, 403]).toContain(status);
        }
      ),
      runs(1_000)
    );
    await target.expectHealthy();
  });

  it('are answered by their expiry: from long ago to the end of time', async () => {
    const now = target.network.engine.now();
    const expiries = fc.oneof(
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n + 5n }),
      fc.bigInt({ min: now - 10n ** 9n, max: now + 400n * 10n ** 9n })
    );
    await fc.assert(
      fc.asyncProperty(expiries, fc.constantFrom(...types), async (expiry, type) => {
        const encodable = expiry < 2n ** 64n ? expiry : 2n ** 64n - 1n;
        const status = await target.post(at(type), encodeCbor(signed(target.content(type).with('ingress_expiry', encodable), target.user)));
        if (encodable < now || encodable > now + 330n * 10n ** 9n) expect(status).toBe(400);
        else expect([200, 202]).toContain(status);
      }),
      runs(1_000)
    );
    await target.expectHealthy();
  });

  it('are refused with a chain of delegations that is not one', async () => {
    const keys = Array.from({ length: 25 }, (_, i) => keyFrom(`link ${i}`));
    const link = fc.record({
      from: fc.nat(keys.length - 1),
      to: fc.nat(keys.length - 1),
      change: fc.option(change(['pubkey', 'expiration', 'targets', 'x'])),
      targets: fc.option(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 3 }))
    });
    const outcomes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.array(link, { maxLength: 24 }), fc.boolean(), fc.constantFrom(...types), async (links, linked, type) => {
        let last: Key = target.user;
        const chain = links.map(({ from, to, change: wrong, targets }, i) => {
          // Mostly chains that hang together, so that more than the first link is looked at.
          const signer = linked ? last : (keys[from] ?? last);
          last = (linked ? keys[i] : keys[to]) ?? last;
          return delegation(signer, last, (fields) =>
            apply(targets === null ? fields : fields.with('targets', targets), wrong === null ? [] : [wrong])
          );
        });
        const envelope = signed(target.content(type), last, target.user).with('sender_delegation', chain);
        outcomes.add(await target.post(at(type), encodeCbor(envelope)));
      }),
      runs(800)
    );
    expect(outcomes).toContain(403);
    expect(outcomes).toContain(400);
    await target.expectHealthy();
  });

  it('take a chain of twenty delegations and refuse the twenty-first', async () => {
    const keys = Array.from({ length: 21 }, (_, i) => keyFrom(`chain ${i}`));
    const chainOf = (length: number): [Key, Pairs[]] => {
      let last = target.user;
      const chain = keys.slice(0, length).map((key) => {
        const one = delegation(last, key);
        last = key;
        return one;
      });
      return [last, chain];
    };
    const send = (length: number): Promise<number> => {
      const [last, chain] = chainOf(length);
      return target.post(at('query'), encodeCbor(signed(target.content('query'), last, target.user).with('sender_delegation', chain)));
    };
    expect(await send(20)).toBe(200);
    expect(await send(21)).toBe(403);
  });

  it('are answered precisely: paths of any number, depth and length', async () => {
    const id = target.canisterId.toUint8Array();
    const label = fc.oneof(
      fc
        .constantFrom('time', 'canister', 'subnet', 'request_status', 'metadata', 'certified_data', 'controllers', 'status', 'node')
        .map((text) => new TextEncoder().encode(text)),
      fc.constant(id),
      fc.constant(target.subnetId.toUint8Array()),
      fc.constantFrom(0, 29, 30, 31, 32, 33, 200).map((length) => new Uint8Array(length)),
      fc.uint8Array({ maxLength: 33 })
    );
    const paths = fc.oneof(
      fc.array(fc.array(label, { maxLength: 6 }), { maxLength: 5 }),
      fc
        .tuple(fc.array(label, { maxLength: 4 }), fc.constantFrom(1, 999, 1_000, 1_001))
        .map(([path, count]) => Array.from({ length: count }, () => path)),
      fc.tuple(label, fc.constantFrom(126, 127, 128, 5_000)).map(([one, count]) => [Array.from({ length: count }, () => one)])
    );
    const where = fc.constantFrom(
      at('read_state'),
      at('read_state', undefined, 'v3'),
      `/api/v2/subnet/${target.subnetId.toText()}/read_state`
    );
    const outcomes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(paths, where, async (wanted, path) => {
        outcomes.add(await target.post(path, encodeCbor(signed(target.content('read_state').with('paths', wanted), target.user))));
      }),
      runs(1_200)
    );
    expect(outcomes).toEqual(new Set([200, 400, 403, 404].filter((status) => outcomes.has(status))));
    expect(outcomes.has(200) && outcomes.has(400) && outcomes.has(404)).toBe(true);
    await target.expectHealthy();
  });

  it('are answered precisely: a thousand paths of 127 labels', async () => {
    const path = Array.from({ length: 127 }, (_, i) => Uint8Array.of(i));
    const content = target.content('read_state').with(
      'paths',
      Array.from({ length: 1_000 }, () => path)
    );
    expect(await target.post(at('read_state'), encodeCbor(signed(content, target.user)))).toBe(404);
  });

  it('reach a canister, which answers any argument', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged(Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 1, 0x6c, 0, 1, 0)), fc.uint8Array()), async (arg) => {
        const call = target.content('call').with('method_name', 'greet').with('arg', arg);
        expect(await target.post(at('call', undefined, 'v3'), encodeCbor(signed(call, target.user)))).toBe(200);
      }),
      runs(500)
    );
    await target.expectHealthy();
  });
});
