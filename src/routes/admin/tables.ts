import type { TableColumn } from '$lib/components/table';
import { formatDateMinute, formatDateTime } from '$lib/components/time';
import {
  cancelWords,
  instrumentWords,
  outcomeWords,
  positionStrike,
  shortPrincipal,
  sizeWords,
  targetWords,
  tenorWords,
  transferWords,
  unknownStateWords,
  voidedWords
} from '$lib/components/words';
import { formatBtc } from '$lib/money/formatBtc';
import { fillOf, positionLargestPayout } from '$lib/options/payoff';
import type { AuditEntry, Deposit, Position, UserRow, Withdrawal } from '$lib/options/types';

const id = { key: 'id', label: 'No.', numeric: true, text: (row: { id: bigint }) => row.id.toString() };
const owner = {
  key: 'owner',
  label: 'Owner',
  mono: true,
  text: (row: { owner: string }) => shortPrincipal(row.owner),
  title: (row: { owner: string }) => row.owner
};

export const userColumns: TableColumn<UserRow>[] = [
  owner,
  { key: 'available', label: 'Available, BTC', numeric: true, text: (row) => formatBtc(row.availableSats) },
  { key: 'reserved', label: 'Reserved, BTC', numeric: true, text: (row) => formatBtc(row.reservedSats) },
  { key: 'positions', label: 'Positions', numeric: true, text: (row) => row.positions.toString() },
  { key: 'premium', label: 'Premiums paid, BTC', numeric: true, text: (row) => formatBtc(row.volumePremiumSats) },
  { key: 'payouts', label: 'Payouts, BTC', numeric: true, text: (row) => formatBtc(row.payoutsSats) },
  { key: 'created', label: 'Since', text: (row) => formatDateMinute(row.createdNs) }
];

function stateWords({ state }: Position): string {
  switch (state.kind) {
    case 'pending':
      return 'Pending';
    case 'open':
      return 'Open';
    case 'cancelled':
      return cancelWords[state.reason];
    case 'settled':
      return outcomeWords[state.receipt.outcome];
    case 'voided':
      return voidedWords;
    case 'unknown':
      return unknownStateWords;
  }
}

export const positionColumns: TableColumn<Position>[] = [
  id,
  owner,
  { key: 'instrument', label: 'Instrument', text: (row) => `${instrumentWords(row.instrument)}, ${tenorWords(row.tenor)}` },
  { key: 'strike', label: 'Strike', numeric: true, text: positionStrike },
  {
    key: 'premium',
    label: 'Premium, BTC',
    numeric: true,
    text: (row) => {
      const fill = fillOf(row);
      return fill ? formatBtc(fill.premiumSats) : `≤ ${formatBtc(row.maxPremiumSats)}`;
    }
  },
  { key: 'size', label: 'On', numeric: true, text: ({ instrument }) => sizeWords(instrument) ?? '' },
  { key: 'payout', label: 'Largest payout, BTC', numeric: true, text: (row) => formatBtc(positionLargestPayout(row)) },
  { key: 'placed', label: 'Placed', text: (row) => formatDateTime(row.placedNs) },
  { key: 'expiry', label: 'Expiry', text: (row) => formatDateMinute(row.expiryNs) },
  { key: 'state', label: 'State', text: stateWords },
  {
    key: 'profit',
    label: 'Trader’s profit, BTC',
    numeric: true,
    text: ({ state }) => (state.kind === 'settled' ? formatBtc(state.receipt.profitSats, 'always') : '')
  }
];

export const depositColumns: TableColumn<Deposit>[] = [
  id,
  owner,
  { key: 'amount', label: 'Amount, BTC', numeric: true, text: (row) => formatBtc(row.amountSats) },
  { key: 'to', label: 'To', text: (row) => targetWords[row.target] },
  { key: 'created', label: 'Asked', text: (row) => formatDateTime(row.createdNs) },
  { key: 'state', label: 'State', wrap: true, text: (row) => transferWords(row.state, 'Credited') }
];

export const withdrawalColumns: TableColumn<Withdrawal>[] = [
  id,
  owner,
  { key: 'amount', label: 'Amount, BTC', numeric: true, text: (row) => formatBtc(row.amountSats) },
  { key: 'fee', label: 'Fee, BTC', numeric: true, text: (row) => formatBtc(row.feeSats) },
  { key: 'from', label: 'From', text: (row) => (row.fromTreasury ? 'Treasury' : 'Trader') },
  { key: 'to', label: 'To', mono: true, text: (row) => shortPrincipal(row.to), title: (row) => row.to },
  { key: 'created', label: 'Asked', text: (row) => formatDateTime(row.createdNs) },
  { key: 'state', label: 'State', wrap: true, text: (row) => transferWords(row.state, 'Paid') }
];

export const auditColumns: TableColumn<AuditEntry>[] = [
  id,
  { key: 'at', label: 'Time', text: (row) => formatDateTime(row.atNs) },
  { key: 'who', label: 'Who', mono: true, text: (row) => shortPrincipal(row.who), title: (row) => row.who },
  { key: 'action', label: 'Action', text: (row) => row.action },
  { key: 'before', label: 'Before', wrap: true, text: (row) => row.before },
  { key: 'after', label: 'After', wrap: true, text: (row) => row.after },
  { key: 'hash', label: 'Hash', mono: true, text: (row) => row.hash.slice(0, 12), title: (row) => row.hash }
];
