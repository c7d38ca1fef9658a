import type { CanisterState } from '../CanisterState.ts';
import { consume } from './account.ts';
import { charge, type OutOfCycles, type Tariff } from './executionFees.ts';
import { ingressCost } from './prices.ts';

/** A message from outside, as far as its price depends on it. */
export interface IngressMessage {
  method: string;
  arg: Uint8Array;
  caller: Uint8Array;
}

/** A call of update_settings this small is paid for after it, so that it can thaw a canister whose freezing threshold was set too high. */
const MAX_DELAYED_BYTES = 366;
const encoder = new TextEncoder();

/** Charges the canister a message from outside is for. Method name and argument are paid by the byte. */
export function chargeIngress(tariff: Tariff, canister: CanisterState, { method, arg, caller }: IngressMessage): OutOfCycles | undefined {
  if (tariff.prices === undefined) return undefined;
  return charge(tariff, canister, ingressCost(tariff.prices, encoder.encode(method).length + arg.length), caller);
}

/** Whether a call of the management canister is paid for afterwards. */
export function isPaidAfterwards({ method, arg }: IngressMessage): boolean {
  return method === 'update_settings' && arg.length <= MAX_DELAYED_BYTES;
}

/** Charges afterwards, as much as there is. */
export function chargeIngressAfterwards({ prices }: Tariff, canister: CanisterState, { method, arg }: IngressMessage): void {
  if (prices === undefined) return;
  const cost = ingressCost(prices, encoder.encode(method).length + arg.length);
  consume(canister, cost < canister.cycles ? cost : canister.cycles);
}
