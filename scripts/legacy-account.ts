// Gives a trader of the running local network what users of the old platform have: a legacy account with 0.01 test bitcoin and one open 15-second trade.
import { join } from 'node:path';
import { Actor, HttpAgent } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { idlFactory as legacyIdl, type _SERVICE as Legacy } from '../src/lib/canisters/legacy/legacy.did.js';
import { idlFactory as optionsIdl, type _SERVICE as Options } from '../src/lib/canisters/options/options.did.js';
import { deployerIdentity, readDeployment } from './lib/deploy.ts';
import { root } from './lib/paths.ts';

const host = process.env['SATSTRIKE_URL'] ?? 'http://localhost:4943';

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function traderFrom(text: string | undefined): Principal {
  if (text === undefined) fail('Whose? npm run legacy-account -- PRINCIPAL (the Wallet page shows yours, with a copy button)');
  try {
    return Principal.fromText(text);
  } catch {
    fail(`"${text}" is not a principal. Copy it from the Wallet page.`);
  }
}

const trader = traderFrom(process.argv[2]);
const deployment = (await readDeployment(join(root, '.local-ic/deployment.json'))) ?? fail('No local exchange yet: run npm start first.');
const agent = await HttpAgent.create({ host, identity: deployerIdentity, shouldFetchRootKey: true }).catch(() =>
  fail(`Nothing answers at ${host}: is npm start running?`)
);
const legacy = Actor.createActor<Legacy>(legacyIdl, { agent, canisterId: deployment.canisters.legacy });
const options = Actor.createActor<Options>(optionsIdl, { agent, canisterId: deployment.canisters.options });

const [price] = (await options.get_market()).price;
if (!price) fail('There is no price yet: try again in a minute.');
const existing = await legacy.get_user(trader);
if ('err' in existing) {
  const created = await legacy.create_user(trader);
  if ('err' in created) fail(created.err);
  const credited = await legacy.admin_credit_user_balance(trader, 0.01);
  if ('err' in credited) fail(credited.err);
}
const entryCents = price.price_e8 / 1_000_000n;
const offsetCents = 250n;
const placed = await legacy.place_trade_simple(trader, 'call', offsetCents, '15s', 10n, entryCents, entryCents + offsetCents);
if ('err' in placed) fail(placed.err);
console.log(`Legacy account of ${trader.toText()}: trade ${placed.ok} is open (call, strike 2.50 USD above, 15 seconds).`);
