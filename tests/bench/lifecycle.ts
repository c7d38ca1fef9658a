import type { Principal } from '@dfinity/principal';
import { createLocalIc, type LocalIc } from 'local-ic';
import { ballastWasm, installBallast, NOTHING } from './ballast.ts';
import { medianMs, type Row } from './measure.ts';

const SAMPLES = 9;
const HEAP_MB = 100;

/** What is done to a canister or a network as a whole, and something whose cost everybody knows. */
interface Step {
  what: string;
  run: () => Promise<unknown>;
  comparedWith: string;
  other: () => unknown;
}

function steps(ic: LocalIc, canisterId: Principal, wasm: Uint8Array<ArrayBuffer>): Step[] {
  const install = (mode: 'install' | 'reinstall' | 'upgrade', target: Principal) =>
    ic.installCode({ canisterId: target, wasm, arg: NOTHING, mode, keepMemory: mode === 'upgrade' });
  const bytes = new Uint8Array(HEAP_MB * 2 ** 20).fill(1);
  return [
    {
      what: 'create a canister and install code',
      run: async () => install('install', await ic.createCanister()),
      comparedWith: 'WebAssembly.compile of the same module',
      other: () => WebAssembly.compile(wasm)
    },
    {
      what: `upgrade, ${HEAP_MB} MB heap kept`,
      run: () => install('upgrade', canisterId),
      comparedWith: 'copy of as many bytes',
      other: () => bytes.slice()
    }
  ];
}

/** Milliseconds of what happens to whole canisters. */
export async function lifecycle(): Promise<Row[]> {
  const ic = await createLocalIc({ clock: { startNs: 1_767_225_600_000_000_000n } });
  try {
    const canisterId = await installBallast(ic, HEAP_MB);
    const rows: Row[] = [];
    for (const { what, run, comparedWith, other } of steps(ic, canisterId, new Uint8Array(await ballastWasm())))
      rows.push({ what, value: await medianMs(run, SAMPLES), unit: 'ms', comparedWith, other: await medianMs(other, SAMPLES) });
    return rows;
  } finally {
    await ic.close();
  }
}
