import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { consume } from '../canister/cycles/account.ts';
import { creationCost } from '../canister/cycles/prices.ts';
import { installCode, type InstallRequest } from '../canister/installCode.ts';
import { StableMemory } from '../canister/StableMemory.ts';
import { asTrap } from '../canister/Trap.ts';
import { CanisterReject } from '../engine/CanisterReject.ts';
import type { RequestMessage } from '../engine/messages.ts';
import type { Respond } from '../engine/MessageExecutor.ts';
import { rejected, rejects } from '../engine/rejects.ts';
import type { Subnet } from '../engine/Subnet.ts';
import type { CallResult } from '../engine/types.ts';
import { requireCyclesForAllocations } from './allocationChecks.ts';
import { canisterStatus } from './canisterStatus.ts';
import {
  Arguments,
  decodeArgument,
  EMPTY_REPLY,
  encodeReply,
  Replies,
  type InstallArgument,
  type Opt,
  type SettingsValue
} from './candid.ts';
import type { Lifecycle } from './Lifecycle.ts';
import { applySettings } from './settings.ts';

/** A call of the management canister in progress. */
interface ManagementCall {
  arg: Uint8Array;
  caller: Principal;
  /** Cycles attached; a method that takes some lowers it, the rest goes back. */
  cycles: bigint;
  respond: Respond;
}

/** Answers with the reply, or with nothing when it responds later by itself. */
type Method = (call: ManagementCall) => Uint8Array | undefined;

export interface CreateOptions {
  controllers: Principal[];
  canisterId?: Principal | undefined;
  cycles?: bigint | undefined;
}

export type InstallOptions = Omit<InstallRequest, 'sender' | 'timeNs'>;

/** The management canister `aaaaa-aa`: canisters come, change and go by it. */
export class ManagementCanister {
  readonly #subnet: Subnet;
  readonly #lifecycle: Lifecycle;
  readonly #rejectOpenContexts: (canister: CanisterState, result: CallResult) => void;
  /** The methods; those that only canisters may call are marked, as they take cycles or give randomness. */
  readonly #methods: Record<string, { run: Method; canistersOnly?: boolean }>;

