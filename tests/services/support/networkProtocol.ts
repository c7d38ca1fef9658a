import type { FaultRule } from 'local-ic';
import type { CanisterName } from '../../../scripts/lib/canisters.ts';

/** What the network's keys are made from. */
export const NETWORK_SEED = 'services';

/** What a test can ask of its network beside what any browser can. */
export type NetworkCall =
  | { kind: 'config' | 'now' | 'misbehave' | 'clearFaults' | 'deployStranger' | 'createEmptyCanister' | 'close' }
  | { kind: 'addFault'; rule: FaultRule }
  | { kind: 'fired'; rule: number }
  | { kind: 'advance'; ns: bigint }
  | { kind: 'stop' | 'start'; canister: CanisterName }
  | { kind: 'grantOperator' | 'legacyBalance'; principal: string }
  | { kind: 'openLegacyAccount'; principal: string; btc: number }
  | { kind: 'placeLegacyTrade'; principal: string; direction: 'call' | 'put'; expiry: string; contracts: bigint };

export interface Question {
  id: number;
  call: NetworkCall;
}
/** Id 0: the network is up. */
export type Answer = { id: number; value: unknown } | { id: number; error: string };
