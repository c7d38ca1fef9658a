import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, STRANGER } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program, type Program } from '../universal/Program.ts';
import {
  rejectionSeen,
  rejectOf,
  replyOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { api, argument, bytes, load64, text } from '../universal/values.ts';
import { canisterArgument, createdBy, manage, MANAGEMENT, NO_ARGUMENT, NO_SETTINGS, settingsArgument, statusOf } from './management.ts';

const MINUTE = 60_000_000_000n;

describe('Life of a canister', () => {
  let network: UniversalNetwork;
  let canister: UniversalCanister;
  let other: UniversalCanister;
  beforeEach(async () => {
    network = await startUniversalNetwork();
    canister = await network.universal();
    other = await network.universal();
  });

  const ask = (method: string, sender = ADMIN, id = canister.id) => manage(network, method, canisterArgument(id), sender);
  const hello = program().reply(text('hello'));
  const counted = program().reply(load64(Address.heap));
  /** Calls another canister's method that ends only when `other` is started again: it waits for its own stop. */
  const waiting = async (then: Program): Promise<Program> => {
    await manage(network, 'update_settings', settingsArgument(other.id, { controllers: [ADMIN, other.id] }));
    const stopSelf = program().forward({
      callee: MANAGEMENT.toUint8Array(),
      method: 'stop_canister',
      arg: bytes(canisterArgument(other.id))
    });
    return program().callTo({ callee: other.bytes, arg: stopSelf, onReply: then, onReject: then });
  };
  const release = () => network.engine.startCanister(other.id, ADMIN);
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

  describe('installing', () => {
    it('install needs an empty canister', async () => {
      await expect(canister.install('install')).rejects.toMatchObject({ code: 5, errorCode: 'IC0514' });
    });

    it('upgrade needs a canister with code', async () => {
      await expect((await network.empty()).install('upgrade')).rejects.toMatchObject({ code: 5, errorCode: 'IC0537' });
    });

    it('reinstall works with and without code', async () => {
      const empty = await network.empty();
      await empty.install('reinstall');
      await empty.install('reinstall');
      expect(textOf(await empty.query(hello))).toBe('hello');
    });

    it.each(['install', 'reinstall', 'upgrade'] as const)('%s is for controllers', async (mode) => {
      await expect(canister.install(mode, { sender: STRANGER })).rejects.toMatchObject({ errorCode: 'IC0512' });
    });

    it('callbacks under way at an upgrade run in the new code', async () => {
      const open = canister.update(await waiting(program().reply(text('back'))));
      await settle();
      await canister.install('reinstall');
      await release();
      // The stored program is gone with the memory: the callback runs on what is there now.
      expect(rejectOf(await open)).toMatchObject({ code: 5 });
    });
  });

  describe('stopping', () => {
    it('a canister without open calls is stopped at once', async () => {
      await ask('stop_canister');
      expect((await statusOf(network, canister.id)).status).toBe('stopped');
    });

    it('a stopped canister takes no updates, no queries, no calls', async () => {
      await ask('stop_canister');
      expect(rejectOf(await canister.update(hello))).toMatchObject({ code: 5, errorCode: 'IC0508' });
      expect(rejectOf(await canister.query(hello))).toMatchObject({ code: 5, errorCode: 'IC0508' });
      expect(rejectionSeen(await other.update(program().forward({ callee: canister.bytes, arg: hello }))).message).toContain('IC0508');
    });

    it('waits for calls that are open, and takes no new ones', async () => {
      const open = canister.update(await waiting(program().reply(text('done'))));
      await settle();
      const stopped = ask('stop_canister');
      await settle();
      expect((await statusOf(network, canister.id)).status).toBe('stopping');
      expect(rejectOf(await canister.update(hello))).toMatchObject({ code: 5, errorCode: 'IC0509' });
      expect(rejectOf(await canister.query(hello))).toMatchObject({ code: 5, errorCode: 'IC0509' });
      await release();
      expect(textOf(await open)).toBe('done');
      expect((await stopped).kind).toBe('reply');
      expect((await statusOf(network, canister.id)).status).toBe('stopped');
    });

    it('waits for callbacks also when the call was answered before', async () => {
      const task = await waiting(program().increase(Address.heap));
      await canister.update(task.reply());
      await settle();
      const stopped = ask('stop_canister');
      await settle();
      expect((await statusOf(network, canister.id)).status).toBe('stopping');
      await release();
      await stopped;
      await network.engine.startCanister(canister.id, ADMIN);
      expect(await canister.number(counted)).toBe(1n);
    });

    it('lets a stopping canister make further calls in its callbacks', async () => {
      const third = await network.universal();
      const open = canister.update(await waiting(program().forward({ callee: third.bytes, arg: hello })));
      await settle();
      const stopped = ask('stop_canister');
      await settle();
      await release();
      expect(textOf(await open)).toBe('hello');
      await stopped;
    });

    it('start_canister ends the stopping, and who waits for it is told', async () => {
      const open = canister.update(await waiting(hello));
      await settle();
      const stopped = ask('stop_canister');
      await settle();
      await ask('start_canister');
      expect(rejectOf(await stopped).code).toBeGreaterThan(0);
      expect((await statusOf(network, canister.id)).status).toBe('running');
      expect(textOf(await canister.update(hello))).toBe('hello');
      await release();
      expect(textOf(await open)).toBe('hello');
    });

    it('fails after five minutes; the canister goes on stopping', async () => {
      // The wait of the other canister for its own stop ends after five minutes, too: so its call comes second.
      void canister.update(program().callTo({ callee: other.bytes, arg: program().reply(), onReply: await waiting(hello) }));
      await settle();
      const stopped = ask('stop_canister');
      await network.engine.advance(5n * MINUTE);
      expect(rejectOf(await stopped)).toMatchObject({ code: 2 });
    });

    it('answers everybody who asked', async () => {
      void canister.update(await waiting(hello));
      await settle();
      const all = [ask('stop_canister'), ask('stop_canister'), ask('stop_canister')];
      await settle();
      await release();
      for (const result of await Promise.all(all)) expect(result.kind).toBe('reply');
    });

    it('stop and start of a canister that is stopped or running already succeed', async () => {
      expect((await ask('start_canister')).kind).toBe('reply');
      expect((await ask('stop_canister')).kind).toBe('reply');
      expect((await ask('stop_canister')).kind).toBe('reply');
    });

    it('keeps memory and code', async () => {
      await canister.update(program().increase(Address.heap).reply());
      await ask('stop_canister');
      await ask('start_canister');
      expect(await canister.number(counted)).toBe(1n);
    });
  });

  describe('deleting', () => {
    it('needs a canister that is stopped', async () => {
      expect(rejectOf(await ask('delete_canister'))).toMatchObject({ errorCode: 'IC0510' });
    });

    it('makes the canister unknown', async () => {
      await ask('stop_canister');
      expect((await ask('delete_canister')).kind).toBe('reply');
      expect(rejectOf(await canister.update(hello))).toMatchObject({ code: 3, errorCode: 'IC0301' });
      expect(rejectOf(await ask('canister_status'))).toMatchObject({ errorCode: 'IC0301' });
    });

    it('never gives the id again', async () => {
      await ask('stop_canister');
      await ask('delete_canister');
      const created = createdBy(await manage(network, 'provisional_create_canister_with_cycles', NO_SETTINGS));
      expect(created.toText()).not.toBe(canister.id.toText());
    });

    it('can’t be done by the canister itself, which runs', async () => {
      await manage(network, 'update_settings', settingsArgument(canister.id, { controllers: [ADMIN, canister.id] }));
      const run = program().forward({
        callee: MANAGEMENT.toUint8Array(),
        method: 'delete_canister',
        arg: bytes(canisterArgument(canister.id))
      });
      expect(rejectionSeen(await canister.update(run)).code).toBeGreaterThan(0);
    });
  });

  describe('uninstalling', () => {
    it('empties the canister: code, memories', async () => {
      await canister.update(program().growStable(3).reply());
      await ask('uninstall_code');
      expect((await statusOf(network, canister.id)).hasModule).toBe(false);
      expect(rejectOf(await canister.query(hello))).toMatchObject({ errorCode: 'IC0537' });
      await canister.install('install');
      expect(await canister.number(program().reply(api('stable64_size')))).toBe(0n);
    });

    it('rejects the calls that are open', async () => {
      const open = canister.update(await waiting(hello));
      await settle();
      await ask('uninstall_code');
      expect(rejectOf(await open)).toMatchObject({ code: 4 });
      await release();
    });

    it('runs no callback afterwards, in no code', async () => {
      await canister.update((await waiting(program().increase(Address.heap))).reply());
      await settle();
      await ask('uninstall_code');
      await canister.install('install');
      await release();
      await network.engine.idle();
      expect(await canister.number(counted)).toBe(0n);
    });

    it('lets a canister that was stopping stop', async () => {
      void canister.update(await waiting(hello));
      await settle();
      const stopped = ask('stop_canister');
      await settle();
      await ask('uninstall_code');
      expect((await stopped).kind).toBe('reply');
      await release();
    });
  });

  describe('who may', () => {
    it.each(['stop_canister', 'start_canister', 'uninstall_code', 'delete_canister', 'canister_status'])(
      '%s is for controllers',
      async (method) => {
        expect(rejectOf(await ask(method, STRANGER))).toMatchObject({ code: 5, errorCode: 'IC0512' });
      }
    );

    it('new controllers may, and old ones may no more', async () => {
      await manage(network, 'update_settings', settingsArgument(canister.id, { controllers: [STRANGER] }));
      expect((await ask('canister_status', STRANGER)).kind).toBe('reply');
      expect(rejectOf(await ask('canister_status', ADMIN))).toMatchObject({ errorCode: 'IC0512' });
    });

    it('a canister may ask for its own status', async () => {
      const run = program().forward({
        callee: MANAGEMENT.toUint8Array(),
        method: 'canister_status',
        arg: bytes(canisterArgument(canister.id))
      });
      expect(replyOf(await canister.update(run)).subarray(0, 4)).toEqual(new TextEncoder().encode('DIDL'));
    });

    it('a canister may control another one', async () => {
      await manage(network, 'update_settings', settingsArgument(other.id, { controllers: [canister.id] }));
      const run = program().forward({ callee: MANAGEMENT.toUint8Array(), method: 'stop_canister', arg: bytes(canisterArgument(other.id)) });
      expect((await canister.update(run)).kind).toBe('reply');
      expect(rejectOf(await other.query(hello))).toMatchObject({ errorCode: 'IC0508' });
    });

    it('there are at most ten controllers', async () => {
      const many = Array.from({ length: 11 }, (_, i) => Principal.selfAuthenticating(Uint8Array.of(i)));
      const set = (controllers: Principal[]) => manage(network, 'update_settings', settingsArgument(canister.id, { controllers }));
      expect((await set(many)).kind).toBe('reject');
      expect((await statusOf(network, canister.id)).controllers).toHaveLength(1);
      expect((await set([...many.slice(0, 9), ADMIN])).kind).toBe('reply');
    });

    it('there may be none, who then may do nothing', async () => {
      await manage(network, 'update_settings', settingsArgument(canister.id, { controllers: [] }));
      expect(rejectOf(await ask('canister_status'))).toMatchObject({ errorCode: 'IC0512' });
      expect(textOf(await canister.query(hello))).toBe('hello');
    });
  });

  it.each(['raw_rand', 'create_canister'])('%s can’t be called from outside', async (method) => {
    expect((await manage(network, method, NO_ARGUMENT)).kind).toBe('reject');
  });

  it('raw_rand gives 32 bytes, others each time', async () => {
    const run = program().forward({ callee: MANAGEMENT.toUint8Array(), method: 'raw_rand', arg: bytes(NO_ARGUMENT) });
    const [one, two] = [replyOf(await canister.update(run)), replyOf(await canister.update(run))];
    expect(one.length).toBe(42);
    expect(one).not.toEqual(two);
  });

  it('create_canister gives a canister the cycles that come with it, controlled by its creator', async () => {
    const calling = program().callTo({
      callee: MANAGEMENT.toUint8Array(),
      method: 'create_canister',
      arg: bytes(NO_SETTINGS),
      cycles: 2_000_000_000_000n,
      onReply: program().reply(argument)
    });
    const id = createdBy(await canister.update(calling));
    expect(network.engine.canister(id)?.controllers.map((controller) => controller.toText())).toEqual([canister.id.toText()]);
  });
});
