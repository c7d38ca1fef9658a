import { unpaidIngress } from '../canister/cycles/ingressFees.ts';
import { EntryPoint } from '../canister/EntryPoint.ts';
import { execute } from '../canister/execute.ts';
import { findRunning } from './findRunning.ts';
import type { IngressCall } from './inputTypes.ts';
import { rejects } from './rejects.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

/**
 * Why a call from outside isn't even taken in: its canister can't take calls or can't pay for this one, or its inspect_message doesn't accept this one. As on the IC, where
 * one node asks that before consensus, nothing of such a call is left anywhere.
 *
 * @returns the reject; undefined when the call is taken in
 */
export function refuseIngress(subnet: Subnet, call: IngressCall): CallResult | undefined {
  // The management canister, whose principal has no bytes.
  if (call.callee.length === 0) return undefined;
  const target = findRunning(subnet, call.callee);
  if ('refusal' in target) return target.refusal;
  const unpaid = unpaidIngress(subnet, target.canister, call);
  return unpaid === undefined ? inspectMessage(subnet, call) : rejects.outOfCycles(unpaid);
}

/** Asks the canister, if it runs and wants to be asked. @returns the reject of a call it doesn't accept */
export function inspectMessage(subnet: Subnet, { callee, method, arg, caller }: IngressCall): CallResult | undefined {
  const target = findRunning(subnet, callee);
  if ('refusal' in target) return undefined;
  const { canister, runtime } = target;
  if (!canister.exports('canister_inspect_message')) return undefined;
  const input = { kind: EntryPoint.inspect, timeNs: subnet.clock.now(), arg, caller, methodName: method };
  const { execution, trap } = execute(canister, runtime, input, (heap) => heap.exported('canister_inspect_message'), 'discard');
  if (trap !== undefined) subnet.logOf(canister, 'inspect_message', trap.message);
  return trap === undefined && execution.accepted ? undefined : rejects.refused(canister);
}
