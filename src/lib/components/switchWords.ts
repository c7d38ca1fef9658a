import type { SwitchedOffBy, SwitchName } from '$lib/services/switches';

/** What each switch is called, and what happens while it is off. */
export const switchWords: Record<SwitchName, { label: string; whenOff: string }> = {
  balances: { label: 'Balances', whenOff: 'The legacy platform’s account is shown; the last balance here is marked as old.' },
  admin: { label: 'Console figures', whenOff: 'The console shows the legacy platform’s figures; the last ones here are marked as old.' },
  settlement: {
    label: 'Settlement',
    whenOff:
      'Positions on the legacy platform are settled by the old route; those here are left to the exchange, which settles them by itself.'
  },
  entry: { label: 'New orders', whenOff: 'This page sends no new orders. Settling, cancelling and withdrawing work.' }
};

export const offByWords: Record<SwitchedOffBy, string> = {
  operators: 'off for everybody, by the operators',
  site: 'off for everybody on this site, by its configuration',
  browser: 'off in this browser'
};
