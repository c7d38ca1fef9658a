// A network of its own with the exchange deployed on it, in a thread of its own: the tests fake their timers, the network must not notice.
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { compileMotoko, createLocalIc } from 'local-ic';
import { buildCanisters } from '../../../scripts/lib/canisters.ts';
import { appConfig, deployer, deployExchange, grantOperator } from '../../../scripts/lib/deploy.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { loadRecording } from '../../../scripts/lib/recording.ts';
import { init } from '../../../src/lib/canisters/legacy/legacy.did.js';
import { NETWORK_SEED, type Answer, type NetworkCall, type Question } from './networkProtocol.ts';

const startNs = 1_795_348_800_000_000_000n;

const wasms = await buildCanisters();
const ic = await createLocalIc({ clock: { startNs }, seed: NETWORK_SEED });
const exchange = await deployExchange(ic, { wasms, recording: loadRecording() });
const { url } = await ic.listen({ port: 0 });

async function perform(call: NetworkCall): Promise<unknown> {
  switch (call.kind) {
    case 'config':
      return { config: appConfig(exchange.deployment, { providerUrl: 'http://localhost:4944' }), url };
    case 'now':
      return ic.now();
    case 'advance':
      await ic.advance(call.ns);
      return ic.now();
    case 'stop':
      return ic.stopCanister(exchange.ids[call.canister], deployer);
    case 'start':
      return ic.startCanister(exchange.ids[call.canister], deployer);
    case 'addFault':
      return ic.faults.add(call.rule).number;
    case 'fired':
      return ic.faults.rules.find(({ number }) => number === call.rule)?.fired ?? 0;
    case 'clearFaults':
      return ic.faults.clear();
    case 'createEmptyCanister':
      return (await ic.createCanister({ controllers: [deployer] })).toText();
    case 'deployStranger': {
      const { wasm } = await compileMotoko({ entry: join(import.meta.dirname, 'stranger.mo'), cacheDir: join(root, '.cache/motoko') });
      const canisterId = await ic.createCanister({ controllers: [deployer] });
      await ic.installCode({ canisterId, wasm, sender: deployer });
      return canisterId.toText();
    }
    case 'grantOperator':
      return grantOperator(exchange, Principal.fromText(call.principal));
    case 'openLegacyAccount': {
      const { legacy } = exchange.as(deployer);
      await legacy.create_user(Principal.fromText(call.principal));
      return legacy.admin_credit_user_balance(Principal.fromText(call.principal), call.btc);
    }
    case 'legacyBalance': {
      const account = await exchange.as(deployer).legacy.get_user(Principal.fromText(call.principal));
      if ('err' in account) throw new Error(account.err);
      return BigInt(Math.round(account.ok.balance * 1e8));
    }
    case 'placeLegacyTrade': {
      const { legacy, options } = exchange.as(deployer);
      const [price] = (await options.get_market()).price;
      if (price === undefined) throw new Error('There is no price yet.');
      const entry = price.price_e8 / 1_000_000n;
      const strike = call.direction === 'call' ? entry + 250n : entry - 250n;
      const placed = await legacy.place_trade_simple(
        Principal.fromText(call.principal),
        call.direction,
        250n,
        call.expiry,
        call.contracts,
        entry,
        strike
      );
      if ('err' in placed) throw new Error(placed.err);
      return placed.ok;
    }
    case 'misbehave':
      // All its accounts go with it: a platform that is set up anew.
      return ic.installCode({
        canisterId: exchange.ids.legacy,
        wasm: wasms.legacy,
        arg: new Uint8Array(IDL.encode(init({ IDL }), [{ operators: [deployer], options: [exchange.ids.options], badly_behaved: true }])),
        mode: 'reinstall',
        sender: deployer
      });
    case 'close':
      await ic.close();
      return undefined;
  }
}

parentPort?.on('message', ({ id, call }: Question) => {
  const send = (answer: Answer): void => parentPort?.postMessage(answer);
  perform(call).then(
    (value) => send({ id, value }),
    (error: unknown) => send({ id, error: String(error) })
  );
});
parentPort?.postMessage({ id: 0, value: undefined } satisfies Answer);
