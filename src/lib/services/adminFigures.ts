import type { Clients } from '../ic/clients';
import type { Reserves } from '../options/types';
import type { AdminFigures } from './types';

/** A proof of reserves older than this is made anew: a little under the dashboard's own interval. */
const PROOF_NS = 50_000_000_000n;

/** The operator's figures, all read at the same time. */
export async function readAdminFigures(clients: Clients): Promise<AdminFigures> {
  const [overview, reserves] = await Promise.all([clients.options.getOverview(), readReserves(clients)]);
  return { overview, reserves };
}

/** The last comparison with the ledger, or a new one. While the ledger can't be asked the last one stays, with its own time. */
async function readReserves({ options, nowNs }: Clients): Promise<Reserves> {
  const last = await options.getReserves();
  if (last.ledgerCheckedNs + PROOF_NS > nowNs()) return last;
  return options.checkReserves().catch(() => last);
}
