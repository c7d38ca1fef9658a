import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, HttpAgent } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { ballastIdl, type Ballast } from './ballast.ts';
import { startServer, type BenchServer, type Method } from './benchServer.ts';
import { goal, rate, type Row } from './measure.ts';
import { createSender, signRequests } from './signedRequests.ts';

const SECONDS = 4;
const REQUESTS = 3_000;
const GOALS = { increment: 400, get: 1_500 } as const;
const NAMES = { increment: 'updates', get: 'queries' } as const;
const METHODS = ['increment', 'get'] as const;
const CONCURRENCIES = [1, 32] as const;

const atOnce = (count: number): string => (count === 1 ? 'one at a time' : `${count} at once`);

const signedBeforehand = (method: Method, concurrency: number): string =>
  `${NAMES[method]} through HTTP, signed beforehand, ${atOnce(concurrency)}`;

/** What the server does when its client costs nothing: it signed its requests beforehand and looks at no answer. */
async function serverAlone(server: BenchServer, method: Method, concurrency: number) {
  const requests = await signRequests(server, method, REQUESTS);
  const before = await server.processorMs();
  const start = performance.now();
  const sender = createSender();
  const worker = async (): Promise<void> => {
    for (let next = requests.pop(); next !== undefined; next = requests.pop()) await sender.send(next);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const perSecond = (REQUESTS * 1_000) / (performance.now() - start);
  sender.close();
  return { perSecond, processorMs: ((await server.processorMs()) - before) / REQUESTS };
}

/** The real agent. Without verification it takes the network's word for everything, which only a measurement of the server may do. */
async function createClient({ url, canisterId }: BenchServer, verifies: boolean): Promise<Ballast> {
  const identity = Ed25519KeyIdentity.generate();
  const agent = await HttpAgent.create({ host: url, identity, shouldFetchRootKey: true, verifyQuerySignatures: verifies });
  const unverified = verifies ? {} : { blsVerify: async () => true };
  return Actor.createActor<Ballast>(ballastIdl, { agent, canisterId, ...unverified });
}

async function serverRows(server: BenchServer): Promise<Row[]> {
  const rows: Row[] = [];
  for (const method of METHODS) {
    for (const concurrency of CONCURRENCIES) {
      await serverAlone(server, method, concurrency); // warm
      const what = signedBeforehand(method, concurrency);
      const { perSecond, processorMs } = await serverAlone(server, method, concurrency);
      rows.push({ what, value: perSecond, unit: '/s', ...goal(GOALS[method]) });
      rows.push({ what: `${what}: server's processor time`, value: processorMs, unit: 'ms', ...goal(1_000 / GOALS[method]) });
    }
  }
  return rows;
}

async function agentRows(server: BenchServer, alone: Row[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const verifies of [false, true]) {
    const client = await createClient(server, verifies);
    for (const method of METHODS) {
      for (const concurrency of CONCURRENCIES) {
        await rate(() => client[method](), concurrency, 1); // warm
        const { perSecond } = await rate(() => client[method](), concurrency, SECONDS);
        const what = `${NAMES[method]} through HTTP, agent ${verifies ? 'verifying' : 'not verifying'}, ${atOnce(concurrency)}`;
        const other = alone.find((row) => row.what === signedBeforehand(method, concurrency))?.value ?? Number.NaN;
        rows.push({ what, value: perSecond, unit: '/s', comparedWith: 'signed beforehand', other });
      }
    }
  }
  return rows;
}

/** Every update must have been run, or the figures are of something else. */
async function checkCount(server: BenchServer, expected: bigint): Promise<void> {
  const count = await (await createClient(server, true)).get();
  if (count !== expected) throw new Error(`${expected} updates were sent, but the canister counted ${count}`);
}

/** The HTTP interface, its client in another process than the network: with the real agent, and with requests that it signed beforehand. */
export async function http(): Promise<Row[]> {
  const stateDir = await mkdtemp(join(tmpdir(), 'local-ic-bench-'));
  const server = await startServer();
  try {
    const rows = await serverRows(server);
    await checkCount(server, BigInt(2 * CONCURRENCIES.length * REQUESTS));
    rows.push(...(await agentRows(server, rows)));
    const durable = await startServer(stateDir);
    try {
      await serverAlone(durable, 'increment', 32); // warm
      const { perSecond } = await serverAlone(durable, 'increment', 32);
      rows.push({
        what: `${signedBeforehand('increment', 32)}, state directory`,
        value: perSecond,
        unit: '/s',
        ...goal(400)
      });
    } finally {
      await durable.close();
    }
    return rows;
  } finally {
    await server.close();
    await rm(stateDir, { recursive: true, force: true });
  }
}
