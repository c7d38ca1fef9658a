import { join } from 'node:path';
import { createLocalIc, type LocalIc } from 'local-ic';
import { buildCanisters } from '../../../scripts/lib/canisters.ts';
import { appConfig, deployExchange, grantOperator, type Exchange } from '../../../scripts/lib/deploy.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { loadRecording } from '../../../scripts/lib/recording.ts';

/** A running exchange with the built app in front of it. */
export interface Running {
  readonly ic: LocalIc;
  readonly exchange: Exchange;
  readonly url: string;
  readonly providerUrl: string;
  /** The switches for faults: `connectFaults(running.controlsUrl)`. */
  readonly controlsUrl: string;
  close(): Promise<void>;
}

/** Starts the exchange as `npm start` does, on free ports; `stateDir` keeps it over a restart, `site` is served instead of the app. */
export async function startExchange(
  options: { stateDir?: string; port?: number; providerPort?: number; previous?: Exchange; site?: string } = {}
): Promise<Running> {
  const ic = await createLocalIc(options.stateDir === undefined ? {} : { stateDir: options.stateDir });
  const exchange = await deployExchange(ic, {
    wasms: await buildCanisters(),
    recording: await loadRecording(),
    previous: options.previous?.deployment
  });
  const files: Record<string, { body: string; contentType: string }> = {};
  const network = await ic.listen({
    port: options.port ?? 0,
    provider: { port: options.providerPort ?? 0 },
    controls: { port: 0 },
    sites: [{ dir: options.site ?? join(root, 'build'), files }]
  });
  const url = network.url.replace('127.0.0.1', 'localhost');
  const providerUrl = (network.providerUrl ?? '').replace('127.0.0.1', 'localhost');
  // The provider's address is known only now; the page asks for the configuration later.
  files['/config.json'] = { body: appConfig(exchange.deployment, { providerUrl }), contentType: 'application/json' };
  const operator = (await ic.identities.list()).find(({ name }) => name === 'Operator') ?? (await ic.identities.create('Operator'));
  await grantOperator(exchange, ic.identities.principalFor(operator.id, new URL(url).origin));
  return {
    ic,
    exchange,
    url,
    providerUrl,
    controlsUrl: network.controlsUrl ?? '',
    close: async () => {
      await network.close();
      await ic.close();
    }
  };
}
