import type { CanisterState } from '../CanisterState.ts';
import { consume, outOfCyclesMessage, shortfall } from './account.ts';
import type { CallTariff } from './callFees.ts';
import { charge, hasBigMemory, prepayExecution, type OutOfCycles, type Payment, type Tariff } from './executionFees.ts';
import { executionCost, ingressCost } from './prices.ts';

/** A message from outside, as far as its price depends on it. */
export interface IngressMessage {
  method: string;
  arg: Uint8Array;
  caller: Uint8Array;
}

/** A call of update_settings this small is paid for after it, so that it can thaw a canister whose freezing threshold was set too high. */
const MAX_DELAYED_BYTES = 366;
const encoder = new TextEncoder();

/** Why a canister couldn't pay for taking a message in and executing it; undefined when it could. Nothing is charged. */
export function unpaidIngress(
  { prices, instructionLimits }: CallTariff,
  canister: CanisterState,
  message: IngressMessage
): string | undefined {
  if (prices === undefined) return undefined;
  const execution = executionCost(prices, instructionLimits.update, hasBigMemory(canister));
  const missing = shortfall(canister, prices, ingressCost(prices, sizeOf(message)) + execution);
  return missing > 0n ? outOfCyclesMessage(canister, missing, message.caller) : undefined;
}

/** Charges a canister for taking a message in and for the longest execution of it: for both, or for neither. */
export function prepayIngress(tariff: CallTariff, canister: CanisterState, message: IngressMessage): Payment {
  const refusal = unpaidIngress(tariff, canister, message);
  if (refusal !== undefined) return { refusal };
  if (tariff.prices !== undefined) consume(canister, ingressCost(tariff.prices, sizeOf(message)));
  return prepayExecution(tariff, canister, tariff.instructionLimits.update, message.caller);
}

/** Charges a canister for a message from outside that is to manage it. */
export function chargeIngress(tariff: Tariff, canister: CanisterState, message: IngressMessage): OutOfCycles | undefined {
  if (tariff.prices === undefined) return undefined;
  return charge(tariff, canister, ingressCost(tariff.prices, sizeOf(message)), message.caller);
}

/** Whether a call of the management canister is paid for afterwards. */
export function isPaidAfterwards({ method, arg }: IngressMessage): boolean {
  return method === 'update_settings' && arg.length <= MAX_DELAYED_BYTES;
}

/** Charges afterwards, as much as there is. */
export function chargeIngressAfterwards({ prices }: Tariff, canister: CanisterState, message: IngressMessage): void {
  if (prices === undefined) return;
  const cost = ingressCost(prices, sizeOf(message));
  consume(canister, cost < canister.cycles ? cost : canister.cycles);
}

/** Method name and argument are paid by the byte. */
function sizeOf({ method, arg }: IngressMessage): number {
  return encoder.encode(method).length + arg.length;
}
