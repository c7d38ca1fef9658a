import type { Fact } from '$lib/components/facts';
import type { TableColumn } from '$lib/components/table';
import { formatDateTime } from '$lib/components/time';
import { outcomeWords } from '$lib/components/words';
import { formatBtc } from '$lib/money/formatBtc';
import { formatCents } from '$lib/money/formatUsd';
import type { JournalEntry } from '$lib/settlement/journal';
import type { SettlementFigures } from '$lib/settlement/metrics';

const toNs = (ms: number): bigint => BigInt(Math.round(ms)) * 1_000_000n;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const routeWords = { options: 'Options canister', legacy: 'Old route' } as const;
const stateWords = { pending: 'Open', done: 'Settled', refused: 'Refused' } as const;
const circuitWords = { closed: 'answers', open: 'does not answer', half_open: 'is probed' } as const;

/** How the settlements asked for on this page have gone. */
export function settlementFacts(figures: SettlementFigures): Fact[] {
  const { attempts, failures, mismatches, settled, successRate, latencyMs, last, queued, breakers, storage } = figures;
  const counts = ({ win, tie, loss }: SettlementFigures['settled']['options']): string => `${win} / ${tie} / ${loss}`;
  return [
    { label: 'Open', value: queued.toString(), tone: queued > 0 ? 'down' : undefined, strong: true },
    { label: 'Attempts', value: attempts.toString(), note: attempts > 0 ? `${failures} failed` : undefined },
    { label: 'Receipts that did not agree', value: mismatches.toString(), tone: mismatches > 0 ? 'down' : undefined },
    { label: 'Succeeded', value: successRate === undefined ? 'none yet' : `${(successRate * 100).toFixed(1)} %` },
    { label: 'Won / tied / lost, by the options canister', value: counts(settled.options) },
    { label: 'Won / tied / lost, over the old route', value: counts(settled.legacy) },
    {
      label: 'Time to settle',
      value: latencyMs === undefined ? 'none yet' : seconds(latencyMs.p50),
      note: latencyMs && `p95 ${seconds(latencyMs.p95)}, p99 ${seconds(latencyMs.p99)}, of the last 200`
    },
    {
      label: 'Last one',
      value: last ? `${positionName(last)}: ${outcomeWords[last.outcome]}` : 'none yet',
      note: last && formatDateTime(toNs(last.at))
    },
    { label: 'The options canister', value: circuitWords[breakers.options], tone: breakers.options === 'open' ? 'down' : undefined },
    { label: 'The legacy platform', value: circuitWords[breakers.legacy], tone: breakers.legacy === 'open' ? 'down' : undefined },
    {
      label: 'Kept',
      value: storage === 'indexeddb' ? 'in this browser' : 'on this page only',
      note: storage === 'memory' ? 'its storage is full or blocked' : undefined,
      tone: storage === 'memory' ? 'down' : undefined
    }
  ];
}

function positionName({ home, positionId }: Pick<JournalEntry, 'home' | 'positionId'>): string {
  return home === 'legacy' ? `legacy no. ${positionId}` : `no. ${positionId}`;
}

function payoutWords({ home, result }: JournalEntry): string {
  if (result === undefined) return '';
  return home === 'options' ? `${formatBtc(result.payout)} BTC` : formatCents(result.payout);
}

export const settlementColumns: TableColumn<JournalEntry>[] = [
  { key: 'position', label: 'Position', text: positionName },
  { key: 'state', label: 'State', text: ({ state }) => stateWords[state], tone: ({ state }) => (state === 'done' ? undefined : 'down') },
  { key: 'outcome', label: 'Outcome', text: ({ result }) => (result ? outcomeWords[result.outcome] : '') },
  { key: 'payout', label: 'Payout', numeric: true, text: payoutWords },
  { key: 'route', label: 'Route', text: ({ result }) => (result ? routeWords[result.route] : '') },
  { key: 'latency', label: 'Took', numeric: true, text: ({ latencyMs }) => (latencyMs === undefined ? '' : seconds(latencyMs)) },
  { key: 'attempts', label: 'Attempts', numeric: true, text: ({ attempts }) => attempts.toString() },
  {
    key: 'error',
    label: 'Last error',
    mono: true,
    text: ({ lastError }) => lastError ?? '',
    tone: ({ lastError }) => (lastError ? 'down' : undefined)
  },
  { key: 'updated', label: 'Last looked at', text: ({ updatedAt }) => formatDateTime(toNs(updatedAt)) }
];
