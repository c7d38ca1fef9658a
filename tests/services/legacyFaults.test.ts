import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { person, watch, type Person } from './support/people.ts';

let network: Network;
const people: Person[] = [];

/** Somebody who uses the old platform and has the page open. */
async function veteran(name: string) {
  const trader = person(network.config, name);
  people.push(trader);
  await network.openLegacyAccount(trader.principal, 0.01);
  const [legacy, trades] = [watch(trader.services.legacyAccount), watch(trader.services.legacyPositions)];
  await network.until(() => legacy.shown.phase === 'live' && trades.shown.phase === 'live', 'the old platform');
  return { ...trader, legacy };
}

beforeAll(async () => {
  network = await startNetwork();
  await network.misbehave();
  await network.pass(2 * MINUTE);
}, 300_000);
afterAll(async () => {
  for (const { services } of people) services.cleanup();
  await network.close();
});

describe('a position on a platform that pays as often as it is asked', () => {
  it('is not paid twice when the old route’s answer is lost, although the platform would', async () => {
    const { services, principal, legacy, wire } = await veteran('erin');
    const id = await network.placeLegacyTrade(principal, 'call', '10s', 10n);
    await services.legacyPositions.refresh();
    await network.pass(3 * MINUTE);
    await network.stop('options');
    const before = legacy.value?.balanceSats;
    // Reading the position is a call as well, and gets through; the settlement and the agent's own repetition of it do not.
    wire.failCallsAfter(network.config.canisters.legacy ?? '', 1, 'lost after', 2);
    const settling = services.settleLegacy(id).catch((error: unknown) => error);
    await network.pass(20 * SECOND);
    const outcome = await settling;
    wire.heal();
    const again = await services.settleLegacy(id);
    expect(again.alreadySettled).toBe(true);
    if (outcome instanceof Error) expect(outcome).toMatchObject({ unclear: true });
    else expect(outcome).toMatchObject({ route: 'legacy', payoutCents: again.payoutCents });
    await services.legacyAccount.refresh();
    const once = legacy.value?.balanceSats ?? 0n;
    expect(once > (before ?? 0n)).toBe(again.payoutCents > 0n);
    // By either route, as often as one likes: not a satoshi more.
    await services.settleLegacy(id);
    await network.start('options');
    await network.pass(30 * SECOND);
    expect(await services.settleLegacy(id)).toMatchObject({ alreadySettled: true, route: 'options', payoutCents: again.payoutCents });
    await services.legacyAccount.refresh();
    expect(legacy.value?.balanceSats).toBe(once);
  });

  it('is not paid twice when it is settled here and there at once', async () => {
    const { services, principal, legacy } = await veteran('frank');
    const id = await network.placeLegacyTrade(principal, 'call', '15s', 10n);
    await network.pass(3 * MINUTE);
    const both = await Promise.all([services.settleLegacy(id), services.settleLegacy(id)]);
    expect(both[0]).toEqual(both[1]);
    await services.legacyAccount.refresh();
    const once = legacy.value?.balanceSats;
    expect(await services.settleLegacy(id)).toMatchObject({ alreadySettled: true, payoutCents: both[0]?.payoutCents });
    await services.legacyAccount.refresh();
    expect(legacy.value?.balanceSats).toBe(once);
  });
});
