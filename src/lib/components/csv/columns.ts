import type { Column } from '$lib/export/toCsv';
import { fillOf as fill, positionLargestPayout } from '$lib/options/payoff';
import type { AuditEntry, Deposit, Instrument, Position, Receipt, TransferState, UserRow, Withdrawal } from '$lib/options/types';
import type { JournalEntry } from '$lib/settlement/journal';

/*
 * What an exported file holds: the canister's own figures under its own names, in its own units (satoshis, USD x 10^8), so that sums
 * over a file equal sums over the chain. Nothing is rounded or shortened.
 */

const owner = { title: 'owner', kind: 'text', value: (row: { owner: string }) => row.owner } as const;
const id = { title: 'id', kind: 'number', value: (row: { id: bigint }) => row.id } as const;

export const userCsv: Column<UserRow>[] = [
  owner,
  { title: 'available_sats', kind: 'number', value: (row) => row.availableSats },
  { title: 'reserved_sats', kind: 'number', value: (row) => row.reservedSats },
  { title: 'positions', kind: 'number', value: (row) => row.positions },
  { title: 'volume_premium_sats', kind: 'number', value: (row) => row.volumePremiumSats },
  { title: 'payouts_sats', kind: 'number', value: (row) => row.payoutsSats },
  { title: 'created', kind: 'time', value: (row) => row.createdNs }
];

const instrument = (row: Position): Instrument => row.instrument;
const receipt = ({ state }: Position): Receipt | undefined => (state.kind === 'settled' ? state.receipt : undefined);

export const positionCsv: Column<Position>[] = [
  id,
  owner,
  { title: 'client_order_id', kind: 'text', value: (row) => row.clientOrderId },
  { title: 'instrument', kind: 'text', value: (row) => instrument(row).kind },
  { title: 'direction', kind: 'text', value: (row) => instrument(row).direction },
  { title: 'payout_sats', kind: 'number', value: ({ instrument: of }) => (of.kind === 'digital' ? of.payoutSats : undefined) },
  { title: 'notional_sats', kind: 'number', value: ({ instrument: of }) => (of.kind === 'capped' ? of.notionalSats : undefined) },
  { title: 'cap_e8', kind: 'number', value: ({ instrument: of }) => (of.kind === 'capped' ? of.capE8 : undefined) },
  { title: 'largest_payout_sats', kind: 'number', value: positionLargestPayout },
  { title: 'tenor', kind: 'text', value: (row) => row.tenor },
  { title: 'strike_choice', kind: 'text', value: ({ strike }) => strike.kind },
  { title: 'strike_choice_e8', kind: 'number', value: ({ strike }) => (strike.kind === 'at' ? strike.priceE8 : strike.offsetE8) },
  { title: 'max_premium_sats', kind: 'number', value: (row) => row.maxPremiumSats },
  { title: 'max_payout_sats', kind: 'number', value: (row) => row.maxPayoutSats },
  { title: 'reserved_payout_sats', kind: 'number', value: (row) => row.reservedPayoutSats },
  { title: 'placed', kind: 'time', value: (row) => row.placedNs },
  { title: 'fill_minute', kind: 'time', value: (row) => row.fillMinuteNs },
  { title: 'expiry', kind: 'time', value: (row) => row.expiryNs },
  { title: 'state', kind: 'text', value: (row) => row.state.kind },
  { title: 'cancel_reason', kind: 'text', value: ({ state }) => (state.kind === 'cancelled' ? state.reason : undefined) },
  { title: 'fill_price_e8', kind: 'number', value: (row) => fill(row)?.priceE8 },
  { title: 'strike_e8', kind: 'number', value: (row) => fill(row)?.strikeE8 },
  { title: 'sigma_ppm', kind: 'number', value: (row) => fill(row)?.sigmaPpm },
  { title: 'fair_sats', kind: 'number', value: (row) => fill(row)?.fairSats },
  { title: 'spread_sats', kind: 'number', value: (row) => fill(row)?.spreadSats },
  { title: 'skew_sats', kind: 'number', value: (row) => fill(row)?.skewSats },
  { title: 'premium_sats', kind: 'number', value: (row) => fill(row)?.premiumSats },
  { title: 'filled', kind: 'time', value: (row) => fill(row)?.filledNs },
  { title: 'voided', kind: 'time', value: ({ state }) => (state.kind === 'voided' ? state.voidedNs : undefined) },
  { title: 'outcome', kind: 'text', value: (row) => receipt(row)?.outcome },
  { title: 'settlement_price_e8', kind: 'number', value: (row) => receipt(row)?.priceE8 },
  { title: 'settlement_minute', kind: 'time', value: (row) => receipt(row)?.priceMinuteNs },
  { title: 'settlement_payout_sats', kind: 'number', value: (row) => receipt(row)?.payoutSats },
  { title: 'profit_sats', kind: 'number', value: (row) => receipt(row)?.profitSats },
  { title: 'settled', kind: 'time', value: (row) => receipt(row)?.settledNs }
];

