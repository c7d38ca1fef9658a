import { readFileSync } from 'node:fs';
import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIdentity, createLocalIc, type LocalIc } from '../src/index.ts';
import { agentFixtureInterface, type AgentFixture } from './support/agentFixture.ts';
import { counter as idlFactory, timers, type Counter, type Timers } from './support/interfaces.ts';
import { fixtureWasm, initArgument, START_NS } from './support/network.ts';
import { talker, type Talker } from './support/talker.ts';

/**
 * The examples of docs/from-pic.md. They stand in the page as they stand here, indentation aside; the last tests see to that.
 */
const arg = initArgument({ start: 0n });
let wasm: Uint8Array;
let ic: LocalIc;
beforeAll(async () => {
  wasm = await fixtureWasm('counter');
});
beforeEach(async () => {
  ic = await createLocalIc({ seed: 'examples', clock: { startNs: START_NS } });
});
afterEach(() => ic.close());

const setupCounter = () => ic.setupCanister<Counter>({ idlFactory, wasm, arg });

interface Management {
  canister_status(of: { canister_id: Principal }): Promise<{ module_hash: [] | [Uint8Array] }>;
}
const managementInterface: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    canister_status: IDL.Func([IDL.Record({ canister_id: IDL.Principal })], [IDL.Record({ module_hash: IDL.Opt(IDL.Vec(IDL.Nat8)) })])
  });

describe('the examples', () => {
  it('a whole test', async () => {
    const ic = await createLocalIc({ seed: 'my test', clock: { startNs: 1_700_000_000_000_000_000n } });
    const { canisterId, actor } = await ic.setupCanister<Counter>({ idlFactory, wasm, arg });
    expect(await actor.increment()).toBe(1n);
    await ic.close();
    expect(canisterId.toText()).toBe('rwlgt-iiaaa-aaaaa-aaaaa-cai');
  });

  it('rejects', async () => {
    const { actor } = await setupCounter();
    await expect(actor.growAndTrap(1n)).rejects.toMatchObject({ code: 5, errorCode: 'IC0503', method: 'growAndTrap' });
  });

  it('canisters', async () => {
    const ada = createIdentity('Ada');
    const { canisterId, actor } = await ic.setupCanister<Counter>({ idlFactory, wasm, arg, sender: ada, cycles: 5_000_000_000_000n });
    await actor.increment();
    await ic.installCode({ canisterId, wasm, arg, mode: 'upgrade', keepMemory: true, sender: ada });
    expect(await actor.get()).toBe(1n);
    await ic.installCode({ canisterId, wasm, arg, mode: 'reinstall', sender: ada });
    expect(await actor.get()).toBe(0n);
  });

  it('settings', async () => {
    const { canisterId } = await setupCounter();
    await ic.updateSettings(canisterId, { freezingThreshold: 0n });
    const { settings, memorySize } = await ic.canisterStatus(canisterId);
    expect(settings.freezingThreshold).toBe(0n);
    expect(memorySize).toBeGreaterThan(0n);
    const balance = await ic.addCycles(canisterId, 1_000_000_000_000n);
    expect(ic.engine.cycles(canisterId).balance).toBe(balance);
  });

  it('senders', async () => {
    const agentFixture = await fixtureWasm('agent');
    const { actor } = await ic.setupCanister<AgentFixture>({ idlFactory: agentFixtureInterface, wasm: agentFixture });
    const ada = createIdentity('Ada');
    const asAda = ic.as(actor, ada);
    expect((await asAda.whoAmI()).toText()).toBe(ada.getPrincipal().toText());
    expect((await ic.as(actor, Principal.anonymous()).whoAmI()).isAnonymous()).toBe(true);
  });

  it('time', async () => {
    const { actor } = await ic.setupCanister<Timers>({ idlFactory: timers, wasm: await fixtureWasm('timers') });
    const start = ic.now();
    await actor.once(90n, 'later');
    await ic.advance(3_600_000_000_000n);
    expect(await actor.log()).toEqual([['later', start + 90_000_000_000n]]);
    await ic.advanceTo(BigInt(Date.UTC(2027, 0, 1)) * 1_000_000n);
    expect(ic.now()).toBe(1_798_761_600_000_000_000n);
  });

  it("calls that aren't waited for", async () => {
    const { actor } = await setupCounter();
    const first = ic.deferred(actor).increment();
    const second = ic.deferred(actor).increment();
    expect(first.status).toBe('processing');
    await ic.idle();
    expect(first.status).toBe('replied');
    expect(await second.answer()).toBe(2n);
  });

  it('what a call took', async () => {
    const talkerWasm = await fixtureWasm('talker');
    const callee = await ic.createCanister();
    const { canisterId, actor } = await ic.setupCanister<Talker>({ idlFactory: talker, wasm: talkerWasm, arg: initArgument({ callee }) });
    await ic.installCode({ canisterId: callee, wasm: talkerWasm, arg: initArgument({ callee: canisterId }) });
    const { value, instructions, canisters, logs } = await ic.reporting(actor).talk('Ada', 1n);
    expect(value).toBe(1n);
    expect(instructions).toBeLessThan(10_000_000n);
    expect(canisters.map(({ executions }) => executions)).toEqual([2, 1]);
    expect(logs.at(-1)).toBe(`[Canister ${canisterId.toText()}] Ada is done`);
    const failed = await ic.report({ canisterId, method: 'talkAndTrap', arg: new Uint8Array(IDL.encode([IDL.Text], ['Ada'])) });
    expect(failed.result).toMatchObject({ kind: 'reject', errorCode: 'IC0503' });
    expect(failed.instructions).toBeGreaterThan(0n);
  });

  it('snapshots of the network', async () => {
    const { canisterId, actor } = await setupCounter();
    const snapshot = ic.snapshot();
    await actor.increment();
    const fork = await snapshot.fork();
    expect(await actor.get()).toBe(1n);
    expect(await fork.actor<Counter>(idlFactory, canisterId).get()).toBe(0n);
    await fork.close();
  });

  it('stable memory', async () => {
    const { canisterId, actor } = await setupCounter();
    const bytes = ic.engine.stableMemory(canisterId);
    await ic.engine.setStableMemory(canisterId, bytes);
    expect(ic.engine.stableMemory(canisterId)).toEqual(bytes);
    expect(await actor.increment()).toBe(1n);
  });

  it('the management canister', async () => {
    const { canisterId } = await setupCounter();
    const management = ic.actor<Management>(managementInterface, Principal.managementCanister());
    const { module_hash } = await management.canister_status({ canister_id: canisterId });
    expect(module_hash[0]).toEqual(ic.engine.canister(canisterId)?.moduleHash);
  });

  it('over HTTP', async () => {
    const { canisterId } = await setupCounter();
    const { url, close } = await ic.listen({ port: 0 });
    const agent = await HttpAgent.create({ host: url, rootKey: ic.rootKey, identity: createIdentity('Ada'), shouldSyncTime: true });
    const remote = Actor.createActor<Counter>(idlFactory, { agent, canisterId });
    expect(await remote.increment()).toBe(1n);
    await close();
  });
});

