import type { CanisterState } from '../canister/CanisterState.ts';
import { consumeForIdling } from '../canister/cycles/account.ts';
import { IDLE_INTERVAL_SECONDS, idleCostPerInterval } from '../canister/cycles/freezing.ts';
import type { Subnet } from './Subnet.ts';

const INTERVAL_NS = IDLE_INTERVAL_SECONDS * 1_000_000_000n;

/**
 * What canisters pay for memory and allocations as time goes by. Whoever can't pay any more loses its code and what it has left.
 *
 * What a canister has paid at a time depends on its own state alone and not on how often it was charged, so that a run that is repeated from a saved
 * state charges the same.
 */
export class IdleCharges {
  readonly #subnet: Subnet;
  readonly #uninstall: (canister: CanisterState) => void;
  /** Nobody is due before this time, as long as no canister comes. */
  #nobodyBeforeNs = 0n;
  #seenRevision = -1;

  /** @param uninstall takes away a canister's code and all it keeps */
  constructor(subnet: Subnet, uninstall: (canister: CanisterState) => void) {
    this.#subnet = subnet;
    this.#uninstall = uninstall;
  }

  /** Charges for all intervals that are over. To be called before anything else happens at a time. @returns whether anybody was charged, or begins to be */
  charge(): boolean {
    const { prices, clock, canisters } = this.#subnet;
    if (prices === undefined) return false;
    const now = clock.now();
    if (now < this.#nobodyBeforeNs && canisters.revision === this.#seenRevision) return false;
    let earliest = now;
    let hasCharged = false;
    for (const canister of canisters.all()) {
      // A canister that nothing was ever charged for begins to pay now.
      if (canister.idlePaidUntilNs === 0n) {
        canister.idlePaidUntilNs = now;
        hasCharged = true;
      }
      const intervals = (now - canister.idlePaidUntilNs) / INTERVAL_NS;
      if (intervals > 0n) {
        hasCharged = true;
        const paidUntilNs = canister.idlePaidUntilNs + intervals * INTERVAL_NS;
        const cost = intervals * idleCostPerInterval(canister, prices);
        if (cost > canister.cycles) this.#runOut(canister);
        consumeForIdling(canister, cost < canister.cycles ? cost : canister.cycles, paidUntilNs);
      }
      if (canister.idlePaidUntilNs < earliest) earliest = canister.idlePaidUntilNs;
    }
    this.#nobodyBeforeNs = earliest + INTERVAL_NS;
    this.#seenRevision = canisters.revision;
    return hasCharged;
  }

  /** When the first canister will be out of cycles if nothing else happens; undefined for never. */
  nextNs(): bigint | undefined {
    const { prices, clock, canisters } = this.#subnet;
    if (prices === undefined) return undefined;
    let next: bigint | undefined;
    for (const canister of canisters.all()) {
      if (canister.idlePaidUntilNs === 0n) return clock.now();
      const cost = idleCostPerInterval(canister, prices);
      if (cost === 0n) continue;
      const time = canister.idlePaidUntilNs + (canister.cycles / cost + 1n) * INTERVAL_NS;
      if (next === undefined || time < next) next = time;
    }
    return next;
  }

  #runOut(canister: CanisterState): void {
    this.#subnet.log(`[local-ic] Uninstalling canister ${canister.name} because it ran out of cycles`);
    this.#uninstall(canister);
    canister.settings.computeAllocation = 0n;
    canister.settings.memoryAllocation = 0n;
    canister.touch();
  }
}
