import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { CanisterReject } from '../engine/CanisterReject.ts';
import type { RequestMessage } from '../engine/messages.ts';
import type { Respond } from '../engine/MessageExecutor.ts';
import { rejected } from '../engine/rejects.ts';
import type { CallResult } from '../engine/types.ts';
import { chunkMethods } from './chunks.ts';
import { codeMethods, removeCode } from './code.ts';
import { creationMethods } from './creation.ts';
import { cyclesMethods } from './cycles.ts';
import { httpRequestMethods } from './httpRequest.ts';
import { informationMethods } from './information.ts';
import { lifecycleMethods } from './lifecycleMethods.ts';
import { logMethods } from './logs.ts';
import type { ManagementCall, ManagementParts, ManagementQuery, MethodTable } from './ManagementCall.ts';
import { settingsMethods } from './settings.ts';
import { snapshotMethods } from './snapshots.ts';
import { snapshotTransferMethods } from './snapshotTransfer.ts';
import { unsupportedMethods } from './unsupported.ts';

/** The management canister `aaaaa-aa`: canisters come, change and go by it. */
export class ManagementCanister {
  readonly #parts: ManagementParts;
  readonly #methods: MethodTable;

  constructor(parts: ManagementParts) {
    this.#parts = parts;
    this.#methods = {
      ...creationMethods(parts),
      ...cyclesMethods(parts),
      ...settingsMethods(parts),
      ...codeMethods(parts),
      ...chunkMethods(parts),
      ...lifecycleMethods(parts),
      ...informationMethods(parts),
      ...logMethods(parts),
      ...snapshotMethods(parts),
      ...snapshotTransferMethods(parts),
      ...httpRequestMethods(parts),
      ...unsupportedMethods()
    };
  }

  /** @param respond takes the answer, if there is one at once; later ones go to the request's origin */
  handle({ method, arg, caller, cycles, origin }: RequestMessage, respond: Respond): void {
    const entry = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
    if (entry === undefined) return respond(rejected('IC0536', `Management canister has no method '${method}'`), cycles);
    if (origin.kind === 'ingress' && (entry.canistersOnly === true || entry.run === undefined)) {
      return respond(rejected('IC0406', `ic00 method ${method} can not be called via ingress messages`), cycles);
    }
    if (entry.run === undefined) {
      return respond(rejected('IC0406', `${method} API is only accessible in non-replicated mode`), cycles);
    }
    const call: ManagementCall = { method, arg, caller: Principal.fromUint8Array(caller), cycles, origin };
    const result = attempt(() => entry.run?.(call));
    if (result === undefined) return;
    // What a canister rejects by itself has no code in its text; what the network rejects has, for a canister that reads it.
    const isPlain = origin.kind !== 'canister' || result.kind === 'reply' || result.code !== 4;
    respond(isPlain ? result : { ...result, message: `${result.errorCode}: ${result.message}` }, call.cycles);
  }

  /** Takes a canister's code away that can't pay for itself any more. */
  uninstall(canister: CanisterState): void {
    removeCode(this.#parts, canister);
  }

  query(call: ManagementQuery): CallResult {
    const entry = Object.hasOwn(this.#methods, call.method) ? this.#methods[call.method] : undefined;
    return attempt(() => entry?.query?.(call)) ?? rejected('IC0536', `Query method ${call.method} not found.`);
  }
}

/** Undefined when the answer comes later. */
function attempt(run: () => Uint8Array | undefined): CallResult | undefined {
  try {
    const reply = run();
    return reply && { kind: 'reply', reply };
  } catch (error) {
    if (!(error instanceof CanisterReject)) throw error;
    return { kind: 'reject', code: error.code, errorCode: error.errorCode, message: error.message };
  }
}
