import type { Clients } from '../ic/clients';
import type { LegacyPlatform } from '../options/legacy';
import type { Reserves } from '../options/types';
import type { AdminFigures } from './types';

/** A proof of reserves older than this is made anew: a little under the dashboard's own interval. */
const PROOF_NS = 50_000_000_000n;

/** The operator's figures, all read at the same time. The legacy platform may be away without taking the others with it. */
export async function readAdminFigures(clients: Clients): Promise<AdminFigures> {
  const { options, legacy } = clients;
  const [overview, reserves, platform] = await Promise.all([
    options.getOverview(),
    readReserves(clients),
    legacy === undefined ? undefined : legacy.getPlatform().catch((): LegacyPlatform | undefined => undefined)
  ]);
  return { overview, reserves, legacy: platform };
}

/** The last comparison with the ledger, or a new one. While the ledger can't be asked the last one stays, with its own time. */
async function readReserves({ options, nowNs }: Clients): Promise<Reserves> {
  const last = await options.getReserves();
  if (last.ledgerCheckedNs + PROOF_NS > nowNs()) return last;
  return options.checkReserves().catch(() => last);
}
