import type { Principal } from '@dfinity/principal';
import type { Deposit, Withdrawal } from '../../../src/lib/canisters/options/options.did.js';
import type { Block } from '../../../src/lib/canisters/ledger/ledger.did.js';
import { allRows, ok } from './books.ts';
import type { Exchange } from './exchange.ts';

/** The name of a deposit's or withdrawal's state. */
export const stateName = (transfer: { state: object }): string => Object.keys(transfer.state)[0] ?? '';

/** Test bitcoin for the deposit account of somebody: it gets there whatever transfers meet. */
export async function sendToDepositAccount(exchange: Exchange, who: Principal, sats: bigint): Promise<void> {
  const to = ok(await exchange.as(who).get_deposit_account());
  const sent = await exchange.ledger.as(who).mint_test_bitcoin({ to, amount: sats });
  if ('Err' in sent) throw new Error(sent.Err);
}

/** What a transfer is called in its memo, with its number. */
type Name = `${'deposit' | 'sweep' | 'withdrawal'} ${bigint}`;
const depositName = (row: Deposit): Name => `${row.from_subaccount ? 'sweep' : 'deposit'} ${row.id}`;
const withdrawalName = (row: Withdrawal): Name => `withdrawal ${row.id}`;

/** The ledger's blocks by the names in their memos: what really happened, whatever the exchange knows of it. */
async function blocksByName(exchange: Exchange): Promise<Map<string, Block[]>> {
  const blocks = new Map<string, Block[]>();
  for (let index = 0n; ; index += 1n) {
    const [block] = await exchange.ledger.as().get_block(index);
    if (block === undefined) return blocks;
    const memo = block.transaction.memo[0];
    if (memo === undefined) continue;
    const bytes = Uint8Array.from(memo);
    const word = new TextDecoder().decode(bytes.slice(0, 24)).replaceAll('\0', '').replace('satstrike ', '');
    const name = `${word} ${new DataView(bytes.buffer).getBigUint64(24)}`;
    blocks.set(name, [...(blocks.get(name) ?? []), block]);
  }
}

/** Every transfer of the exchange with the blocks it is in. */
export async function transfersWithBlocks(exchange: Exchange) {
  const blocks = await blocksByName(exchange);
  const deposits = await allRows((page) => exchange.as().list_deposits(page));
  const withdrawals = await allRows((page) => exchange.as().list_withdrawals(page));
  return {
    deposits: deposits.map((row) => ({ row, blocks: blocks.get(depositName(row)) ?? [] })),
    withdrawals: withdrawals.map((row) => ({ row, blocks: blocks.get(withdrawalName(row)) ?? [] }))
  };
}

const isOpen = ({ row }: { row: { state: object } }): boolean => ['in_transit', 'needs_review'].includes(stateName(row));
const sum = (all: { row: { amount_sats: bigint }; blocks: Block[] }[]): bigint =>
  all.reduce((total, { row, blocks }) => total + row.amount_sats * BigInt(blocks.length), 0n);

/** What the ledger holds for the exchange beyond its books, by the blocks of transfers it has not booked yet. */
export async function notYetBooked(exchange: Exchange): Promise<bigint> {
  const { deposits, withdrawals } = await transfersWithBlocks(exchange);
  return sum(deposits.filter(isOpen)) - sum(withdrawals.filter(isOpen));
}
