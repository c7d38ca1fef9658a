import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const principal = /^[a-z2-7]{5}(-[a-z2-7]{1,5})+$/;

/**
 * The app's configuration when dfx builds it: dfx names the network in DFX_NETWORK and every canister's id in CANISTER_ID_<NAME>. Outside dfx
 * there is nothing to write: `npm start` serves a configuration of its own.
 * @throws when the network is one this build can't serve, or an id is missing or malformed.
 */
export function dfxConfig(env: Record<string, string | undefined>): string | undefined {
  const network = env['DFX_NETWORK'];
  if (network === undefined) return undefined;
  if (network !== 'ic') {
    throw new Error(`DFX_NETWORK is "${network}": the app is configured for "ic" by dfx, and for the local network by npm start.`);
  }
  const id = (name: string): string => {
    const value = env[`CANISTER_ID_${name}`];
    if (value === undefined || !principal.test(value))
      throw new Error(`CANISTER_ID_${name} should be a canister id, and is ${value ?? 'not set'}.`);
    return value;
  };
  const config: Record<string, unknown> = {
    network: 'ic',
    host: 'https://icp-api.io',
    canisters: { options: id('OPTIONS'), ledger: id('LEDGER') },
    identityProvider: 'https://id.ai',
    testBitcoin: false
  };
  // Only where a legacy platform runs: its canister's id is given, the stand-in is never deployed there.
  if (env['SATSTRIKE_LEGACY_CANISTER'])
    config['canisters'] = { ...(config['canisters'] as object), legacy: env['SATSTRIKE_LEGACY_CANISTER'] };
  // So that people keep the principal they had at the old address.
  if (env['SATSTRIKE_DERIVATION_ORIGIN']) config['derivationOrigin'] = env['SATSTRIKE_DERIVATION_ORIGIN'];
  return JSON.stringify(config, null, 2);
}

/** Writes build/config.json when dfx builds; does nothing otherwise. */
export async function writeDfxConfig(buildDir: string): Promise<void> {
  const config = dfxConfig(process.env);
  if (config !== undefined) await writeFile(join(buildDir, 'config.json'), config);
}
