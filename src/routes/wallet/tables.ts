import type { TableColumn } from '$lib/components/table';
import { formatDateTime } from '$lib/components/time';
import { movementWords, shortPrincipal, transferWords } from '$lib/components/words';
import { formatBtc } from '$lib/money/formatBtc';
import type { Movement, Withdrawal } from '$lib/options/types';

export const movementColumns: TableColumn<Movement>[] = [
  { key: 'at', label: 'Time', text: ({ atNs }) => formatDateTime(atNs) },
  {
    key: 'kind',
    label: 'What',
    text: ({ kind, reference }) => movementWords[kind] + (reference === undefined ? '' : `, no. ${reference}`)
  },
  {
    key: 'amount',
    label: 'Amount, BTC',
    numeric: true,
    text: ({ amountSats }) => formatBtc(amountSats, 'always'),
    tone: ({ amountSats }) => (amountSats > 0n ? 'up' : undefined)
  },
  { key: 'balance', label: 'Balance after, BTC', numeric: true, text: ({ balanceAfterSats }) => formatBtc(balanceAfterSats) }
];

export const withdrawalColumns: TableColumn<Withdrawal>[] = [
  { key: 'created', label: 'Asked', text: ({ createdNs }) => formatDateTime(createdNs) },
  { key: 'amount', label: 'Amount, BTC', numeric: true, text: ({ amountSats }) => formatBtc(amountSats) },
  { key: 'fee', label: 'Fee, BTC', numeric: true, text: ({ feeSats }) => formatBtc(feeSats) },
  { key: 'to', label: 'To', mono: true, text: ({ to }) => shortPrincipal(to), title: ({ to }) => to },
  { key: 'state', label: 'State', wrap: true, text: ({ state }) => transferWords(state, 'Paid') }
];
