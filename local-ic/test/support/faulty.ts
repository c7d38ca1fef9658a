import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { createLocalIc, type FaultRule, type LocalIc } from '../../src/index.ts';
import { callee, type Callee } from './interfaces.ts';
import { fixtureWasm, initArgument, START_NS } from './network.ts';

/** The interface of test/fixtures/faulty.mo. */
interface Faulty {
  threeSteps(): Promise<bigint>;
  run(): Promise<bigint>;
  state(): Promise<{ steps: bigint; cleanups: bigint }>;
  ask(): Promise<string>;
  askBounded(seconds: number): Promise<string>;
  transfer(): Promise<string>;
  transferFrom(): Promise<string>;
  approve(): Promise<string>;
  rate(): Promise<string>;
}

const faulty: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    threeSteps: IDL.Func([], [IDL.Nat]),
    run: IDL.Func([], [IDL.Nat]),
    state: IDL.Func([], [IDL.Record({ steps: IDL.Nat, cleanups: IDL.Nat })], ['query']),
    ask: IDL.Func([], [IDL.Text]),
    askBounded: IDL.Func([IDL.Nat32], [IDL.Text]),
    transfer: IDL.Func([], [IDL.Text]),
    transferFrom: IDL.Func([], [IDL.Text]),
    approve: IDL.Func([], [IDL.Text]),
    rate: IDL.Func([], [IDL.Text])
  });

/** A network with a canister that calls another one, under a virtual clock. */
export interface Troubled {
  ic: LocalIc;
  log: string[];
  actor: Faulty;
  id: Principal;
  callee: Callee;
  calleeId: Principal;
  /** The init argument of the calling canister: an upgrade needs it again. */
  init: Uint8Array;
}

export async function startTroubled(rules: FaultRule[] = [], seed = 'troubles'): Promise<Troubled> {
  const log: string[] = [];
  const ic = await createLocalIc({ seed, clock: { startNs: START_NS }, faults: { rules }, log: (line) => log.push(line) });
  const install = async (name: string, arg: Uint8Array): Promise<Principal> => {
    const canisterId = await ic.createCanister();
    await ic.installCode({ canisterId, wasm: await fixtureWasm(name), arg, mode: 'install' });
    return canisterId;
  };
  const calleeId = await install('callee', initArgument({}));
  const init = initArgument({ callee: calleeId });
  const id = await install('faulty', init);
  return { ic, log, actor: ic.actor<Faulty>(faulty, id), id, callee: ic.actor<Callee>(callee, calleeId), calleeId, init };
}
