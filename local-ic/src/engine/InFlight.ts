import type { IngressLedger } from './IngressLedger.ts';
import type { Message } from './messages.ts';

/** What is under way between two rounds, apart from the canisters themselves. Plain data. */
export interface InFlight {
  messages: readonly Message[];
  ingress: ReturnType<IngressLedger['capture']>;
}
