import {
  Actor,
  AnonymousIdentity,
  CanisterStatus,
  Certificate,
  Expiry,
  HttpAgent,
  lookupResultToBuffer,
  polling,
  RejectError,
  type HttpAgentOptions,
  type Identity
} from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalIc, type Listening, type LocalIc } from '../src/index.ts';
import { agentFixtureInterface, installAgentFixture, type AgentFixture } from './support/agentFixture.ts';

/** An unmodified agent with every verification on: what it accepts is what a real network would have said. */
describe('@dfinity/agent', () => {
  let ic: LocalIc;
  let server: Listening;
  let canisterId: Principal;

  beforeAll(async () => {
    ic = await createLocalIc();
    canisterId = await installAgentFixture(ic);
    server = await ic.listen({ port: 0 });
  });
  afterAll(() => ic.close());

  const agentFor = (identity: Identity, options: HttpAgentOptions = {}) =>
    HttpAgent.create({ host: server.url, rootKey: ic.rootKey, identity, ...options });
  const actorFor = async (identity: Identity, options?: HttpAgentOptions) =>
    Actor.createActor<AgentFixture>(agentFixtureInterface, { agent: await agentFor(identity, options), canisterId });

  it('learns the root key from /api/v2/status', async () => {
    const agent = await HttpAgent.create({ host: server.url, shouldFetchRootKey: true });
    expect(agent.rootKey).toEqual(ic.rootKey);
    expect(await agent.status()).toMatchObject({ replica_health_status: 'healthy' });
  });

  it('updates and queries, anonymously and with each kind of key', async () => {
    for (const identity of [new AnonymousIdentity(), Ed25519KeyIdentity.generate(), await ECDSAKeyIdentity.generate()]) {
      const actor = await actorFor(identity);
      const before = await actor.get();
      expect(await actor.increment()).toBe(before + 1n);
      expect(await actor.get()).toBe(before + 1n);
      expect(await actor.greet('wörld')).toBe('Hello, wörld!');
      expect((await actor.whoAmI()).toText()).toBe(identity.getPrincipal().toText());
      expect((await actor.whoAmIQuery()).toText()).toBe(identity.getPrincipal().toText());
    }
  });

  it('acts for a user through a delegation, until it expires', async () => {
    const [user, session] = [Ed25519KeyIdentity.generate(), await ECDSAKeyIdentity.generate()];
    const delegated = async (until: number) =>
      actorFor(DelegationIdentity.fromDelegation(session, await DelegationChain.create(user, session.getPublicKey(), new Date(until))), {
        // A refused request stays refused.
        retryTimes: 0
      });
    expect((await (await delegated(Date.now() + 60_000)).whoAmI()).toText()).toBe(user.getPrincipal().toText());
    const expired = await delegated(Date.now() - 1_000);
    await expect(expired.whoAmI()).rejects.toThrow(/Invalid delegation expiry: Specified sender delegation has expired/);
  });

  it('polls for the answer when it asks the older way', async () => {
    const agent = await agentFor(Ed25519KeyIdentity.generate());
    const arg = new Uint8Array(IDL.encode([], []));
    const { requestId, response } = await agent.call(canisterId, { methodName: 'increment', arg, callSync: false });
    expect(response.status).toBe(202);
    const { reply, certificate } = await polling.pollForResponse(agent, canisterId, requestId);
    expect(IDL.decode([IDL.Nat], reply)).toEqual([await (await actorFor(new AnonymousIdentity())).get()]);
    expect(lookupResultToBuffer(certificate.lookup_path(['request_status', requestId, 'status']))).toEqual(
      new TextEncoder().encode('replied')
    );
  });

  it('reports a trap, a reject and the state they leave', async () => {
    const actor = await actorFor(Ed25519KeyIdentity.generate());
    expect(await rejectOf(actor.trap('on purpose'))).toMatchObject({
      rejectCode: 5,
      rejectErrorCode: 'IC0503',
      isCertified: true,
      rejectMessage: expect.stringContaining('on purpose') as string
    });
    expect(await rejectOf(actor.trapInQuery('asked'))).toMatchObject({ rejectCode: 5, rejectErrorCode: 'IC0503', isCertified: false });
    expect(await rejectOf(actor.refuse('no'))).toMatchObject({ rejectCode: 4, rejectMessage: 'no', isCertified: true });
  });

  it('reports what is refused before consensus', async () => {
    const agent = await agentFor(Ed25519KeyIdentity.generate());
    const actor = await actorFor(Ed25519KeyIdentity.generate());
    const before = await actor.get();
    expect(await rejectOf(actor.uninvited())).toMatchObject({ rejectCode: 4, rejectErrorCode: 'IC0406', isCertified: false });
    expect(await actor.get()).toBe(before);

    const nowhere = Actor.createActor<AgentFixture>(agentFixtureInterface, { agent, canisterId: 'uf6dk-hyaaa-aaaaq-qaaaq-cai' });
    expect(await rejectOf(nowhere.increment())).toMatchObject({ rejectCode: 3, rejectErrorCode: 'IC0301', isCertified: false });
    expect(await rejectOf(nowhere.get())).toMatchObject({ rejectCode: 3, rejectErrorCode: 'IC0301' });

    const empty = Actor.createActor<AgentFixture>(agentFixtureInterface, { agent, canisterId: await ic.createCanister() });
    expect(await rejectOf(empty.increment())).toMatchObject({ rejectCode: 5, rejectErrorCode: 'IC0537', isCertified: false });

    await ic.stopCanister(canisterId);
    expect(await rejectOf(actor.increment())).toMatchObject({ rejectCode: 5, rejectErrorCode: 'IC0508', isCertified: false });
    await ic.startCanister(canisterId);
    expect(await actor.increment()).toBe(before + 1n);
  });

  it('reads controllers, module hash, Candid, other metadata, time and subnet', async () => {
    const agent = await agentFor(new AnonymousIdentity());
    const stableTypes = { key: 'stable', path: 'motoko:stable-types', decodeStrategy: 'utf-8' } as const;
    const status = await CanisterStatus.request({
      agent,
      canisterId,
      paths: ['controllers', 'module_hash', 'candid', 'time', 'subnet', stableTypes]
    });
    const record = ic.engine.canister(canisterId);
    expect((status.get('controllers') as Principal[]).map((id) => id.toText())).toEqual(record?.controllers.map((id) => id.toText()));
    expect(status.get('module_hash')).toBe(Buffer.from(record?.moduleHash ?? []).toString('hex'));
    expect(status.get('candid')).toContain('greet: (name: text) -> (text) query');
    expect(status.get('stable')).toContain('count');
    expect(Math.abs((status.get('time') as Date).getTime() - Date.now())).toBeLessThan(5_000);
    expect(status.get('subnet')).toMatchObject({ subnetId: Principal.selfAuthenticating(ic.rootKey).toText() });
  });

  it('shows private metadata to a controller only', async () => {
    const controller = Ed25519KeyIdentity.generate();
    const owned = await installAgentFixture(ic, { controllers: [controller.getPrincipal()], sender: controller.getPrincipal() });
    const labels = ['metadata', 'enhanced-orthogonal-persistence'].map((label) => new TextEncoder().encode(label));
    const paths = [[new TextEncoder().encode('canister'), owned.toUint8Array(), ...labels]];
    const { certificate } = await (await agentFor(controller)).readState(owned, { paths });
    const verified = await Certificate.create({ certificate, rootKey: ic.rootKey, canisterId: owned });
    expect(lookupResultToBuffer(verified.lookup_path(paths[0] ?? []))).toBeInstanceOf(Uint8Array);
    const stranger = await agentFor(Ed25519KeyIdentity.generate(), { retryTimes: 0 });
    await expect(stranger.readState(owned, { paths })).rejects.toThrow(/can only be requested by the controllers/);
  });

  it('certifies data', async () => {
    const actor = await actorFor(new AnonymousIdentity());
    const data = new TextEncoder().encode('thirty-two bytes at the very most');
    await actor.certify(data.slice(0, 32));
    const [certificate] = await actor.certificate();
    const verified = await Certificate.create({ certificate: new Uint8Array(certificate ?? []), rootKey: ic.rootKey, canisterId });
    expect(lookupResultToBuffer(verified.lookup_path(['canister', canisterId.toUint8Array(), 'certified_data']))).toEqual(
      data.slice(0, 32)
    );
  });

  it('executes a replayed envelope once and answers it the same', async () => {
    let sent: { url: string; init: RequestInit } | undefined;
    const recording: typeof fetch = (input, init) => {
      if (String(input).endsWith('/call') && init !== undefined) sent = { url: String(input), init };
      return fetch(input, init);
    };
    const actor = await actorFor(Ed25519KeyIdentity.generate(), { fetch: recording });
    const count = await actor.increment();
    for (let i = 0; i < 3; i += 1) {
      const response = await fetch(sent?.url ?? '', sent?.init);
      expect(response.status).toBe(200);
    }
    expect(await actor.get()).toBe(count);
  });

  it('refuses a call that came too late', async () => {
    const agent = await agentFor(Ed25519KeyIdentity.generate());
    agent.addTransform('update', async (request) => {
      if ('ingress_expiry' in request.body) request.body.ingress_expiry = Expiry.fromDeltaInMilliseconds(-60_000);
      return request;
    });
    const actor = Actor.createActor<AgentFixture>(agentFixtureInterface, { agent, canisterId });
    await expect(actor.increment()).rejects.toThrow(/Invalid request expiry: Specified ingress_expiry not within expected range/);
  });
});

describe('an agent whose clock is wrong', () => {
  it("learns the network's time and goes on", async () => {
    const hour = 3_600_000_000_000n;
    const ic = await createLocalIc({ clock: { startNs: BigInt(Date.now()) * 1_000_000n - 5n * hour } });
    try {
      const canisterId = await installAgentFixture(ic);
      const { url } = await ic.listen({ port: 0 });
      const agent = await HttpAgent.create({ host: url, rootKey: ic.rootKey, identity: Ed25519KeyIdentity.generate() });
      const actor = Actor.createActor<AgentFixture>(agentFixtureInterface, { agent, canisterId });
      expect(await actor.increment()).toBe(1n);
      expect(agent.hasSyncedTime()).toBe(true);
      expect(Math.abs(agent.getTimeDiffMsecs() + 5 * 3_600_000)).toBeLessThan(60_000);
      expect(await actor.get()).toBe(1n);
    } finally {
      await ic.close();
    }
  });
});

/** The reject an agent's error carries. */
async function rejectOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason
  );
  if (!(error instanceof RejectError)) throw new Error(`not rejected: ${String(error)}`);
  return error.code;
}
