import { IDL } from '@dfinity/candid';
import { idlFactory } from '../canisters/options/options.did.js';
import type { _SERVICE, Page } from '../canisters/options/options.did';
import type { LegacySettlement } from '../options/legacy';
import type {
  AccountView,
  AuditEntry,
  Deposit,
  Flags,
  Market,
  Movement,
  OrderRequest,
  Overview,
  Position,
  PositionFilter,
  PriceEntry,
  Quote,
  QuoteRequest,
  Receipt,
  Reserves,
  Role,
  UserRow,
  Withdrawal
} from '../options/types';
import { createActor } from './actor';
import { toAuditEntry, toOverview, toReserves, toUserRow } from './adminMapping';
import { query, update, type Caller } from './call';
import { caseOf, optional, toOpt, unwrap } from './candid';
import type { IcrcAccount } from './icrcAccount';
import {
  fromOrderRequest,
  fromQuoteRequest,
  toAccount,
  toDeposit,
  toMarket,
  toMovement,
  toPosition,
  toPriceEntry,
  toQuote,
  toReceipt,
  toWithdrawal
} from './optionsMapping';

interface Rows<T> {
  readonly rows: T[];
  readonly next: bigint | undefined;
}

/** The options canister in domain terms. Every method rejects with an AppError only. */
export interface OptionsClient {
  getMarket(): Promise<Market>;
  quote(request: QuoteRequest): Promise<Quote>;
  getAccount(): Promise<AccountView>;
  /** The account through consensus: certified, unlike a query's. */
  getCertifiedAccount(): Promise<AccountView>;
  getPositions(filter: PositionFilter, after: bigint | undefined, limit: number): Promise<Rows<Position>>;
  getPosition(id: bigint): Promise<Position>;
  getPositionByClientId(clientOrderId: string): Promise<Position>;
  getMovements(after: bigint | undefined, limit: number): Promise<Rows<Movement>>;
  getDeposit(requestId: string): Promise<Deposit>;
  getWithdrawal(requestId: string): Promise<Withdrawal>;
  getWithdrawals(after: bigint | undefined, limit: number): Promise<Rows<Withdrawal>>;
  placeOrder(request: OrderRequest): Promise<Position>;
  cancelOrder(id: bigint): Promise<Position>;
  deposit(requestId: string, amountSats: bigint): Promise<Deposit>;
  withdraw(requestId: string, amountSats: bigint, to: IcrcAccount): Promise<Withdrawal>;
  settle(id: bigint): Promise<Receipt>;
  settleLegacy(id: bigint): Promise<LegacySettlement>;
  /** Puts a receipt that differs from the caller's own calculation into the audit trail, once a position; 1 to 200 visible characters each. */
  reportMismatch(positionId: bigint, expected: string, received: string): Promise<void>;
  /** The same of a receipt of `settleLegacy`. */
  reportLegacyMismatch(positionId: bigint, expected: string, received: string): Promise<void>;
  /** The price book from a minute on, oldest first. */
  getPrices(fromMinuteNs: bigint, limit: number): Promise<PriceEntry[]>;
  /** The price book's entry of a minute through consensus: certified, unlike a query's. undefined when there is none yet. */
  getCertifiedPrice(minuteNs: bigint): Promise<PriceEntry | undefined>;
  myRoles(): Promise<Role[]>;
  getOverview(): Promise<Overview>;
  getReserves(): Promise<Reserves>;
  /** Has the canister ask the ledger now. */
  checkReserves(): Promise<Reserves>;
  listUsers(after: bigint | undefined, limit: number): Promise<Rows<UserRow>>;
  listPositions(filter: PositionFilter, after: bigint | undefined, limit: number): Promise<Rows<Position>>;
  listDeposits(after: bigint | undefined, limit: number): Promise<Rows<Deposit>>;
  listWithdrawals(after: bigint | undefined, limit: number): Promise<Rows<Withdrawal>>;
  listAudit(after: bigint | undefined, limit: number): Promise<Rows<AuditEntry>>;
  setFlags(flags: Flags): Promise<void>;
  pauseEntry(reason: string): Promise<void>;
  resumeEntry(): Promise<void>;
}

/** The same methods as in the interface, but called as updates, so that the answers come with the subnet's signature. */
const certifiedIdl: IDL.InterfaceFactory = (use) =>
  IDL.Service(
    Object.fromEntries(idlFactory(use)._fields.map(([name, { argTypes, retTypes }]) => [name, IDL.Func(argTypes, retTypes, [])]))
  );

