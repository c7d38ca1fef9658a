import { Principal } from '@dfinity/principal';
import type { Call } from '../../src/engine/types.ts';
import { canisterCall, createCall, installCall } from '../../src/management/requests.ts';
import { ADMIN, START_NS, STRANGER } from '../support/network.ts';
import { Dice } from './Dice.ts';
import { program } from './Program.ts';
import { RandomProgram } from './randomProgram.ts';
import { universalWasm } from './universalWasm.ts';

/** One thing that is done to a network, and waited for. */
export type Command =
  /** Calls that are made at the same time. */
  | { kind: 'calls'; calls: Call[] }
  | { kind: 'query'; call: Call }
  /** Time moves to this moment. */
  | { kind: 'time'; timeNs: bigint }
  | { kind: 'checkpoint' };

const CANISTERS = 4;
const SECOND_NS = 1_000_000_000n;

/** The id of the n-th canister of a network. */
function canisterIdAt(index: number): Principal {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(index));
  bytes.set([1, 1], 8);
  return Principal.fromUint8Array(bytes);
}

/**
 * The commands of a seed, which are the same every time: first some canisters are made, of 32 and 64 bits, then they are called, upgraded,
 * stopped and started while time moves on. All of it ends.
 */
export function* randomCommands(seed: string): Generator<Command, never> {
  const dice = new Dice(seed);
  const ids = Array.from({ length: CANISTERS }, (_, index) => canisterIdAt(index));
  const [first = Principal.anonymous(), ...rest] = ids;
  const random = new RandomProgram(dice, { canisters: [first.toUint8Array(), ...rest.map((id) => id.toUint8Array())] });
  const wasmOf = (index: number): Uint8Array => universalWasm({ is64: index % 2 === 1, heartbeat: index === 0 });
  const anyone = (): number => dice.below(CANISTERS);
  const idOf = (index: number): Principal => ids[index] ?? first;

  const install = (index: number, mode: 'install' | 'reinstall' | 'upgrade'): Call => {
    const run = random.hook().store('heartbeat', random.task(2)).store('preUpgrade', random.hook());
    return installCall({ canisterId: idOf(index), mode, wasm: wasmOf(index), arg: run.bytes(), sender: ADMIN });
  };
  const callOf = (index: number, method: string): Call => {
    const run = method === 'update' ? random.method() : random.query();
    return { canisterId: idOf(index), method, arg: run.bytes(), sender: dice.pick([ADMIN, STRANGER, Principal.anonymous()]) };
  };

  for (const [index] of ids.entries()) {
    yield { kind: 'calls', calls: [createCall({ controllers: [ADMIN], cycles: 100_000_000_000_000n })] };
    // The first program of all must not trap: there would be no canister.
    const arg = program().store('heartbeat', random.task(2)).bytes();
    yield { kind: 'calls', calls: [installCall({ canisterId: idOf(index), mode: 'install', wasm: wasmOf(index), arg, sender: ADMIN })] };
  }
  for (let timeNs = START_NS; ;) {
    const choice = dice.below(100);
    if (choice < 55) {
      const calls = Array.from({ length: 1 + dice.below(4) }, () => callOf(anyone(), dice.pick(['update', 'update', 'update', 'query'])));
      yield { kind: 'calls', calls };
    } else if (choice < 62) yield { kind: 'query', call: callOf(anyone(), 'query') };
    else if (choice < 75) {
      timeNs += SECOND_NS * BigInt(dice.below(40)) + BigInt(dice.below(1_000_000_000));
      yield { kind: 'time', timeNs };
    } else if (choice < 83) yield { kind: 'calls', calls: [install(anyone(), dice.pick(['upgrade', 'upgrade', 'reinstall']))] };
    else if (choice < 88) yield { kind: 'calls', calls: [canisterCall('stop_canister', idOf(anyone()), ADMIN)] };
    else if (choice < 96) yield { kind: 'calls', calls: ids.map((id) => canisterCall('start_canister', id, ADMIN)) };
    else yield { kind: 'checkpoint' };
  }
}
