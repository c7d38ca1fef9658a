import fc from 'fast-check';
import type { Principal } from '@dfinity/principal';
import { beforeAll, describe, expect, it } from 'vitest';
import { CanisterReject } from '../../src/engine/CanisterReject.ts';
import { counter, type Counter } from '../support/interfaces.ts';
import { ADMIN, fixtureWasm, initArgument, startNetwork, type TestNetwork } from '../support/network.ts';
import { runs } from './hostile.ts';
import { judgeResult } from './target.ts';

const CODE_SECTION = 10;
const METHODS = ['increment', 'get', 'grow', 'growAndTrap', 'ballastSize'];

describe('compiled Motoko with damage in it', () => {
  let network: TestNetwork;
  let wasm: Uint8Array;
  let healthy: Counter;
  let victim: Principal;
  beforeAll(async () => {
    network = await startNetwork({
      instructionLimits: { install: 100_000_000n, update: 20_000_000n, query: 20_000_000n, inspect: 1_000_000n }
    });
    wasm = await fixtureWasm('counter');
    healthy = network.actor<Counter>(counter, await network.install('counter', { start: 0n }));
    victim = await network.engine.createCanister({ controllers: [ADMIN] });
  });

  /** Installs it over whatever is there; true: it was a module, and it began. */
  const install = async (module: Uint8Array): Promise<boolean> => {
    try {
      const arg = initArgument({ start: 1n });
      await network.engine.installCode({ canisterId: victim, sender: ADMIN, mode: 'reinstall', wasm: module, arg });
      return true;
    } catch (error) {
      if (!(error instanceof CanisterReject)) throw error;
      judgeResult({ kind: 'reject', code: error.code, errorCode: error.errorCode, message: error.message });
      return false;
    }
  };

  it('is refused, or traps, or runs; nothing else ever suffers', async () => {
    const { start, end } = section(wasm, CODE_SECTION);
    const anywhere = fc.integer({ min: 8, max: wasm.length - 1 });
    const inCode = fc.integer({ min: start, max: end - 1 });
    const changes = fc.array(fc.tuple(fc.oneof({ weight: 4, arbitrary: inCode }, { weight: 1, arbitrary: anywhere }), fc.nat(7)), {
      minLength: 1,
      maxLength: 2
    });
    let began = 0;
    let count = 0n;
    await fc.assert(
      fc.asyncProperty(changes, async (bits) => {
        const module = wasm.slice();
        for (const [at, bit] of bits) module[at] = (module[at] ?? 0) ^ (1 << bit);
        if (await install(module)) {
          began++;
          for (const method of METHODS) {
            const call = { canisterId: victim, method, arg: initArgument({}), sender: ADMIN };
            judgeResult(await network.engine.update(call));
            judgeResult(await network.engine.query(call));
          }
        }
        count++;
        expect(await healthy.increment()).toBe(count);
      }),
      { ...runs(100), endOnFailure: true }
    );
    // Both ways out were taken.
    expect(began).toBeGreaterThan(10);
    expect(began).toBeLessThan(100);
    expect(network.log.filter((line) => line.includes('internal error'))).toEqual([]);
    // And the undamaged one still installs.
    expect(await install(wasm)).toBe(true);
  });
});

/** Where the content of a section lies. */
function section(wasm: Uint8Array, wanted: number): { start: number; end: number } {
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at];
    let length = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = wasm[++at] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte >= 0x80);
    at++;
    if (id === wanted) return { start: at, end: at + length };
    at += length;
  }
  throw new Error(`The module has no section ${wanted}`);
}