/** The methods of PocketIc and its package at pic-js 0.20 and after, with `fetchRootKey` of its first versions. */
const POCKET_IC =
  `PocketIcServer.start create setupCanister createCanister startCanister stopCanister installCode reinstallCode upgradeCanister
  updateCanisterSettings canisterStatus takeCanisterSnapshot loadCanisterSnapshot listCanisterSnapshots
  deleteCanisterSnapshot downloadCanisterSnapshot uploadCanisterSnapshot createActor createDeferredActor
  queryCall fetchCanisterLogs updateCall submitCall awaitCall ingressStatus tearDown tick getControllers getTime resetTime resetCertifiedTime
  setTime setCertifiedTime advanceTime advanceCertifiedTime getPubKey fetchRootKey verifyCanisterSignature getCanisterSubnetId canisterExists
  getTopology getNnsSubnet getDefaultEffectiveCanisterId getCyclesBalance addCycles setStableMemory getStableMemory getPendingHttpsOutcalls
  mockPendingHttpsOutcall makeLive stopLive createIdentity generateRandomIdentity setPrincipal setIdentity`.split(/\s+/);

describe('the page', () => {
  const page = readFileSync(new URL('../docs/from-pic.md', import.meta.url), 'utf8');
  const withoutIndentation = (text: string): string => text.replace(/^ +/gm, '');
  let network: LocalIc;
  beforeAll(async () => {
    network = await createLocalIc();
  });
  afterAll(() => network.close());

  it('has only examples that run here', () => {
    const tests = withoutIndentation(readFileSync(new URL(import.meta.url), 'utf8'));
    const examples = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => withoutIndentation(code ?? ''));
    expect(examples).toHaveLength(13);
    for (const example of examples) expect(tests).toContain(example);
  });

  it.each(POCKET_IC)('says what %s is here', (method) => {
    const cells = page.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []));
    expect(cells.some((cell) => new RegExp(`\\b${method.replace('.', '\\.')}\\b`).test(cell))).toBe(true);
  });

  it('names nothing that a network does not have', () => {
    const named = new Set([...page.matchAll(/\bic\.(engine\.)?(\w+)/g)].map(([, engine, name]) => `${engine ?? ''}${name}`));
    expect(named.size).toBeGreaterThan(25);
    for (const name of named) {
      const [owner, member] = name.startsWith('engine.') ? [network.engine, name.slice('engine.'.length)] : [network, name];
      expect(member in owner, `ic.${name}`).toBe(true);
    }
  });
});
