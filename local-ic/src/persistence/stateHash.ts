import { createHash } from 'node:crypto';
import { STABLE_CHUNK_BYTES } from '../canister/StableMemory.ts';
import type { InFlight } from '../engine/InFlight.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { canisterFacts, globalsOf, networkFacts } from './captureState.ts';
import { encodePlain } from './plainData.ts';

const NO_CHUNK = new Uint8Array(STABLE_CHUNK_BYTES);

/**
 * SHA-256 over all that a network's future depends on: its time, every canister with its settings, code, memories, globals and open calls, what is
 * under way, and the random tape. Two networks that did the same have the same hash.
 */
export function stateHash(subnet: Subnet, inFlight: InFlight): string {
  const hash = createHash('sha256');
  const { randomSeed, ...facts } = networkFacts(subnet, inFlight);
  hash.update(encodePlain({ ...facts, timeNs: subnet.clock.isVirtual ? subnet.clock.now() : undefined, randomSeed }));
  for (const canister of subnet.canisters.all()) {
    hash.update(encodePlain(canisterFacts(canister)));
    const { pages, chunks } = canister.stableMemory.committed;
    hash.update(`stable ${pages} `);
    chunks.forEach((chunk, index) => {
      // One that was written with nothing but zeros is the same as none.
      if (chunk !== undefined && Buffer.compare(chunk, NO_CHUNK) !== 0) hash.update(`${index}:`).update(chunk);
    });
    if (canister.runtime === undefined) continue;
    const { module, state } = canister.runtime.heap;
    hash
      .update(`code ${Buffer.from(module.hash).toString('hex')} ${globalsOf(canister.runtime).join()} ${state.bytes.length} `)
      .update(state.bytes);
  }
  return hash.digest('hex');
}
