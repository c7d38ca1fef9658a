import type { Session } from '$lib/ic/session';
import type { LegacyPosition, LegacySettlement } from '$lib/options/legacy';
import type { Position, Receipt } from '$lib/options/types';
import type { JournalEntry } from '$lib/settlement/journal';
import type { SettlementFigures } from '$lib/settlement/metrics';
import type { Retried } from '$lib/settlement/resumption';
import type { Readable } from 'svelte/store';

/** What this page needs, so that it looks the same with the hub and without it. */
export interface Settling {
  readonly session: Pick<Session, 'state' | 'login' | 'logout'>;
  readonly metrics: Readable<SettlementFigures>;
  readonly positions: Readable<readonly Position[]>;
  readonly legacyPositions: Readable<readonly LegacyPosition[]>;
  settle(id: bigint): Promise<Receipt>;
  settleLegacy(id: bigint): Promise<LegacySettlement>;
  retryFailed(): Promise<Retried>;
  history(): Promise<JournalEntry[]>;
  close(): void;
}
