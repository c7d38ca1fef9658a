import type { CanisterState } from '../canister/CanisterState.ts';
import { consume } from '../canister/cycles/account.ts';
import { idleCost, secondsToDepletion } from '../canister/cycles/freezing.ts';
import type { Subnet } from './Subnet.ts';

const NS_PER_SECOND = 1_000_000_000n;
/** How often canisters pay for being there, as on the IC. */
const INTERVAL_SECONDS = 10n;

/**
 * What canisters pay for memory and allocations as time goes by. Whoever can't pay any more loses its code and what it has left.
 *
 * When a canister is charged depends on its own state and the time alone, so that a run that is repeated from a saved state charges the same.
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

  /** Charges everybody who wasn't charged for the last ten seconds. To be called before anything else happens at a time. @returns whether anybody was */
  charge(): boolean {
    const { prices, clock, canisters } = this.#subnet;
    if (prices === undefined) return false;
    const now = clock.now();
    if (now < this.#nobodyBeforeNs && canisters.revision === this.#seenRevision) return false;
    let earliest = now;
    let hasCharged = false;
    for (const canister of canisters.all()) {
      // It begins with the first time that finds the canister, also when nothing was charged before.
      if (canister.idlePaidUntilNs === 0n) {
        canister.idlePaidUntilNs = now;
        hasCharged = true;
      }
      const seconds = (now - canister.idlePaidUntilNs) / NS_PER_SECOND;
      if (seconds >= INTERVAL_SECONDS) {
        hasCharged = true;
        canister.idlePaidUntilNs += seconds * NS_PER_SECOND;
        const cost = idleCost(canister, prices, seconds);
        if (cost <= canister.cycles) consume(canister, cost);
        else this.#runOut(canister);
      }
      if (canister.idlePaidUntilNs < earliest) earliest = canister.idlePaidUntilNs;
    }
    this.#nobodyBeforeNs = earliest + INTERVAL_SECONDS * NS_PER_SECOND;
    this.#seenRevision = canisters.revision;
    return hasCharged;
  }

  /** When the first canister will be out of cycles if nothing else happens; undefined for never. */
  nextNs(): bigint | undefined {
    const { prices, clock, canisters } = this.#subnet;
    if (prices === undefined) return undefined;
    let next: bigint | undefined;
    for (const canister of canisters.all()) {
      const seconds = secondsToDepletion(canister, prices);
      if (seconds === undefined) continue;
      const paidUntil = canister.idlePaidUntilNs === 0n ? clock.now() : canister.idlePaidUntilNs;
      const time = paidUntil + (seconds > INTERVAL_SECONDS ? seconds : INTERVAL_SECONDS) * NS_PER_SECOND;
      if (next === undefined || time < next) next = time;
    }
    return next;
  }

  #runOut(canister: CanisterState): void {
    this.#subnet.log(`[local-ic] Uninstalling canister ${canister.name} because it ran out of cycles`);
    this.#uninstall(canister);
    canister.settings.computeAllocation = 0n;
    canister.settings.memoryAllocation = 0n;
    consume(canister, canister.cycles);
    canister.touch();
  }
}
