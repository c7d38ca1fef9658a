import { Principal } from '@dfinity/principal';
import { idlFactory } from '../canisters/legacy/legacy.did.js';
import type { _SERVICE, Position as CandidPosition } from '../canisters/legacy/legacy.did';
import { AppError } from '../errors/AppError';
import type { LegacyAccount, LegacyPlatform, LegacyPosition } from '../options/legacy';
import type { Outcome } from '../options/types';
import { createActor } from './actor';
import { query, update, type Caller } from './call';
import { floatToUnits } from './floatToUnits';

interface LegacyRecord {
  readonly positionId: bigint;
  readonly outcome: Outcome;
  readonly payoutCents: bigint;
  readonly profitCents: bigint;
  readonly priceCents: bigint;
}

/** The legacy canister in domain terms: its floats become integers here and nowhere else. Rejects with an AppError only. */
export interface LegacyClient {
  /** null: this principal has no legacy account. */
  getAccount(owner: string): Promise<LegacyAccount | null>;
  /** Oldest first, as the canister keeps them. An update on the wire, so the answer is certified. */
  getPositions(owner: string): Promise<LegacyPosition[]>;
  /** Certified as well. */
  getPosition(id: bigint): Promise<LegacyPosition>;
  recordSettlement(record: LegacyRecord): Promise<void>;
  getPlatform(): Promise<LegacyPlatform>;
}

export function createLegacyClient(caller: Caller): LegacyClient {
  const actor = createActor<_SERVICE>(idlFactory, caller);

  return {
    getAccount: async (owner) => {
      const answer = await query(caller, 'get_user', () => actor.get_user(Principal.fromText(owner)));
      // Its only refusal is "no such user", in words that differ between versions.
      if ('err' in answer) return null;
      const { balance, total_wins, total_losses, net_pnl } = answer.ok;
      return {
        balanceSats: floatToUnits(balance, 8),
        totalWinsCents: floatToUnits(total_wins, 2),
        totalLossesCents: floatToUnits(total_losses, 2),
        netPnlCents: floatToUnits(net_pnl, 2)
      };
    },
    getPositions: async (owner) =>
      (await update(caller, 'get_user_positions', () => actor.get_user_positions(Principal.fromText(owner)))).map(toLegacyPosition),
    getPosition: async (id) => {
      const answer = await update(caller, 'get_position', () => actor.get_position(id));
      if ('err' in answer) throw refused('legacy_not_found', `The legacy platform has no position ${id}.`, answer.err);
      return toLegacyPosition(answer.ok);
    },
    recordSettlement: async ({ positionId, outcome, payoutCents, profitCents, priceCents }) => {
      const answer = await update(caller, 'recordSettlement', () =>
        actor.recordSettlement(positionId, outcome, payoutCents, profitCents, priceCents)
      );
      if ('err' in answer)
        throw refused('legacy_refused', 'The legacy platform refused this settlement. Reload the page to see its state.', answer.err);
    },
    getPlatform: async () => {
      const [wallet, ledger, summary, users] = await Promise.all([
        query(caller, 'get_platform_wallet', () => actor.get_platform_wallet()),
        query(caller, 'get_platform_ledger', () => actor.get_platform_ledger()),
        query(caller, 'get_platform_trading_summary', () => actor.get_platform_trading_summary()),
        query(caller, 'get_all_users', () => actor.get_all_users())
      ]);
      return {
        walletBalanceSats: floatToUnits(wallet.balance, 8),
        walletDepositsSats: floatToUnits(wallet.total_deposits, 8),
        walletWithdrawalsSats: floatToUnits(wallet.total_withdrawals, 8),
        // The canister names them from the platform's side: what it wins, its traders lose.
        traderWinsCents: floatToUnits(ledger.total_losing_trades, 2),
        traderLossesCents: floatToUnits(ledger.total_winning_trades, 2),
        platformNetPnlCents: floatToUnits(ledger.net_pnl, 2),
        totalTrades: summary.total_trades,
        activeTrades: summary.active_trades,
        settledTrades: summary.settled_trades,
        users: BigInt(users.length)
      };
    }
  };
}

function toLegacyPosition(position: CandidPosition): LegacyPosition {
  const settledNs = position.settled_at[0];
  const price = position.settlement_price[0];
  return {
    id: position.id,
    owner: position.user.toText(),
    direction: 'Call' in position.option_type ? 'call' : 'put',
    strikeCents: floatToUnits(position.strike_price, 2),
    entryPriceCents: floatToUnits(position.entry_price, 2),
    expiry: position.expiry,
    contracts: floatToUnits(position.size, 0),
    premiumCents: floatToUnits(position.entry_premium, 2),
    openedNs: position.opened_at,
    state:
      'Active' in position.status
        ? { kind: 'active' }
        : {
            kind: 'settled',
            settledNs,
            priceCents: price === undefined ? undefined : floatToUnits(price, 2),
            pnlCents: floatToUnits(position.pnl, 2)
          }
  };
}

function refused(code: string, message: string, cause: string): AppError {
  return new AppError({ kind: 'request', code, message, canister: 'legacy', cause });
}
