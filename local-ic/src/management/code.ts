import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { installCode, type InstallRequest } from '../canister/installCode.ts';
import { noteMemoryLeft } from '../canister/lowMemory.ts';
import { StableMemory } from '../canister/StableMemory.ts';
import { asTrap } from '../canister/Trap.ts';
import { rejects } from '../engine/rejects.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { controlledCanister } from './access.ts';
import { Blob, decodeArgument, EMPTY_REPLY, SENDER_VERSION, type Opt } from './candid.ts';
import {
  changeOrigin,
  recordChange,
  type ManagementCall,
  type ManagementParts,
  type MethodTable,
  type Requester
} from './ManagementCall.ts';
import { refusalOf } from './refusal.ts';

type InstallOptions = Omit<InstallRequest, 'sender' | 'timeNs'>;

/** canister_install_mode */
export const InstallMode = IDL.Variant({
  install: IDL.Null,
  reinstall: IDL.Null,
  upgrade: IDL.Opt(
    IDL.Record({
      skip_pre_upgrade: IDL.Opt(IDL.Bool),
      wasm_memory_persistence: IDL.Opt(IDL.Variant({ keep: IDL.Null, replace: IDL.Null }))
    })
  )
});
export type InstallModeValue =
  | { install: null }
  | { reinstall: null }
  | { upgrade: Opt<{ skip_pre_upgrade: Opt<boolean>; wasm_memory_persistence: Opt<{ keep: null } | { replace: null }> }> };

/** Argument of install_code. */
export const Install = IDL.Record({ mode: InstallMode, canister_id: IDL.Principal, wasm_module: Blob, arg: Blob, ...SENDER_VERSION });
const Uninstall = IDL.Record({ canister_id: IDL.Principal, ...SENDER_VERSION });

/** What an install mode asks for. */
export function installOptions(mode: InstallModeValue): Omit<InstallOptions, 'wasm' | 'arg'> {
  const options = 'upgrade' in mode ? mode.upgrade[0] : undefined;
  const persistence = options?.wasm_memory_persistence[0];
  return {
    mode: 'upgrade' in mode ? 'upgrade' : 'reinstall' in mode ? 'reinstall' : 'install',
    wasmMemoryPersistence: persistence === undefined ? undefined : 'keep' in persistence ? 'keep' : 'replace',
    skipPreUpgrade: options?.skip_pre_upgrade[0] ?? false
  };
}

/**
 * Installs code on a canister that the requester controls.
 *
 * @param version what the caller said its own version is
 * @throws CanisterReject with the reason; the canister is then as it was before
 */
export function installOn(subnet: Subnet, id: Principal, requester: Requester, options: InstallOptions, version: Opt<bigint> = []): void {
  const canister = controlledCanister(subnet, id, requester);
  try {
    installCode(canister, subnet, { ...options, sender: requester.caller.toUint8Array(), timeNs: subnet.clock.now() });
  } catch (error) {
    const trap = asTrap(error);
    if (trap === undefined) throw error;
    subnet.logOf(canister, `install_code (${options.mode})`, trap.message);
    throw refusalOf(rejects.trapped(canister, trap));
  }
  noteMemoryLeft(canister, subnet.lowOnMemory);
  const mode = { install: { install: null }, reinstall: { reinstall: null }, upgrade: { upgrade: null } }[options.mode];
  recordChange(subnet, canister, changeOrigin(requester, version), {
    code_deployment: { mode, module_hash: canister.runtime?.heap.module.hash ?? new Uint8Array(0) }
  });
}

/** Takes a canister's code and memories away because somebody asked for it. */
export function uninstall(parts: ManagementParts, canister: CanisterState, requester: Requester, version: Opt<bigint>): void {
  removeCode(parts, canister);
  recordChange(parts.subnet, canister, changeOrigin(requester, version), { code_uninstall: null });
}

/** Takes a canister's code and all it keeps away, and ends its calls. */
export function removeCode({ subnet, rejectOpenContexts }: ManagementParts, canister: CanisterState): void {
  canister.runtime = undefined;
  canister.stableMemory = new StableMemory();
  canister.certifiedData = new Uint8Array(0);
  canister.globalTimerNs = 0n;
  canister.chunks = new Map();
  canister.log.clear();
  canister.touch();
  noteMemoryLeft(canister, subnet.lowOnMemory);
  rejectOpenContexts(canister, rejects.codeUninstalled(canister));
}

export function codeMethods(parts: ManagementParts): MethodTable {
  const { subnet } = parts;
  const install = (call: ManagementCall): Uint8Array => {
    interface Argument {
      mode: InstallModeValue;
      canister_id: Principal;
      wasm_module: Uint8Array;
      arg: Uint8Array;
      sender_canister_version: Opt<bigint>;
    }
    const { mode, canister_id, wasm_module, arg, sender_canister_version } = decodeArgument<Argument>(Install, call.arg);
    // Copied: what Candid decodes are views of the message.
    const options = { ...installOptions(mode), wasm: Uint8Array.from(wasm_module), arg: Uint8Array.from(arg) };
    installOn(subnet, canister_id, call, options, sender_canister_version);
    return EMPTY_REPLY;
  };
  const uninstallCode = (call: ManagementCall): Uint8Array => {
    type Argument = { canister_id: Principal; sender_canister_version: Opt<bigint> };
    const { canister_id, sender_canister_version } = decodeArgument<Argument>(Uninstall, call.arg);
    uninstall(parts, controlledCanister(subnet, canister_id, call), call, sender_canister_version);
    return EMPTY_REPLY;
  };
  return { install_code: { run: install }, uninstall_code: { run: uninstallCode } };
}
