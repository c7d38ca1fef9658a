import { stateRank } from '../options/orderState';
import type { Position } from '../options/types';

/** How long an update's answer outranks queries; a node that lags more than this would be refused anyway. */
const KEEP_MS = 300_000;

/**
 * Positions that an update answered with: certified, so a plain query, answered by one node that may lag, must not make them
 * vanish or fall back to an earlier state.
 */
export class CertifiedPositions {
  readonly #held = new Map<bigint, { position: Position; until: number }>();

  add(position: Position): void {
    this.#held.set(position.id, { position, until: Date.now() + KEEP_MS });
  }

  clear(): void {
    this.#held.clear();
  }

  /** The query's rows, newest first, with everything that is certified and further on. */
  merge(rows: readonly Position[]): Position[] {
    for (const [id, { until }] of this.#held) if (until <= Date.now()) this.#held.delete(id);
    const merged = rows.map((row) => this.#further(row));
    const present = new Set(rows.map(({ id }) => id));
    const missing = [...this.#held.values()].map(({ position }) => position).filter(({ id }) => !present.has(id));
    return [...missing, ...merged].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
  }

  #further(row: Position): Position {
    const held = this.#held.get(row.id)?.position;
    return held !== undefined && held.clientOrderId === row.clientOrderId && stateRank(held) > stateRank(row) ? held : row;
  }
}
