import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, STRANGER } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program } from '../universal/Program.ts';
import {
  numberOf,
  numbersOf,
  rejectOf,
  replyOf,
  startUniversalNetwork,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { add, api, bytes, load64, memory, rootKey, self, stable, subnet } from '../universal/values.ts';
import { canisterArgument, createdBy, manage, MANAGEMENT, NO_SETTINGS, settingsArgument, statusOf } from './management.ts';

let network: UniversalNetwork;
let canister: UniversalCanister;
beforeEach(async () => {
  network = await startUniversalNetwork();
  canister = await network.universal();
});

const status = program().reply(api('canister_status'));
const version = program().reply(api('canister_version'));

describe('Self-identification', () => {
  it('canister_self is the id of the canister', async () => {
    expect(replyOf(await canister.update(program().reply(self)))).toEqual(canister.bytes);
    expect(replyOf(await canister.query(program().reply(self)))).toEqual(canister.bytes);
  });

  it('subnet_self is the self-authenticating id of the root key', async () => {
    network.engine.setRootKey(Uint8Array.of(1, 2, 3));
    const id = Principal.selfAuthenticating(Uint8Array.of(1, 2, 3)).toUint8Array();
    expect(replyOf(await canister.query(program().reply(subnet)))).toEqual(id);
    expect(replyOf(await canister.update(program().reply(rootKey)))).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('Canister status', () => {
  it('is 1 while the canister runs', async () => {
    expect(numberOf(await canister.query(status))).toBe(1n);
  });

  it('is 2 in the callbacks of a canister that is stopping', async () => {
    const controller = await network.universal();
    await manage(network, 'update_settings', settingsArgument(canister.id, { controllers: [ADMIN, controller.id] }));
    const stop = program()
      .callTo({ callee: MANAGEMENT.toUint8Array(), method: 'stop_canister', arg: bytes(canisterArgument(canister.id)) })
      .callTo({ callee: controller.bytes, arg: program().reply(), onReply: program().reply() });
    expect(numberOf(await canister.update(program().callTo({ callee: controller.bytes, arg: stop, onReply: status })))).toBe(2n);
    await network.engine.idle();
    expect((await statusOf(network, canister.id)).status).toBe('stopped');
  });

  it('is 3 when a stopped canister is upgraded', async () => {
    await network.engine.stopCanister(canister.id, ADMIN);
    await canister.install('upgrade', { program: program().store64(Address.heap, api('canister_status')) });
    await network.engine.startCanister(canister.id, ADMIN);
    expect(await canister.number(program().reply(load64(Address.heap)))).toBe(3n);
  });
});

describe('Canister version', () => {
  const rises = async (what: () => Promise<unknown>): Promise<void> => {
    const before = (await statusOf(network, canister.id)).version;
    await what();
    expect((await statusOf(network, canister.id)).version).toBeGreaterThan(before);
  };
  const stays = async (what: () => Promise<unknown>): Promise<void> => {
    const before = (await statusOf(network, canister.id)).version;
    await what();
    expect((await statusOf(network, canister.id)).version).toBe(before);
  };

  it('is 0 in a canister that was just created', async () => {
    const created = createdBy(await manage(network, 'provisional_create_canister_with_cycles', NO_SETTINGS));
    expect((await statusOf(network, created)).version).toBe(0n);
  });

  it('rises with an installation', () => rises(() => canister.install('reinstall')));
  it('rises with an upgrade', () => rises(() => canister.install('upgrade')));
  it('rises with the settings', () =>
    rises(() => manage(network, 'update_settings', settingsArgument(canister.id, { controllers: [ADMIN, STRANGER] }))));
  it('rises when the canister stops, and when it starts', async () => {
    await rises(() => network.engine.stopCanister(canister.id, ADMIN));
    await rises(() => network.engine.startCanister(canister.id, ADMIN));
  });
  it('rises with an update', () => rises(() => canister.update(program().reply())));
  it('rises with a query in replicated mode', () => rises(() => canister.replicatedQuery(program().reply())));
  it('rises with a callback', async () => {
    // One execution for the method, and another one for the callback.
    const before = (await statusOf(network, canister.id)).version;
    const other = await network.universal();
    await canister.update(program().callTo({ callee: other.bytes, arg: program().reply(), onReply: program().reply() }));
    expect((await statusOf(network, canister.id)).version).toBeGreaterThanOrEqual(before + 2n);
  });
  it('rises with a timer', () =>
    rises(async () => {
      await canister.update(
        program()
          .store('globalTimer', program())
          .call('global_timer_set', add(api('time'), 1))
          .reply()
      );
      await rises(() => network.engine.advance(1n));
    }));
  it('stays with a query', () => stays(() => canister.query(program().reply())));
  it('stays with an installation that fails', () =>
    stays(() => canister.install('upgrade', { program: program().trap() }).catch((error: unknown) => error)));

  it('is what canister_version says', async () => {
    expect(numberOf(await canister.query(version))).toBe((await statusOf(network, canister.id)).version);
  });

  it('is constant within an execution', async () => {
    const [first, second] = numbersOf(
      await canister.update(program().append(api('canister_version')).increase(Address.heap).reply(api('canister_version')))
    );
    expect(first).toBe(second);
  });

  it('is the old one in canister_pre_upgrade and the new one in canister_post_upgrade', async () => {
    await canister.update(
      program()
        .growStable(1)
        .store('preUpgrade', program().store64(Address.heap, api('canister_version')).writeStable(0, memory(Address.heap, 8)))
        .reply()
    );
    const before = numberOf(await canister.query(version));
    await canister.install('upgrade', { program: program().store64(Address.heap, api('canister_version')) });
    const [old, now] = numbersOf(await canister.query(program().append(stable(0, 8)).reply(load64(Address.heap))));
    expect(old).toBe(before);
    expect(now).toBeGreaterThan(before);
  });

  it('is the new one in canister_post_upgrade also when canister_pre_upgrade is skipped', async () => {
    const before = numberOf(await canister.query(version));
    await canister.install('upgrade', { skipPreUpgrade: true, program: program().store64(Address.heap, api('canister_version')) });
    expect(await canister.number(program().reply(load64(Address.heap)))).toBeGreaterThan(before);
  });
});

describe('Controller check', () => {
  const isController = async (principal: Uint8Array): Promise<bigint> => {
    const check = program()
      .write(Address.heap, bytes(principal))
      .reply(api('is_controller', Address.heap, principal.length));
    return numberOf(await canister.query(check));
  };

  it('tells whether a principal controls the canister', async () => {
    expect(await isController(ADMIN.toUint8Array())).toBe(1n);
    expect(await isController(STRANGER.toUint8Array())).toBe(0n);
    expect(await isController(new Uint8Array())).toBe(0n);
    await manage(network, 'update_settings', settingsArgument(canister.id, { controllers: [STRANGER] }));
    expect(await isController(ADMIN.toUint8Array())).toBe(0n);
    expect(await isController(STRANGER.toUint8Array())).toBe(1n);
  });

  it('traps when the bytes are no principal', async () => {
    expect(
      rejectOf(
        await canister.query(
          program()
            .call('is_controller', bytes(new Uint8Array(30)))
            .reply()
        )
      )
    ).toMatchObject({ code: 5, errorCode: 'IC0504' });
  });
});