export function createOptionsClient(caller: Caller): OptionsClient {
  const actor = createActor<_SERVICE>(idlFactory, caller);
  const certified = createActor<_SERVICE>(certifiedIdl, caller);
  const page = (after: bigint | undefined, limit: number): Page => ({ after: toOpt(after), limit: BigInt(limit) });

  return {
    getMarket: async () => toMarket(await query(caller, 'get_market', () => actor.get_market())),
    quote: async (request) => toQuote(unwrap(await query(caller, 'quote', () => actor.quote(fromQuoteRequest(request))))),
    getAccount: async () => toAccount(unwrap(await query(caller, 'get_account', () => actor.get_account()))),
    getCertifiedAccount: async () => toAccount(unwrap(await update(caller, 'get_account', () => certified.get_account()))),
    getPositions: async (filter, after, limit) => {
      const request = { filter: fromFilter(filter), page: page(after, limit) };
      return toRows(unwrap(await query(caller, 'get_positions', () => actor.get_positions(request))), toPosition);
    },
    getPosition: async (id) => toPosition(unwrap(await query(caller, 'get_position', () => actor.get_position(id)))),
    getPositionByClientId: async (id) =>
      toPosition(unwrap(await query(caller, 'get_position_by_client_id', () => actor.get_position_by_client_id(id)))),
    getMovements: async (after, limit) =>
      toRows(unwrap(await query(caller, 'get_movements', () => actor.get_movements(page(after, limit)))), toMovement),
    getDeposit: async (id) => toDeposit(unwrap(await query(caller, 'get_deposit', () => actor.get_deposit(id)))),
    getWithdrawal: async (id) => toWithdrawal(unwrap(await query(caller, 'get_withdrawal', () => actor.get_withdrawal(id)))),
    getWithdrawals: async (after, limit) =>
      toRows(unwrap(await query(caller, 'get_withdrawals', () => actor.get_withdrawals(page(after, limit)))), toWithdrawal),

    placeOrder: async (request) =>
      toPosition(unwrap(await update(caller, 'place_order', () => actor.place_order(fromOrderRequest(request))))),
    cancelOrder: async (id) => toPosition(unwrap(await update(caller, 'cancel_order', () => actor.cancel_order(id)))),
    deposit: async (requestId, amountSats) =>
      toDeposit(unwrap(await update(caller, 'deposit', () => actor.deposit({ request_id: requestId, amount_sats: amountSats })))),
    withdraw: async (requestId, amountSats, to) => {
      const request = { request_id: requestId, amount_sats: amountSats, to: { owner: to.owner, subaccount: toOpt(to.subaccount) } };
      return toWithdrawal(unwrap(await update(caller, 'withdraw', () => actor.withdraw(request))));
    },
    settle: async (id) => toReceipt(unwrap(await update(caller, 'settle', () => actor.settle(id)))),
    settleLegacy: async (id) => {
      const receipt = unwrap(await update(caller, 'settle_legacy', () => actor.settle_legacy(id)));
      return {
        positionId: receipt.position_id,
        outcome: caseOf(receipt.outcome),
        payoutCents: receipt.payout_cents,
        profitCents: receipt.profit_cents,
        priceE8: receipt.price_e8,
        priceMinuteNs: receipt.price_minute_ns,
        alreadySettled: receipt.already_settled,
        route: 'options'
      };
    },
    reportMismatch: async (positionId, expected, received) => {
      const report = { position_id: positionId, expected, received };
      unwrap(await update(caller, 'report_mismatch', () => actor.report_mismatch(report)));
    },
    reportLegacyMismatch: async (positionId, expected, received) => {
      const report = { position_id: positionId, expected, received };
      unwrap(await update(caller, 'report_legacy_mismatch', () => actor.report_legacy_mismatch(report)));
    },
    getPrices: async (fromMinuteNs, limit) => {
      const request = { from_minute_ns: fromMinuteNs, limit: BigInt(limit) };
      return (await query(caller, 'get_prices', () => actor.get_prices(request))).map(toPriceEntry);
    },
    getCertifiedPrice: async (minuteNs) => {
      const entry = optional(await update(caller, 'get_price', () => certified.get_price(minuteNs)));
      return entry === undefined ? undefined : toPriceEntry(entry);
    },

    myRoles: async () => (await query(caller, 'my_roles', () => actor.my_roles())).map((role) => caseOf(role)),
    getOverview: async () => toOverview(unwrap(await query(caller, 'get_overview', () => actor.get_overview()))),
    getReserves: async () => toReserves(unwrap(await query(caller, 'get_reserves', () => actor.get_reserves()))),
    checkReserves: async () => toReserves(unwrap(await update(caller, 'check_reserves', () => actor.check_reserves()))),
    listUsers: async (after, limit) =>
      toRows(unwrap(await query(caller, 'list_users', () => actor.list_users(page(after, limit)))), toUserRow),
    listPositions: async (filter, after, limit) => {
      const request = { filter: fromFilter(filter), page: page(after, limit) };
      return toRows(unwrap(await query(caller, 'list_positions', () => actor.list_positions(request))), toPosition);
    },
    listDeposits: async (after, limit) =>
      toRows(unwrap(await query(caller, 'list_deposits', () => actor.list_deposits(page(after, limit)))), toDeposit),
    listWithdrawals: async (after, limit) =>
      toRows(unwrap(await query(caller, 'list_withdrawals', () => actor.list_withdrawals(page(after, limit)))), toWithdrawal),
    listAudit: async (after, limit) =>
      toRows(unwrap(await query(caller, 'list_audit', () => actor.list_audit(page(after, limit)))), toAuditEntry),
    setFlags: async (flags) => void unwrap(await update(caller, 'set_flags', () => actor.set_flags(flags))),
    pauseEntry: async (reason) => void unwrap(await update(caller, 'pause_entry', () => actor.pause_entry(reason))),
    resumeEntry: async () => void unwrap(await update(caller, 'resume_entry', () => actor.resume_entry()))
  };
}

function fromFilter(filter: PositionFilter): { all: null } | { active: null } | { finished: null } {
  switch (filter) {
    case 'all':
      return { all: null };
    case 'active':
      return { active: null };
    case 'finished':
      return { finished: null };
  }
}

function toRows<C, T>(page: { rows: C[]; next: [] | [bigint] }, convert: (row: C) => T): Rows<T> {
  return { rows: page.rows.map(convert), next: optional(page.next) };
}