const transfer = [
  { title: 'state', kind: 'text', value: (row: { state: TransferState }) => row.state.kind },
  { title: 'block', kind: 'number', value: ({ state }: { state: TransferState }) => (state.kind === 'done' ? state.block : undefined) },
  {
    title: 'error',
    kind: 'text',
    value: ({ state }: { state: TransferState }) => (state.kind === 'returned' || state.kind === 'needs_review' ? state.error : undefined)
  }
] as const;

export const depositCsv: Column<Deposit>[] = [
  id,
  owner,
  { title: 'request_id', kind: 'text', value: (row) => row.requestId },
  { title: 'amount_sats', kind: 'number', value: (row) => row.amountSats },
  { title: 'to', kind: 'text', value: (row) => (row.target === 'account' ? 'trader' : row.target) },
  { title: 'from_subaccount', kind: 'text', value: (row) => (row.fromSubaccount ? 'yes' : 'no') },
  { title: 'created', kind: 'time', value: (row) => row.createdNs },
  ...transfer
];

export const withdrawalCsv: Column<Withdrawal>[] = [
  id,
  owner,
  { title: 'request_id', kind: 'text', value: (row) => row.requestId },
  { title: 'amount_sats', kind: 'number', value: (row) => row.amountSats },
  { title: 'fee_sats', kind: 'number', value: (row) => row.feeSats },
  { title: 'from', kind: 'text', value: (row) => (row.fromTreasury ? 'treasury' : 'trader') },
  { title: 'to', kind: 'text', value: (row) => row.to },
  { title: 'created', kind: 'time', value: (row) => row.createdNs },
  ...transfer
];

export const auditCsv: Column<AuditEntry>[] = [
  id,
  { title: 'at', kind: 'time', value: (row) => row.atNs },
  { title: 'who', kind: 'text', value: (row) => row.who },
  { title: 'action', kind: 'text', value: (row) => row.action },
  { title: 'before', kind: 'text', value: (row) => row.before },
  { title: 'after', kind: 'text', value: (row) => row.after },
  { title: 'hash', kind: 'text', value: (row) => row.hash }
];

const msToNs = (ms: number): bigint => BigInt(Math.round(ms)) * 1_000_000n;

/** The journal of this browser. A payout is in satoshis on the exchange, in cents on the legacy platform. */
export const settlementCsv: Column<JournalEntry>[] = [
  owner,
  { title: 'home', kind: 'text', value: (row) => row.home },
  { title: 'position_id', kind: 'number', value: (row) => row.positionId },
  { title: 'state', kind: 'text', value: (row) => row.state },
  { title: 'route', kind: 'text', value: ({ result }) => result?.route },
  { title: 'outcome', kind: 'text', value: ({ result }) => result?.outcome },
  { title: 'payout_sats', kind: 'number', value: ({ home, result }) => (home === 'options' ? result?.payout : undefined) },
  { title: 'payout_cents', kind: 'number', value: ({ home, result }) => (home === 'legacy' ? result?.payout : undefined) },
  { title: 'latency_ms', kind: 'number', value: ({ latencyMs }) => latencyMs?.toString() },
  { title: 'attempts', kind: 'number', value: (row) => row.attempts.toString() },
  { title: 'error', kind: 'text', value: (row) => row.lastError },
  { title: 'started', kind: 'time', value: (row) => msToNs(row.startedAt) },
  { title: 'updated', kind: 'time', value: (row) => msToNs(row.updatedAt) }
];
