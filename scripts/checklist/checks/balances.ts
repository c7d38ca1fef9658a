import { createLog } from '../../../src/lib/log/createLog';
import { createClients, type Clients } from '../../../src/lib/ic/clients';
import type { Movement } from '../../../src/lib/options/types';
import { judged, type Check } from '../finding.ts';
import { judgeMovements } from '../judgeMovements.ts';
import type { Context } from '../context.ts';
import { sats } from '../words.ts';

const PAGE = 200;
/** No exchange of this size is added up row by row. */
const MOST_PAGES = 250;

/** Every row of a list that comes in pages. */
async function all<T>(page: (after: bigint | undefined) => Promise<{ rows: T[]; next: bigint | undefined }>): Promise<T[]> {
  const rows: T[] = [];
  let after: bigint | undefined;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const answer = await page(after);
    rows.push(...answer.rows);
    if (answer.next === undefined) return rows;
    after = answer.next;
  }
  throw new Error(`more than ${MOST_PAGES * PAGE} rows: they can't be added up here`);
}

/** The canary's account equals the sum of its movements. */
async function canaryAccount({ options, legacy, principal }: Clients, faults: string[]): Promise<string> {
  const account = await options.getCertifiedAccount();
  const movements = await all<Movement>((after) => options.getMovements(after, PAGE));
  const { sumSats, faults: found } = judgeMovements(account, movements);
  faults.push(...found);
  const old = legacy === undefined ? undefined : await legacy.getAccount(principal);
  const oldWords =
    old === undefined
      ? 'no legacy platform is configured'
      : old === null
        ? 'legacy platform answers: no account there'
        : `legacy account ${sats(old.balanceSats)}`;
  return `canary ${principal}: ${sats(account.availableSats)} available + ${sats(account.reservedSats)} reserved (certified), ${movements.length} movements add up to ${sats(sumSats)}; ${oldWords}`;
}

/** All accounts together equal the total the exchange keeps; read twice, so that a change in between doesn't count. */
async function everybody({ options }: Clients, faults: string[]): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const before = await options.getOverview();
    const users = await all((after) => options.listUsers(after, PAGE));
    const after = await options.getOverview();
    const sum = users.reduce((total, { availableSats, reservedSats }) => total + availableSats + reservedSats, 0n);
    const held = (overview: typeof before): bigint => overview.tradersAvailableSats + overview.tradersReservedSats;
    if (held(before) !== held(after) && attempt < 3) continue;
    if (sum !== held(before) && sum !== held(after))
      faults.push(`the accounts add up to ${sats(sum)}, the exchange's total is ${sats(held(after))}`);
    return `${users.length} accounts add up to ${sats(sum)}, the exchange's total is ${sats(held(after))}`;
  }
}

/** Accounts add up. */
export const balances: Check = {
  name: 'balances valid',
  run: async ({ config, canary, operator }: Context) => {
    const faults: string[] = [];
    const seen: string[] = [];
    const closing = new AbortController();
    const clients = (identity: NonNullable<Context['canary']>): Clients =>
      createClients({ config, identity, signal: closing.signal, log: createLog() });
    try {
      if (canary === undefined) seen.push('no --canary-key: no account looked at');
      else seen.push(await canaryAccount(clients(canary), faults));
      if (operator === undefined) seen.push('no --operator key: accounts not added up');
      else seen.push(await everybody(clients(operator), faults));
    } finally {
      closing.abort();
    }
    if (canary === undefined && operator === undefined) return { result: 'skipped', evidence: seen.join('; ') };
    return judged(faults, seen.join('; '));
  }
};
