import type { Principal } from '@dfinity/principal';
import { minuteTenor, order, priceE8 } from './exchange.ts';
import { person } from './standins.ts';

/**
 * Who may call what. A column each for: somebody anonymous, a trader (alice, whose position, deposit and withdrawal the arguments name), another trader,
 * an auditor, an operator, an owner, another canister.
 *
 *   yes   the call is worked on; it may still fail for another reason
 *   no    refused for who the caller is: `anonymous`, `forbidden`, or turned away before it ran
 *   none  the answer is `not_found`: what belongs to somebody else is as good as absent
 *
 * A method of the interface without a row fails the test, and so does a row without a method. To add one: its name, seven words, its arguments.
 */
export interface AccessRow {
  method: string;
  /** Seven words: anonymous, trader, other trader, auditor, operator, owner, another canister. */
  access: string;
  args: unknown[];
}

const page = { after: [], limit: 10n };
const to = { owner: person('somebody outside'), subaccount: [] };
/** Holds the role that the row of revoke_role takes away. */
export const formerAuditor: Principal = person('former auditor');
const consent = {
  method: 'settle',
  arg: new Uint8Array(),
  user_preferences: { metadata: { language: 'en', utc_offset_minutes: [] }, device_spec: [] }
};
const fairRequest = { spot_e8: priceE8, strike_e8: priceE8, cap_e8: 10_000_000_000n, seconds: 300n, sigma_ppm: 600_000n };
const http = { method: 'GET', url: '/health', headers: [], body: new Uint8Array() };

const row = (method: string, access: string, ...args: unknown[]): AccessRow => ({ method, access, args });

