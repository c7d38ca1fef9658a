import { canisterKey } from '../CanisterState.ts';
import { outOfCyclesMessage, shortfall } from '../cycles/account.ts';
import { prepayCall } from '../cycles/callFees.ts';
import { Allowed } from '../EntryPoint.ts';
import type { OutgoingCall } from '../Execution.ts';
import { Trap } from '../Trap.ts';
import { api, type ApiEnvironment, type ApiTable } from './apiFunction.ts';

/** The IC's limit of an inter-canister argument. */
const MAX_ARGUMENT_BYTES = 2 * 1024 * 1024;
const MAX_PRINCIPAL_BYTES = 29;
/** The IC's limit of calls from one canister to another, or to itself or the management canister, that wait for their response. */
const MAX_AWAITED_CALLS = 500;
/** The only thing call_perform returns when it can't make the call. */
const SYS_TRANSIENT = 2;
const NOTHING_PREPAID = { transmission: 0n, execution: 0n };
const MAX_METHOD_NAME_BYTES = 20_000;
const decoder = new TextDecoder();

/** Gives back the cycles of a call that was begun and never performed. */
export function dropPendingCall({ canister, execution }: Pick<ApiEnvironment, 'canister' | 'execution'>): void {
  canister.cycles += execution.pendingCall?.cycles ?? 0n;
  execution.pendingCall = undefined;
}

/** Calls to other canisters. */
export function callApi(env: ApiEnvironment): ApiTable {
  const pending = (): OutgoingCall => {
    const call = env.execution.pendingCall;
    if (call === undefined) throw Trap.contract('a call_* function was called without a call under construction');
    return call;
  };
  const attach = (cycles: bigint): void => {
    const { canister, execution, network } = env;
    const call = pending();
    const missing = shortfall(canister, network.prices, cycles);
    if (missing > 0n) throw new Trap('IC0504', outOfCyclesMessage(canister, missing, execution.caller));
    canister.cycles -= cycles;
    call.cycles += cycles;
  };
  return {
    call_new: api(
      'ppppwwww',
      '',
      Allowed.calling,
      (callee, calleeSize, name, nameSize, replyIndex, replyEnvironment, rejectIndex, rejectEnvironment) => {
        dropPendingCall(env);
        if (nameSize > MAX_METHOD_NAME_BYTES)
          throw Trap.contract(`a method's name has at most ${MAX_METHOD_NAME_BYTES} bytes, not ${nameSize}`);
        if (calleeSize > MAX_PRINCIPAL_BYTES) throw Trap.contract('the callee is not a principal');
        const calleeBytes = env.memory.read(callee, calleeSize);
        env.execution.pendingCall = {
          callee: calleeBytes,
          calleeKey: canisterKey(calleeBytes),
          method: decoder.decode(env.memory.view(name, nameSize)),
          methodBytes: nameSize,
          arg: [],
          argBytes: 0,
          cycles: 0n,
          onReply: { index: replyIndex, environment: replyEnvironment },
          onReject: { index: rejectIndex, environment: rejectEnvironment },
          onCleanup: undefined,
          timeoutSeconds: undefined,
          prepaid: NOTHING_PREPAID
        };
      }
    ),
    call_on_cleanup: api('ww', '', Allowed.calling, (index, environment) => {
      const call = pending();
      if (call.onCleanup !== undefined) throw Trap.contract('call_on_cleanup was called twice');
      call.onCleanup = { index, environment };
    }),
    call_data_append: api('pp', '', Allowed.calling, (source, size) => {
      const call = pending();
      if (call.argBytes + size > MAX_ARGUMENT_BYTES) {
        throw Trap.contract(`application payload size (${call.argBytes + size}) cannot be larger than ${MAX_ARGUMENT_BYTES}`);
      }
      call.arg.push(env.memory.read(source, size));
      call.argBytes += size;
    }),
    call_with_best_effort_response: api('i', '', Allowed.calling, (seconds) => {
      const call = pending();
      if (call.timeoutSeconds !== undefined) throw Trap.contract('call_with_best_effort_response was called twice');
      call.timeoutSeconds = seconds;
    }),
    call_cycles_add: api('l', '', Allowed.attachingCycles, attach),
    call_cycles_add128: api('ll', '', Allowed.attachingCycles, (high, low) => attach((high << 64n) | low)),
    call_perform: api('', 'i', Allowed.calling, () => {
      const { canister, execution, network } = env;
      const call = pending();
      const callsToCallee = execution.callsTo.get(call.calleeKey) ?? 0;
      if (execution.failsCalls || canister.callbacks.awaitedFrom(call.calleeKey) + callsToCallee >= MAX_AWAITED_CALLS) {
        dropPendingCall(env);
        return SYS_TRANSIENT;
      }
      // Queries are free, with all that they call.
      if ((execution.kind & Allowed.attachingCycles) !== 0) {
        const prepaid = prepayCall(network, canister, call.methodBytes + call.argBytes);
        if (prepaid === undefined) {
          dropPendingCall(env);
          return SYS_TRANSIENT;
        }
        call.prepaid = prepaid;
      }
      execution.calls.push(call);
      execution.callsTo.set(call.calleeKey, callsToCallee + 1);
      execution.pendingCall = undefined;
      return 0;
    })
  };
}
