import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type * as candid from '../canisters/options/options.did';
import { fromOrderRequest, toDeposit, toMarket, toMovement, toPosition, toWithdrawal } from './optionsMapping';

const owner = Principal.anonymous();
const fill: candid.Fill = {
  price_e8: 1n,
  strike_e8: 2n,
  sigma_ppm: 3n,
  fair_sats: 4n,
  spread_sats: 5n,
  skew_sats: 6n,
  premium_sats: 15n,
  filled_ns: 7n
};
const position: candid.Position = {
  id: 1n,
  owner,
  client_order_id: 'a',
  instrument: { capped: { direction: { put: null }, notional_sats: 8n, cap_e8: 9n } },
  tenor: '1d',
  strike: { offset: -1n },
  max_premium_sats: 10n,
  max_payout_sats: 11n,
  reserved_payout_sats: 12n,
  placed_ns: 13n,
  fill_minute_ns: 14n,
  expiry_ns: 15n,
  state: { pending: null }
};
const deposit: candid.Deposit = {
  id: 1n,
  owner,
  request_id: 'r',
  amount_sats: 2n,
  created_ns: 3n,
  state: { in_transit: null },
  target: { account: null },
  from_subaccount: true
};
const withdrawal: candid.Withdrawal = {
  id: 1n,
  owner,
  request_id: 'r',
  amount_sats: 2n,
  fee_sats: 1n,
  to: { owner, subaccount: [] },
  created_ns: 3n,
  state: { awaiting_approval: null },
  from_treasury: false
};
/** What a newer canister may answer with one day. */
const newer = { something_new: null } as never;

describe('the border to the options canister', () => {
  it('hands a capped option over in both directions', () => {
    expect(toPosition(position)).toMatchObject({
      instrument: { kind: 'capped', direction: 'put', notionalSats: 8n, capE8: 9n },
      maxPayoutSats: 11n,
      reservedPayoutSats: 12n
    });
    const request = {
      clientOrderId: 'a',
      instrument: { kind: 'capped', direction: 'call', notionalSats: 8n, capE8: 9n },
      tenor: '1m',
      strike: { kind: 'at', priceE8: 5n },
      maxPremiumSats: 10n
    } as const;
    expect(fromOrderRequest({ ...request, maxPayoutSats: 11n })).toEqual({
      client_order_id: 'a',
      instrument: { capped: { direction: { call: null }, notional_sats: 8n, cap_e8: 9n } },
      tenor: '1m',
      strike: { at: 5n },
      max_premium_sats: 10n,
      max_payout_sats: [11n]
    });
    const digital = { kind: 'digital', direction: 'put', payoutSats: 7n } as const;
    expect(fromOrderRequest({ ...request, instrument: digital, maxPayoutSats: undefined })).toMatchObject({
      instrument: { digital: { direction: { put: null }, payout_sats: 7n } },
      max_payout_sats: []
    });
  });

  it('knows voided positions and withdrawals that wait for approval', () => {
    expect(toPosition({ ...position, state: { voided: { fill, voided_ns: 9n } } }).state).toMatchObject({
      kind: 'voided',
      fill: { premiumSats: 15n },
      voidedNs: 9n
    });
    expect(toWithdrawal(withdrawal).state).toEqual({ kind: 'awaiting_approval' });
    expect(toDeposit(deposit)).toMatchObject({ target: 'account', fromSubaccount: true, state: { kind: 'in_transit' } });
  });

  it('calls what it doesn’t know unknown', () => {
    expect(toPosition({ ...position, state: newer }).state).toEqual({ kind: 'unknown' });
    expect(toDeposit({ ...deposit, state: newer, target: newer })).toMatchObject({ state: { kind: 'unknown' }, target: 'unknown' });
    expect(toWithdrawal({ ...withdrawal, state: newer }).state).toEqual({ kind: 'unknown' });
    const movement = { id: 1n, at_ns: 2n, amount_sats: 3n, balance_after_sats: 4n, reference: [] } as const;
    expect(toMovement({ ...movement, kind: [], reference: [] }).kind).toBe('unknown');
    expect(toMovement({ ...movement, kind: [newer], reference: [] }).kind).toBe('unknown');
    expect(toMovement({ ...movement, kind: [{ void_refund: null }], reference: [] }).kind).toBe('void_refund');
    const tenor = { name: 'x', schedule: newer, volatility: newer, band_ppm: 1n, strike_grid_e8: 2n, enabled: true };
    const market = {
      now_ns: 1n,
      price: [],
      entry: { open: null },
      tenors: [{ tenor, sigma_ppm: 3n, expiry_ns: 4n, settles_at_mean: true }],
      settings: {},
      flags: { balances: true, admin: true, settlement: false },
      treasury_available_sats: 1n,
      utilisation_ppm: 0n,
      version: '9'
    } as unknown as candid.Market;
    expect(toMarket(market)).toMatchObject({
      tenors: [{ schedule: { kind: 'unknown' }, volatility: { kind: 'unknown' }, sigmaPpm: 3n, expiryNs: 4n, settlesAtMean: true }],
      flags: { settlement: false }
    });
  });
});
