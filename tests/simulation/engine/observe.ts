// What can be seen of the exchange from outside: everything its queries tell, and the ledger's blocks.
import type {
  AccountView,
  Deposit,
  Market,
  Movement,
  Overview,
  Position,
  PriceEntry,
  UserRow,
  Withdrawal
} from '../../../src/lib/canisters/options/options.did.js';
import { allRows, ok } from '../../canisters/support/books.ts';
import { people, traders, type Person, type World } from './world.ts';

/** A transfer to or from the exchange as the ledger recorded it. */
export interface Transfer {
  block: bigint;
  direction: 'in' | 'out';
  /** The journal entry its memo names. */
  id: bigint;
  owner: string;
  sats: bigint;
  fee: bigint;
}

export interface Observed {
  now: bigint;
  positions: Position[];
  deposits: Deposit[];
  withdrawals: Withdrawal[];
  users: UserRow[];
  overview: Overview;
  market: Market;
  prices: PriceEntry[];
  accounts: Map<Person, AccountView>;
  statements: Map<Person, Movement[]>;
  ledgerSats: bigint;
  transfers: Transfer[];
}

const idOf = (memo: [] | [Uint8Array | number[]]): bigint =>
  memo.length === 0 ? -1n : Array.from(memo[0].slice(24)).reduce((id, byte) => id * 256n + BigInt(byte), 0n);

/** The ledger's transfers to and from the exchange; reads only the blocks that came since it was asked last. */
export class Blocks {
  readonly #transfers: Transfer[] = [];
  #next = 0n;

  async read(world: World): Promise<Transfer[]> {
    const exchange = world.id.toText();
    for (;;) {
      const [block] = await world.ledger().get_block(this.#next);
      if (block === undefined) return this.#transfers;
      this.#next += 1n;
      const { operation, memo } = block.transaction;
      if (!('transfer' in operation)) continue;
      const { from, to, amount } = operation.transfer;
      const common = { block: block.index, id: idOf(memo), sats: amount, fee: block.charged_fee };
      if (to.owner.toText() === exchange) this.#transfers.push({ ...common, direction: 'in', owner: from.owner.toText() });
      if (from.owner.toText() === exchange) this.#transfers.push({ ...common, direction: 'out', owner: to.owner.toText() });
    }
  }
}

export async function observe(world: World, blocks: Blocks): Promise<Observed> {
  const auditor = world.options(people.operator);
  const accounts = new Map<Person, AccountView>();
  const statements = new Map<Person, Movement[]>();
  for (const who of traders) {
    accounts.set(who, ok(await world.options(people[who]).get_account()));
    statements.set(who, (await allRows((page) => world.options(people[who]).get_movements(page))).reverse());
  }
  return {
    now: world.ic.now(),
    positions: await allRows((page) => auditor.list_positions({ filter: { all: null }, page })),
    deposits: await allRows((page) => auditor.list_deposits(page)),
    withdrawals: await allRows((page) => auditor.list_withdrawals(page)),
    users: await allRows((page) => auditor.list_users(page)),
    overview: ok(await auditor.get_overview()),
    market: await auditor.get_market(),
    prices: await auditor.get_prices({ from_minute_ns: 0n, limit: 1_500n }),
    accounts,
    statements,
    ledgerSats: await world.ledger().icrc1_balance_of({ owner: world.id, subaccount: [] }),
    transfers: await blocks.read(world)
  };
}
