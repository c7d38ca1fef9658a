import { Allowed } from '../EntryPoint.ts';
import { Trap } from '../Trap.ts';
import { api, type ApiEnvironment, type ApiTable } from './apiFunction.ts';

const MAX_U64 = 2n ** 64n - 1n;

function fit64(cycles: bigint): bigint {
  if (cycles > MAX_U64) throw Trap.contract('the amount of cycles does not fit 64 bits; use the 128-bit function');
  return cycles;
}

/** Cycles of the canister and of the call. Nothing is charged on this network, so every cost is 0. */
export function cyclesApi(env: ApiEnvironment): ApiTable {
  const available = (): bigint => env.execution.context?.cyclesAvailable ?? 0n;
  const accept = (most: bigint): bigint => {
    const { context } = env.execution;
    if (context === undefined) return 0n;
    const amount = most < context.cyclesAvailable ? most : context.cyclesAvailable;
    context.cyclesAvailable -= amount;
    env.canister.cycles += amount;
    return amount;
  };
  const burn = (most: bigint): bigint => {
    const amount = most < env.canister.cycles ? most : env.canister.cycles;
    env.canister.cycles -= amount;
    return amount;
  };
  const free = (target: number): void => env.memory.write128(target, 0n);
  return {
    canister_cycle_balance: api('', 'l', Allowed.notInStart, () => fit64(env.canister.cycles)),
    canister_cycle_balance128: api('p', '', Allowed.notInStart, (target) => env.memory.write128(target, env.canister.cycles)),
    canister_liquid_cycle_balance128: api('p', '', Allowed.notInStart, (target) => env.memory.write128(target, env.canister.cycles)),
    msg_cycles_available: api('', 'l', Allowed.cyclesOffered, () => fit64(available())),
    msg_cycles_available128: api('p', '', Allowed.cyclesOffered, (target) => env.memory.write128(target, available())),
    msg_cycles_refunded: api('', 'l', Allowed.cyclesRefunded, () => fit64(env.execution.refundedCycles)),
    msg_cycles_refunded128: api('p', '', Allowed.cyclesRefunded, (target) => env.memory.write128(target, env.execution.refundedCycles)),
    msg_cycles_accept: api('l', 'l', Allowed.cyclesOffered, accept),
    msg_cycles_accept128: api('llp', '', Allowed.cyclesOffered, (high, low, target) =>
      env.memory.write128(target, accept((high << 64n) | low))
    ),
    cycles_burn128: api('llp', '', Allowed.burning, (high, low, target) => env.memory.write128(target, burn((high << 64n) | low))),
    cost_call: api('llp', '', Allowed.anywhere, (_methodBytes, _argBytes, target) => free(target)),
    cost_create_canister: api('p', '', Allowed.anywhere, free),
    cost_http_request: api('llp', '', Allowed.anywhere, (_requestBytes, _maxResponseBytes, target) => free(target))
  };
}
