import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeCbor, type Encodable } from './encodeCbor.ts';
import { keyFrom, signed, startTarget, type Target } from './target.ts';

const MB = 1_048_576;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapMb(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MB;
}

describe('memory', () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });

  /** Refused requests, no two of them alike: other keys, other fields, other paths. */
  const refused = async (from: number, count: number): Promise<void> => {
    const id = target.canisterId.toText();
    for (let i = from; i < from + count; i++) {
      const unique = `field ${i} ${'x'.repeat(100)}`;
      const key = i % 20 === 0 ? keyFrom(unique) : target.user;
      const content = target.content('call').with(unique, BigInt(i));
      const wrong: [string, Encodable][] = [
        ['canister_id', new TextEncoder().encode(unique)],
        ['sender', new TextEncoder().encode(unique).slice(0, 29)],
        ['method_name', BigInt(i)],
        ['ingress_expiry', BigInt(i)]
      ];
      const [name, value] = wrong[i % wrong.length] ?? ['arg', null];
      await target.post(`/api/v2/canister/${id}/call`, encodeCbor(signed(content.with(name, value), key)));
      await target.post(`/api/v2/canister/${id}/${unique}`, new Uint8Array());
    }
  };

  it('is not kept for what was refused', async () => {
    await refused(0, 1_500);
    const before = heapMb();
    await refused(10_000, 5_000);
    expect(heapMb() - before).toBeLessThan(4);
    await target.expectHealthy();
  });

  it('is given back for what was answered, when nobody can ask for it any more', async () => {
    const id = target.canisterId.toText();
    const accepted = async (from: number, count: number): Promise<void> => {
      for (let i = from; i < from + count; i++) {
        const content = target.content('call').with('nonce', new TextEncoder().encode(`request ${i}`));
        expect(await target.post(`/api/v2/canister/${id}/call`, encodeCbor(signed(content, target.user)))).toBe(202);
      }
    };
    const forgotten = async (): Promise<number> => {
      await target.network.engine.advance(900_000_000_000n);
      // The next request finds out what can go.
      await target.expectHealthy();
      return heapMb();
    };
    await accepted(0, 300);
    const before = await forgotten();
    await accepted(1_000, 3_000);
    const full = heapMb();
    expect((await forgotten()) - before).toBeLessThan(Math.max(1.5, (full - before) / 3));
  });
});