/** @param settings those in force, so that setting them changes nothing */
export const accessTable = (settings: unknown): AccessRow[] => [
  //                                                   anon  trader other auditor operator owner canister
  row('get_market', '                                  yes   yes    yes   yes     yes      yes   yes'),
  row('get_prices', '                                  yes   yes    yes   yes     yes      yes   yes', { from_minute_ns: 0n, limit: 1n }),
  row('get_price', '                                   yes   yes    yes   yes     yes      yes   yes', 0n),
  row('quote', '                                       yes   yes    yes   yes     yes      yes   yes', quoteOf()),
  row('fair_values', '                                 yes   yes    yes   yes     yes      yes   yes', [fairRequest]),
  row('get_version', '                                 yes   yes    yes   yes     yes      yes   yes'),
  row('get_reserves', '                                yes   yes    yes   yes     yes      yes   yes'),
  row('get_flags', '                                   yes   yes    yes   yes     yes      yes   yes'),
  row('my_roles', '                                    yes   yes    yes   yes     yes      yes   yes'),
  row('http_request', '                                yes   yes    yes   yes     yes      yes   yes', http),
  row('icrc10_supported_standards', '                  yes   yes    yes   yes     yes      yes   yes'),
  row('icrc21_canister_call_consent_message', '        yes   yes    yes   yes     yes      yes   yes', consent),

  row('get_account', '                                 no    yes    yes   yes     yes      yes   yes'),
  row('get_positions', '                               no    yes    yes   yes     yes      yes   yes', { filter: { all: null }, page }),
  row('get_position', '                                no    yes    none  yes     yes      yes   none', 0n),
  row('get_position_by_client_id', '                   no    yes    none  none    none     none  none', 'first'),
  row('get_movements', '                               no    yes    yes   yes     yes      yes   yes', page),
  row('get_deposit', '                                 no    yes    none  none    none     none  none', 'deposit 1'),
  row('get_withdrawal', '                              no    yes    none  none    none     none  none', 'withdrawal 1'),
  row('get_withdrawals', '                             no    yes    yes   yes     yes      yes   yes', page),
  row('place_order', '                                 no    yes    yes   yes     yes      yes   yes', order('of the table')),
  row('cancel_order', '                                no    yes    none  none    none     none  none', 0n),
  row('deposit', '                                     no    yes    yes   yes     yes      yes   yes', {
    request_id: 'a',
    amount_sats: 5_000n
  }),
  row('withdraw', '                                    no    yes    yes   yes     yes      yes   yes', {
    request_id: 'a',
    amount_sats: 5_000n,
    to
  }),
  row('get_deposit_account', '                         no    yes    yes   yes     yes      yes   yes'),
  row('notify_deposit', '                              no    yes    yes   yes     yes      yes   yes'),
  row('cancel_withdrawal', '                           no    none   none  none    none     none  none', 'no such request'),
  row('settle', '                                      no    yes    yes   yes     yes      yes   yes', 1n),
  row('report_mismatch', '                             no    yes    none  none    yes      yes   none', {
    position_id: 0n,
    expected: 'a payout of 1',
    received: 'a payout of 2'
  }),
  row('report_legacy_mismatch', '                      no    none   none  none    none     none  none', {
    position_id: 10n ** 18n,
    expected: 'a payout of 1',
    received: 'a payout of 2'
  }),
  row('settle_legacy', '                               no    none   none  none    none     none  none', 10n ** 18n),

  row('get_overview', '                                no    no     no    yes     yes      yes   no'),
  row('check_reserves', '                              no    no     no    yes     yes      yes   no'),
  row('list_users', '                                  no    no     no    yes     yes      yes   no', page),
  row('list_positions', '                              no    no     no    yes     yes      yes   no', { filter: { all: null }, page }),
  row('list_expiries', '                               no    no     no    yes     yes      yes   no'),
  row('list_positions_at', '                           no    no     no    yes     yes      yes   no', { expiry_ns: 0n, page }),
  row('list_set_aside', '                              no    no     no    yes     yes      yes   no'),
  row('list_deposits', '                               no    no     no    yes     yes      yes   no', page),
  row('list_withdrawals', '                            no    no     no    yes     yes      yes   no', page),
  row('list_awaiting_withdrawals', '                   no    no     no    yes     yes      yes   no', page),
  row('list_proposals', '                              no    no     no    yes     yes      yes   no', page),
  row('get_import_report', '                           no    no     no    yes     yes      yes   no'),
  row('list_imports', '                                no    no     no    yes     yes      yes   no', page),
  row('list_audit', '                                  no    no     no    yes     yes      yes   no', page),
  row('list_roles', '                                  no    no     no    yes     yes      yes   no'),

  row('set_settings', '                                no    no     no    no      yes      yes   no', settings),
  row('set_tenor', '                                   no    no     no    no      yes      yes   no', minuteTenor),
  row('set_flags', '                                   no    no     no    no      yes      yes   no', {
    balances: true,
    admin: true,
    settlement: true
  }),
  row('pause_entry', '                                 no    no     no    no      yes      yes   no', 'For the table.'),
  row('resume_entry', '                                no    no     no    no      yes      yes   no'),
  row('restart_timers', '                              no    no     no    no      yes      yes   no'),
  row('fund_treasury', '                               no    no     no    no      yes      yes   no', {
    request_id: 'b',
    amount_sats: 5_000n
  }),
  row('fund_migration', '                              no    no     no    no      yes      yes   no', {
    request_id: 'c',
    amount_sats: 5_000n
  }),
  row('import_legacy', '                               no    no     no    no      yes      yes   no', 1n),
  row('approve_withdrawal', '                          no    no     no    no      none     none  no', 10n ** 6n),
  row('decline_withdrawal', '                          no    no     no    no      none     none  no', 10n ** 6n, 'For the table.'),
  row('propose', '                                     no    no     no    no      none     none  no', { void: { expiry_ns: 0n } }),
  row('approve', '                                     no    no     no    no      none     none  no', 10n ** 6n),
  row('withdraw_proposal', '                           no    no     no    no      none     none  no', 10n ** 6n),

  row('withdraw_treasury', '                           no    no     no    no      no       yes   no', {
    request_id: 'b',
    amount_sats: 5_000n,
    to
  }),
  row('withdraw_migration', '                          no    no     no    no      no       yes   no', {
    request_id: 'c',
    amount_sats: 5_000n,
    to
  }),
  row('grant_role', '                                  no    no     no    no      no       yes   no', person('new auditor'), {
    auditor: null
  }),
  row('revoke_role', '                                 no    no     no    no      no       yes   no', formerAuditor, { auditor: null })
];

function quoteOf(): unknown {
  const { instrument, tenor, strike } = order('quote');
  return { instrument, tenor, strike };
}
