import { Principal } from '@dfinity/principal';
import { CanisterReject } from '../engine/CanisterReject.ts';
import type { RequestMessage } from '../engine/messages.ts';
import { rejected } from '../engine/rejects.ts';
import type { CallResult } from '../engine/types.ts';
import { chunkMethods } from './chunks.ts';
import { codeMethods } from './code.ts';
import { creationMethods } from './creation.ts';
import { cyclesMethods } from './cycles.ts';
import { httpRequestMethods } from './httpRequest.ts';
import { informationMethods } from './information.ts';
import { lifecycleMethods } from './lifecycleMethods.ts';
import { logMethods } from './logs.ts';
import type { Answer, ManagementCall, ManagementParts, ManagementQuery, MethodTable } from './ManagementCall.ts';
import { settingsMethods } from './settings.ts';
import { snapshotMethods } from './snapshots.ts';
import { snapshotTransferMethods } from './snapshotTransfer.ts';
import { unsupportedMethods } from './unsupported.ts';

/** The management canister `aaaaa-aa`: canisters come, change and go by it. */
export class ManagementCanister {
  readonly #answer: Answer;
  readonly #methods: MethodTable;

  constructor(parts: ManagementParts, answer: Answer) {
    this.#answer = answer;
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

  handle({ method, arg, caller, cycles, origin }: RequestMessage): void {
    const entry = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
    if (entry === undefined) return this.#answer(origin, rejected('IC0536', `Management canister has no method '${method}'`), cycles);
    if (origin.kind === 'ingress' && (entry.canistersOnly === true || entry.run === undefined)) {
      return this.#answer(origin, rejected('IC0406', `ic00 method ${method} can not be called via ingress messages`), cycles);
    }
    if (entry.run === undefined) {
      return this.#answer(origin, rejected('IC0406', `${method} API is only accessible in non-replicated mode`), cycles);
    }
    const call: ManagementCall = { method, arg, caller: Principal.fromUint8Array(caller), cycles, origin };
    const result = attempt(() => entry.run?.(call));
    if (result === undefined) return;
    // What a canister rejects by itself has no code in its text; what the network rejects has, for a canister that reads it.
    const isPlain = origin.kind !== 'canister' || result.kind === 'reply' || result.code !== 4;
    this.#answer(origin, isPlain ? result : { ...result, message: `${result.errorCode}: ${result.message}` }, call.cycles);
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
