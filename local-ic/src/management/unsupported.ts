import { refusal } from './refusal.ts';
import type { ManagementMethod, MethodTable } from './ManagementCall.ts';

const THRESHOLD_KEYS = [
  'ecdsa_public_key',
  'sign_with_ecdsa',
  'schnorr_public_key',
  'sign_with_schnorr',
  'vetkd_public_key',
  'vetkd_derive_key'
];
const BITCOIN = [
  'bitcoin_get_balance',
  'bitcoin_get_utxos',
  'bitcoin_get_block_headers',
  'bitcoin_get_current_fee_percentiles',
  'bitcoin_send_transaction'
];

/** What this network has not; it says so rather than make an answer up. */
export function unsupportedMethods(): MethodTable {
  const refusing =
    (because: string) =>
    (name: string): [string, ManagementMethod] => {
      const run = (): never => {
        throw refusal('IC0406', `${name} is not supported by this local network: ${because}`);
      };
      return [name, { run, canistersOnly: true }];
    };
  return Object.fromEntries([
    ...THRESHOLD_KEYS.map(refusing('it holds no threshold keys. Use a stand-in canister for signatures in tests.')),
    ...BITCOIN.map(refusing('it is connected to no Bitcoin network. Use a stand-in canister for Bitcoin in tests.'))
  ]);
}
