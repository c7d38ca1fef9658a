import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { CallReport } from '../engine/CallRecording.ts';
import type { Call } from '../engine/types.ts';
import type { Deferred, Reporting } from './Actors.ts';
import type { CanisterLogLine, CanisterSettings, CanisterStatusReport } from './managementCalls.ts';
import type { PendingCall } from './PendingCall.ts';
import type { Sender } from './Sender.ts';

/** A call from within the process. Without `sender` the network's admin makes it. */
export type InProcessCall = Omit<Call, 'sender'> & { sender?: Sender };

export interface CreateCanisterOptions {
  /** Default: the network's admin. */
  controllers?: Principal[];
  /** Default: the next free id. */
  canisterId?: Principal;
  /** Default: 100 T. */
  cycles?: bigint;
}

export interface InstallCodeOptions {
  canisterId: Principal;
  wasm: Uint8Array;
  /** The Candid encoded init or upgrade argument. Default: no arguments, `()`. */
  arg?: Uint8Array;
  /** Default: install. */
  mode?: 'install' | 'reinstall' | 'upgrade';
  /** For an upgrade: keep the Wasm memory (enhanced orthogonal persistence needs it; without it such an upgrade is refused). */
  keepMemory?: boolean;
  /** For an upgrade: don't run the old code's pre_upgrade. */
  skipPreUpgrade?: boolean;
  /** Default: the network's admin. */
  sender?: Sender;
}

export interface SetupCanisterOptions extends CreateCanisterOptions {
  idlFactory: IDL.InterfaceFactory;
  wasm: Uint8Array;
  /** The Candid encoded init argument. Default: no arguments, `()`. */
  arg?: Uint8Array;
  /** Who installs the code and calls by the actor; controls the canister if `controllers` isn't given. Default: the network's admin. */
  sender?: Sender;
}

/** Canisters as a test handles them: in the process, without HTTP and signatures. A `sender` that is left out is the network's admin. */
export interface CanisterControl {
  /** Creates a canister, installs code and makes an actor. @throws CanisterReject */
  setupCanister<T>(options: SetupCanisterOptions): Promise<{ canisterId: Principal; actor: T }>;
  /** Ids are deterministic: 1st, 2nd, ... canister. @throws CanisterReject when the asked-for id is taken */
  createCanister(options?: CreateCanisterOptions): Promise<Principal>;
  /** @throws CanisterReject; everything is then as it was before */
  installCode(options: InstallCodeOptions): Promise<void>;
  /** Removes code and memory; open calls are rejected. @throws CanisterReject */
  uninstallCode(id: Principal, sender?: Sender): Promise<void>;
  /** Resolves when all of its open calls have ended. @throws CanisterReject */
  stopCanister(id: Principal, sender?: Sender): Promise<void>;
  /** @throws CanisterReject */
  startCanister(id: Principal, sender?: Sender): Promise<void>;
  /** Only a stopped canister can be deleted. @throws CanisterReject */
  deleteCanister(id: Principal, sender?: Sender): Promise<void>;
  /** @throws CanisterReject */
  updateSettings(id: Principal, settings: CanisterSettings, sender?: Sender): Promise<void>;
  /** @throws CanisterReject */
  canisterStatus(id: Principal, sender?: Sender): Promise<CanisterStatusReport>;
  /** The lines a canister printed lately, in all of its updates, timers and installations, and its traps. @throws CanisterReject */
  canisterLogs(id: Principal, sender?: Sender): Promise<CanisterLogLine[]>;
  /** Gives a canister cycles out of nothing. @returns its balance. @throws CanisterReject */
  addCycles(id: Principal, cycles: bigint): Promise<bigint>;

  /** The reply's Candid. @throws CanisterReject */
  update(call: InProcessCall): Promise<Uint8Array>;
  /** The reply's Candid. @throws CanisterReject */
  query(call: InProcessCall): Promise<Uint8Array>;
  /** Makes an update and doesn't wait for it. */
  submit(call: InProcessCall): PendingCall<Uint8Array>;
  /** Makes a call and tells what it came to and what it took; a reject is a result, too. */
  report(call: InProcessCall & { kind?: 'update' | 'query' }): Promise<CallReport>;

  /** A typed actor, `T` being what was generated for the canister; its methods reject with CanisterReject. There is no `withOptions`: there is no agent. */
  actor<T>(idlFactory: IDL.InterfaceFactory, canisterId: Principal, sender?: Sender): T;
  /** The same actor as somebody else. */
  as<T extends object>(actor: T, sender: Sender): T;
  /** The same actor with methods that make their call and return at once. */
  deferred<T extends object>(actor: T): Deferred<T>;
  /** The same actor with methods that also tell what their call took. */
  reporting<T extends object>(actor: T): Reporting<T>;
}
