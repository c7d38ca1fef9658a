// The exchange on the embedded Internet Computer, for people: compiles, builds, starts, deploys, and serves until Ctrl-C. `start.ts` runs it.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLocalIc } from 'local-ic';
import { stopSignal } from 'local-ic/large-stack';
import { buildApp } from './lib/buildApp.ts';
import { buildCanisters } from './lib/canisters.ts';
import { appConfig, deployExchange, grantOperator, readDeployment, writeDeployment } from './lib/deploy.ts';
import { serveDev } from './lib/dev.ts';
import { root } from './lib/paths.ts';
import { loadRecording } from './lib/recording.ts';

function port(text: string | undefined, name: string, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) {
    console.error(`--${name} takes a port from 1 to 65535, not "${text}".`);
    process.exit(2);
  }
  return value;
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        fresh: { type: 'boolean', default: false },
        dev: { type: 'boolean', default: false },
        port: { type: 'string' },
        'provider-port': { type: 'string' },
        'controls-port': { type: 'string' },
        'dev-port': { type: 'string' },
        state: { type: 'string' }
      }
    }).values;
  } catch (error) {
    console.error(
      `${(error as Error).message}\nOptions: --fresh, --port N, --provider-port N, --controls-port N, --state FOLDER, --dev, --dev-port N`
    );
    process.exit(2);
  }
}

async function start(): Promise<void> {
  const args = readArguments();
  const apiPort = port(args.port, 'port', 4943);
  const providerPort = port(args['provider-port'], 'provider-port', apiPort + 1);
  const controlsPort = args['controls-port'] === undefined ? undefined : port(args['controls-port'], 'controls-port', 0);
  const devPort = port(args['dev-port'], 'dev-port', 5173);
  const stateDir = args.state ?? join(root, '.local-ic');
  if (args.fresh) await rm(stateDir, { recursive: true, force: true });

  if (!existsSync(join(root, '.cache/canisters')))
    console.log('Compiling the canisters and building the app: about a minute the first time ...');
  const wasms = await buildCanisters();
  if (!args.dev) await buildApp();

  const ic = await createLocalIc({ stateDir });
  const deploymentFile = join(stateDir, 'deployment.json');
  const exchange = await deployExchange(ic, { wasms, recording: await loadRecording(), previous: await readDeployment(deploymentFile) });
  await writeDeployment(deploymentFile, exchange.deployment);

  const origin = `http://localhost:${args.dev ? devPort : apiPort}`;
  const operator = (await ic.identities.list()).find(({ name }) => name === 'Operator') ?? (await ic.identities.create('Operator'));
  await grantOperator(exchange, ic.identities.principalFor(operator.id, origin));

  const config = appConfig(exchange.deployment, { providerUrl: `http://localhost:${providerPort}` });
  const site = { dir: join(root, 'build'), files: { '/config.json': { body: config, contentType: 'application/json' } } };
  const network = await ic.listen({
    port: apiPort,
    provider: { port: providerPort },
    ...(controlsPort !== undefined && { controls: { port: controlsPort } }),
    sites: args.dev ? [] : [site]
  });
  const dev = args.dev ? await serveDev({ port: devPort, apiPort, config }) : undefined;

  const stopped = stopSignal();
  console.log(`
Satstrike runs on the embedded Internet Computer.

  App         ${origin}
  Operator    log in there and choose the identity "Operator"
  Identities  ${network.providerUrl} (local; on mainnet this is Internet Identity)
${network.controlsUrl === undefined ? '' : `  Faults      ${network.controlsUrl} (switches for what goes wrong)\n`}  State       ${stateDir} (kept; start over with: npm start -- --fresh)

Stop with Ctrl-C.`);

  await stopped;
  console.log('\nSaving and stopping ...');
  await dev?.close();
  await network.close();
  await ic.close();
  process.exit(0);
}

try {
  await start();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    console.error(`${message}\nIs another \`npm start\` running? Stop it, or choose another port: npm start -- --port 5943`);
  else console.error(message);
  process.exit(1);
}
