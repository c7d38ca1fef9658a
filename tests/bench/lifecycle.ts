import type { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { createLocalIc, type LocalIc } from 'local-ic';
import { ballastWasm, installBallast, NOTHING } from './ballast.ts';
import { medianMs, type Row } from './measure.ts';

const SAMPLES = 9;
const HEAPS_MB = [5, 100];

interface Management {
  take_canister_snapshot(argument: { canister_id: Principal; replace_snapshot: [] | [Uint8Array] }): Promise<{ id: Uint8Array }>;
}

const managementIdl: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    take_canister_snapshot: IDL.Func(
      [IDL.Record({ canister_id: IDL.Principal, replace_snapshot: IDL.Opt(IDL.Vec(IDL.Nat8)) })],
      [IDL.Record({ id: IDL.Vec(IDL.Nat8) })]
    )
  });

/** Takes a snapshot of a canister in place of the last one. */
function canisterSnapshots(ic: LocalIc, canisterId: Principal): () => Promise<void> {
  const management = ic.actor<Management>(managementIdl, Principal.managementCanister());
  let last: [] | [Uint8Array] = [];
  return async () => {
    const { id } = await management.take_canister_snapshot({ canister_id: canisterId, replace_snapshot: last });
    last = [id];
  };
}

/** What is done to a canister or a network as a whole. */
type Step = [what: string, run: () => Promise<unknown>];

function steps(ic: LocalIc, canisterId: Principal, wasm: Uint8Array): Step[] {
  const snapshot = ic.snapshot();
  return [
    ['upgrade, heap kept', () => ic.installCode({ canisterId, wasm, arg: NOTHING, mode: 'upgrade', keepMemory: true })],
    ['snapshot of a canister', canisterSnapshots(ic, canisterId)],
    ['snapshot of the network', async () => ic.snapshot()],
    ['fork of the network', async () => (await ic.fork()).close()],
    ['fork of a snapshot', async () => (await snapshot.fork()).close()]
  ];
}

async function installRow(ic: LocalIc, wasm: Uint8Array<ArrayBuffer>): Promise<Row> {
  const install = async (): Promise<void> => ic.installCode({ canisterId: await ic.createCanister(), wasm, arg: NOTHING, mode: 'install' });
  return {
    what: 'create a canister and install code',
    value: await medianMs(install, SAMPLES),
    unit: 'ms',
    comparedWith: 'WebAssembly.compile of the module',
    other: await medianMs(() => WebAssembly.compile(wasm), SAMPLES)
  };
}

/** Milliseconds of what happens to canisters and networks as a whole, compared with copying the memory there is. */
export async function lifecycle(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const heapMb of HEAPS_MB) {
    const ic = await createLocalIc({ clock: { startNs: 1_767_225_600_000_000_000n } });
    try {
      const wasm = new Uint8Array(await ballastWasm());
      const canisterId = await installBallast(ic, heapMb);
      const memory = new Uint8Array(ic.engine.memoryBytes(canisterId)).fill(1);
      const copyMs = await medianMs(() => memory.slice(), SAMPLES);
      for (const [name, run] of steps(ic, canisterId, wasm)) {
        const what = `${name}, ${(memory.length / 2 ** 20).toFixed(0)} MiB of memory`;
        rows.push({ what, value: await medianMs(run, SAMPLES), unit: 'ms', comparedWith: 'a copy of the memory', other: copyMs });
      }
      if (heapMb === HEAPS_MB[0]) rows.push(await installRow(ic, wasm));
    } finally {
      await ic.close();
    }
  }
  return rows;
}
