import { consume } from '../cycles/account.ts';
import { hasBigMemory } from '../cycles/executionFees.ts';
import { liquidCycles } from '../cycles/freezing.ts';
import { callCost, creationCost, httpRequestCost, totalCallCost } from '../cycles/prices.ts';
import { Allowed } from '../EntryPoint.ts';
import { Trap } from '../Trap.ts';
import { api, type ApiEnvironment, type ApiTable } from './apiFunction.ts';

const MAX_U64 = 2n ** 64n - 1n;
/** Answers of the cost_* functions for signatures. */
const INVALID_CURVE = 1;
const INVALID_KEY = 2;

function fit64(cycles: bigint): bigint {
  if (cycles > MAX_U64) throw Trap.wasm('cycles amount exceeds 64-bit representation');
  return cycles;
}

const join = (high: bigint, low: bigint): bigint => (high << 64n) | low;

/** Cycles of the canister and of the call, and what things cost. */
export function cyclesApi(env: ApiEnvironment): ApiTable {
  const { memory, network } = env;
  // With the response all that is left goes back to the caller.
  const available = (): bigint => (env.execution.response === undefined ? (env.execution.context?.cyclesAvailable ?? 0n) : 0n);
  const accept = (most: bigint): bigint => {
    const offered = available();
    const amount = most < offered ? most : offered;
    if (env.execution.context !== undefined) env.execution.context.cyclesAvailable -= amount;
    env.canister.cycles += amount;
    return amount;
  };
  const liquid = (): bigint => liquidCycles(env.canister, network.prices);
  const burn = (most: bigint): bigint => {
    const spendable = liquid();
    const amount = most < spendable ? most : spendable;
    consume(env.canister, amount);
    return amount;
  };
  const costOfCall = (requestBytes: bigint): bigint => {
    if (network.prices === undefined) return 0n;
    return totalCallCost(callCost(network.prices, requestBytes, network.instructionLimits.update, hasBigMemory(env.canister)));
  };
  // This network has no threshold keys, so no name is one of a key; a scheme it would not know is told apart all the same.
  const keyCost =
    (schemes: number) =>
    (name: number, nameSize: number, scheme: number, target: number): number => {
      memory.view(name, nameSize);
      memory.view(target, 16);
      return scheme < schemes ? INVALID_KEY : INVALID_CURVE;
    };
  return {
    canister_cycle_balance: api('', 'l', Allowed.notInStart, () => fit64(env.canister.cycles)),
    canister_cycle_balance128: api('p', '', Allowed.notInStart, (target) => memory.write128(target, env.canister.cycles)),
    canister_liquid_cycle_balance128: api('p', '', Allowed.notInStart, (target) => memory.write128(target, liquid())),
    msg_cycles_available: api('', 'l', Allowed.cyclesOffered, () => fit64(available())),
    msg_cycles_available128: api('p', '', Allowed.cyclesOffered, (target) => memory.write128(target, available())),
    msg_cycles_refunded: api('', 'l', Allowed.cyclesRefunded, () => fit64(env.execution.refundedCycles)),
    msg_cycles_refunded128: api('p', '', Allowed.cyclesRefunded, (target) => memory.write128(target, env.execution.refundedCycles)),
    msg_cycles_accept: api('l', 'l', Allowed.cyclesOffered, accept),
    msg_cycles_accept128: api('llp', '', Allowed.cyclesOffered, (high, low, target) => memory.write128(target, accept(join(high, low)))),
    cycles_burn128: api('llp', '', Allowed.burning, (high, low, target) => memory.write128(target, burn(join(high, low)))),
    cost_call: api('llp', '', Allowed.anywhere, (nameBytes, argBytes, target) => memory.write128(target, costOfCall(nameBytes + argBytes))),
    cost_create_canister: api('p', '', Allowed.anywhere, (target) => memory.write128(target, creationCost(network.prices))),
    cost_http_request: api('llp', '', Allowed.anywhere, (requestBytes, maxResponseBytes, target) =>
      memory.write128(target, httpRequestCost(network.prices, requestBytes, maxResponseBytes))
    ),
    cost_sign_with_ecdsa: api('ppip', 'i', Allowed.anywhere, keyCost(1)),
    cost_sign_with_schnorr: api('ppip', 'i', Allowed.anywhere, keyCost(2)),
    cost_vetkd_derive_key: api('ppip', 'i', Allowed.anywhere, keyCost(1))
  };
}
