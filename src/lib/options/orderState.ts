import { secondsUntil } from './minutes';
import type { Position } from './types';

/**
 * pending: cancellable until its fill minute begins; filling: that minute has begun, the price is being fetched;
 * open: counting down to expiry; settling: expired, the price of the expiry minute is being fetched; then final: settled,
 * cancelled or voided. unknown: a state of a newer canister, about which nothing is promised.
 */
type OrderPhase = 'pending' | 'filling' | 'open' | 'settling' | 'settled' | 'cancelled' | 'voided' | 'unknown';

export interface OrderProgress {
  readonly phase: OrderPhase;
  /** What the countdown runs to: the fill minute or the expiry; undefined when nothing is counted down. */
  readonly targetNs: bigint | undefined;
  readonly secondsLeft: number | undefined;
  readonly cancellable: boolean;
}

export function orderProgress(position: Position, nowNs: bigint): OrderProgress {
  switch (position.state.kind) {
    case 'pending':
      return nowNs < position.fillMinuteNs ? counting('pending', position.fillMinuteNs, nowNs) : waiting('filling');
    case 'open':
      return nowNs < position.expiryNs ? counting('open', position.expiryNs, nowNs) : waiting('settling');
    default:
      return waiting(position.state.kind);
  }
}

/** Whether something will still happen to it by itself, or may for all this page knows. */
export function isActive(position: Position): boolean {
  return ['pending', 'open', 'unknown'].includes(position.state.kind);
}

/** States only move forward: pending, then open, then settled, cancelled or voided. A lower rank is an older answer. */
export function stateRank(position: Position): number {
  return position.state.kind === 'pending' ? 0 : position.state.kind === 'open' ? 1 : 2;
}

function counting(phase: 'pending' | 'open', targetNs: bigint, nowNs: bigint): OrderProgress {
  return { phase, targetNs, secondsLeft: secondsUntil(targetNs, nowNs), cancellable: phase === 'pending' };
}

function waiting(phase: OrderPhase): OrderProgress {
  return { phase, targetNs: undefined, secondsLeft: undefined, cancellable: false };
}
