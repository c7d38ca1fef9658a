import type { Outcome } from './types';

/** The legacy platform's figures, converted once at `lib/ic`: BTC floats to satoshis, USD floats to cents (bigint). */
export interface LegacyAccount {
  readonly balanceSats: bigint;
  readonly totalWinsCents: bigint;
  readonly totalLossesCents: bigint;
  readonly netPnlCents: bigint;
}
export interface LegacyPosition {
  readonly id: bigint;
  readonly owner: string;
  readonly direction: 'call' | 'put';
  readonly strikeCents: bigint;
  readonly entryPriceCents: bigint;
  /** "5s" | "10s" | "15s" on the live canister; unknown texts are shown, never settled. */
  readonly expiry: string;
  readonly contracts: bigint;
  readonly premiumCents: bigint;
  readonly openedNs: bigint;
  readonly state:
    | { readonly kind: 'active' }
    | {
        readonly kind: 'settled';
        readonly settledNs: bigint | undefined;
        readonly priceCents: bigint | undefined;
        readonly pnlCents: bigint;
      };
}
/** Platform wallet, ledger and trading summary for the operator. Wins and losses are from the traders' side here. */
export interface LegacyPlatform {
  readonly walletBalanceSats: bigint;
  readonly walletDepositsSats: bigint;
  readonly walletWithdrawalsSats: bigint;
  readonly traderWinsCents: bigint;
  readonly traderLossesCents: bigint;
  readonly platformNetPnlCents: bigint;
  readonly totalTrades: bigint;
  readonly activeTrades: bigint;
  readonly settledTrades: bigint;
  readonly users: bigint;
}
export interface LegacySettlement {
  readonly positionId: bigint;
  readonly outcome: Outcome;
  readonly payoutCents: bigint;
  readonly profitCents: bigint;
  readonly priceE8: bigint;
  readonly priceMinuteNs: bigint;
  readonly alreadySettled: boolean;
  /** options: settle_legacy on the options canister; legacy: the old route, recordSettlement, by the browser. */
  readonly route: 'options' | 'legacy';
}