  constructor(subnet: Subnet, lifecycle: Lifecycle, rejectOpenContexts: (canister: CanisterState, result: CallResult) => void) {
    this.#subnet = subnet;
    this.#lifecycle = lifecycle;
    this.#rejectOpenContexts = rejectOpenContexts;
    this.#methods = {
      create_canister: { run: (call) => this.#create(call), canistersOnly: true },
      provisional_create_canister_with_cycles: { run: (call) => this.#provisionalCreate(call) },
      provisional_top_up_canister: { run: (call) => this.#provisionalTopUp(call) },
      install_code: { run: (call) => this.#install(call) },
      update_settings: { run: (call) => this.#updateSettings(call) },
      canister_status: { run: (call) => this.#status(call) },
      start_canister: { run: (call) => this.#start(call) },
      stop_canister: { run: (call) => this.#stop(call) },
      uninstall_code: { run: (call) => this.#uninstall(call) },
      delete_canister: { run: (call) => this.#delete(call) },
      deposit_cycles: { run: (call) => this.#depositCycles(call), canistersOnly: true },
      raw_rand: { run: () => encodeReply(Replies.blob, this.#subnet.randomness.draw()), canistersOnly: true }
    };
  }

  handle({ method, arg, caller, cycles, origin }: RequestMessage, respond: Respond): void {
    const entry = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
    if (entry === undefined) return respond(rejected('IC0536', `Management canister has no method '${method}'`), cycles);
    if (entry.canistersOnly === true && origin.kind === 'ingress') {
      return respond(rejected('IC0406', `ic00 method ${method} can not be called via ingress messages`), cycles);
    }
    const call: ManagementCall = { arg, caller: Principal.fromUint8Array(caller), cycles, respond };
    try {
      const reply = entry.run(call);
      if (reply !== undefined) respond({ kind: 'reply', reply }, call.cycles);
    } catch (error) {
      if (!(error instanceof CanisterReject)) throw error;
      respond({ kind: 'reject', code: error.code, errorCode: error.errorCode, message: error.message }, call.cycles);
    }
  }

  /** @throws CanisterReject when the asked-for id is taken */
  createCanister({ controllers, canisterId, cycles }: CreateOptions): CanisterState {
    if (canisterId !== undefined && this.#subnet.canisters.get(canisterId.toUint8Array()) !== undefined) {
      throw new CanisterReject(2, 'IC0205', `Canister ${canisterId.toText()} is already installed`);
    }
    return this.#subnet.canisters.create(controllers, cycles, canisterId);
  }

  /** @throws CanisterReject with the reason; the canister is then as it was before */
  installCode(id: Principal, sender: Principal, options: InstallOptions): void {
    const canister = this.#controlled(id, sender, 'install_code');
    try {
      installCode(canister, this.#subnet, { ...options, sender: sender.toUint8Array(), timeNs: this.#subnet.clock.now() });
    } catch (error) {
      const trap = asTrap(error);
      if (trap === undefined) throw error;
      this.#subnet.log(`[Canister ${canister.name}] install_code (${options.mode}): ${trap.message}`);
      throw rejectError(rejects.trapped(canister, trap));
    }
  }

  /** @throws CanisterReject when the canister doesn't exist or `sender` doesn't control it */
  stopCanister(id: Principal, sender: Principal, respond: Respond, cycles = 0n): void {
    const canister = this.#controlled(id, sender, 'stop_canister');
    this.#lifecycle.stop(canister, this.#subnet.clock.now(), cycles, respond);
  }

  /** @throws CanisterReject when the canister doesn't exist or `sender` doesn't control it */
  startCanister(id: Principal, sender: Principal): void {
    this.#lifecycle.start(this.#controlled(id, sender, 'start_canister'));
  }

  #find(id: Principal): CanisterState {
    const canister = this.#subnet.canisters.get(id.toUint8Array());
    if (canister === undefined) throw rejectError(rejects.canisterNotFound(id.toText()));
    return canister;
  }

  #controlled(id: Principal, caller: Principal, method: string): CanisterState {
    const canister = this.#find(id);
    if (!canister.isController(caller.toUint8Array())) {
      const message = `Only controllers of canister ${canister.name} can call ic00 method ${method}`;
      throw rejectError(rejected('IC0512', message));
    }
    return canister;
  }

  #create(call: ManagementCall): Uint8Array {
    const { settings } = decodeArgument<{ settings: Opt<SettingsValue> }>(Arguments.create, call.arg);
    const fee = creationCost(this.#subnet.prices);
    if (call.cycles < fee) throw rejectError(rejects.creationUnpaid(fee, call.cycles));
    const canister = this.createCanister({ controllers: [call.caller], cycles: call.cycles });
    consume(canister, fee);
    call.cycles = 0n;
    if (settings[0] !== undefined) applySettings(canister, settings[0]);
    return encodeReply(Replies.canister, { canister_id: canister.id });
  }

  #provisionalCreate(call: ManagementCall): Uint8Array {
    type Argument = { amount: Opt<bigint>; settings: Opt<SettingsValue>; specified_id: Opt<Principal> };
    const { amount, settings, specified_id } = decodeArgument<Argument>(Arguments.provisionalCreate, call.arg);
    const canister = this.createCanister({ controllers: [call.caller], canisterId: specified_id[0], cycles: amount[0] });
    if (settings[0] !== undefined) applySettings(canister, settings[0]);
    return encodeReply(Replies.canister, { canister_id: canister.id });
  }

  #provisionalTopUp({ arg }: ManagementCall): Uint8Array {
    const { canister_id, amount } = decodeArgument<{ canister_id: Principal; amount: bigint }>(Arguments.provisionalTopUp, arg);
    const canister = this.#find(canister_id);
    canister.cycles += amount;
    canister.revision++;
    return EMPTY_REPLY;
  }

  #install({ arg: bytes, caller }: ManagementCall): Uint8Array {
    const { mode, canister_id, wasm_module, arg } = decodeArgument<InstallArgument>(Arguments.install, bytes);
    const options = 'upgrade' in mode ? mode.upgrade[0] : undefined;
    const persistence = options?.wasm_memory_persistence[0];
    this.installCode(canister_id, caller, {
      mode: 'upgrade' in mode ? 'upgrade' : 'reinstall' in mode ? 'reinstall' : 'install',
      wasm: Uint8Array.from(wasm_module),
      arg: Uint8Array.from(arg),
      wasmMemoryPersistence: persistence === undefined ? undefined : 'keep' in persistence ? 'keep' : 'replace',
      skipPreUpgrade: options?.skip_pre_upgrade[0] ?? false
    });
    return EMPTY_REPLY;
  }

  #updateSettings({ arg, caller }: ManagementCall): Uint8Array {
    const { canister_id, settings } = decodeArgument<{ canister_id: Principal; settings: SettingsValue }>(Arguments.updateSettings, arg);
    const canister = this.#controlled(canister_id, caller, 'update_settings');
    const [computeAllocation] = settings.compute_allocation;
    const [memoryAllocation] = settings.memory_allocation;
    requireCyclesForAllocations(canister, this.#subnet.prices, { computeAllocation, memoryAllocation });
    applySettings(canister, settings);
    return EMPTY_REPLY;
  }

  #status({ arg, caller }: ManagementCall): Uint8Array {
    const { canister_id } = decodeArgument<{ canister_id: Principal }>(Arguments.canister, arg);
    const isItself = canister_id.compareTo(caller) === 'eq';
    const canister = isItself ? this.#find(canister_id) : this.#controlled(canister_id, caller, 'canister_status');
    return encodeReply(Replies.status, canisterStatus(canister, this.#subnet.prices));
  }

  #start({ arg, caller }: ManagementCall): Uint8Array {
    this.startCanister(decodeArgument<{ canister_id: Principal }>(Arguments.canister, arg).canister_id, caller);
    return EMPTY_REPLY;
  }

  #stop({ arg, caller, cycles, respond }: ManagementCall): undefined {
    this.stopCanister(decodeArgument<{ canister_id: Principal }>(Arguments.canister, arg).canister_id, caller, respond, cycles);
  }

  #uninstall({ arg, caller }: ManagementCall): Uint8Array {
    const { canister_id } = decodeArgument<{ canister_id: Principal }>(Arguments.canister, arg);
    this.uninstall(this.#controlled(canister_id, caller, 'uninstall_code'));
    return EMPTY_REPLY;
  }

  /** Takes away a canister's code and all it keeps, and ends the calls in progress. */
  uninstall(canister: CanisterState): void {
    canister.runtime = undefined;
    canister.stableMemory = new StableMemory();
    canister.certifiedData = new Uint8Array(0);
    canister.globalTimerNs = 0n;
    canister.touch();
    this.#rejectOpenContexts(canister, rejects.codeUninstalled(canister));
  }

  #delete({ arg, caller }: ManagementCall): Uint8Array {
    const { canister_id } = decodeArgument<{ canister_id: Principal }>(Arguments.canister, arg);
    const canister = this.#controlled(canister_id, caller, 'delete_canister');
    if (canister.status !== 'stopped') {
      throw rejectError(rejected('IC0510', `Canister ${canister.name} must be stopped before it is deleted.`));
    }
    this.#subnet.canisters.delete(canister);
    return EMPTY_REPLY;
  }

  #depositCycles(call: ManagementCall): Uint8Array {
    const canister = this.#find(decodeArgument<{ canister_id: Principal }>(Arguments.canister, call.arg).canister_id);
    canister.cycles += call.cycles;
    canister.revision++;
    call.cycles = 0n;
    return EMPTY_REPLY;
  }
}

function rejectError(result: CallResult): CanisterReject {
  if (result.kind === 'reply') throw new Error('A reply is no reject');
  return new CanisterReject(result.code, result.errorCode, result.message);
}
