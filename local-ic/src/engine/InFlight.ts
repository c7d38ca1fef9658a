import type { HeldMessage } from './HeldMessages.ts';
import type { IngressLedger } from './IngressLedger.ts';
import type { Message } from './messages.ts';

/** What is under way between two rounds, apart from the canisters themselves. Plain data. */
export interface InFlight {
  messages: readonly Message[];
  /** What faults hold back. */
  held: readonly HeldMessage[];
  ingress: ReturnType<IngressLedger['capture']>;
}
