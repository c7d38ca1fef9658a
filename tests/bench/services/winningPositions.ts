import { createClients } from '../../../src/lib/ic/clients';
import { legacyPriceMinute, legacySettlementAt, type LegacyResult } from '../../../src/lib/options/legacyPayout';
import { MINUTE, SECOND, type Network } from '../../services/support/network.ts';
import { identityOf } from '../../services/support/people.ts';
import type { Clock } from './Clock.ts';

export interface Winnings {
  /** What each of the positions pays, and at which price. */
  readonly result: LegacyResult;
  /** By the owner's name. */
  readonly ids: ReadonlyMap<string, bigint[]>;
}

/**
 * Due positions on the legacy platform that have all won the same, so that a balance tells how often it paid. They are calls and puts of the same
 * moment, of which one side is taken: one that pays nothing can't be paid twice.
 */
export async function winningPositions(network: Network, clock: Clock, names: readonly string[], each: number): Promise<Winnings> {
  const { options, legacy } = createClients({ config: network.config, identity: identityOf(names[0] ?? '') });
  for (let round = 0; round < 10; round += 1) {
    const placed = { call: new Map<string, bigint[]>(), put: new Map<string, bigint[]>() };
    for (const direction of ['call', 'put'] as const) {
      for (const name of names) {
        const principal = identityOf(name).getPrincipal().toText();
        const ids: bigint[] = [];
        while (ids.length < each) ids.push(await network.placeLegacyTrade(principal, direction, '5s', 10n));
        placed[direction].set(name, ids);
      }
    }
    await clock.go(3 * MINUTE, 5 * SECOND);
    for (const ids of Object.values(placed)) {
      const position = await legacy?.getPosition(ids.get(names[0] ?? '')?.[0] ?? 0n);
      const minuteNs = position && legacyPriceMinute(position);
      const price = minuteNs === undefined ? undefined : await options.getCertifiedPrice(minuteNs);
      const result = position && price && legacySettlementAt(position, price.priceE8);
      if (result?.outcome === 'win') return { result, ids };
    }
  }
  throw new Error('the price never moved');
}
