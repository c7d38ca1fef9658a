import fc from 'fast-check';
import { get, writable } from 'svelte/store';
import { describe, expect, it } from 'vitest';
import type { SiteSwitches } from '../config/config';
import type { Flags, Market } from '../options/types';
import { nothing } from './readingStore';
import { createSwitches, SWITCH_NAMES, type SwitchName, type SwitchStorage } from './switches';
import type { Reading } from './types';

const allOn: Flags = { balances: true, admin: true, settlement: true };

class Memory implements SwitchStorage {
  text: string | null;
  constructor(text: string | null = null) {
    this.text = text;
  }
  getItem(): string | null {
    return this.text;
  }
  setItem(_key: string, text: string): void {
    this.text = text;
  }
}

const marketWith = (flags: Flags): Reading<Market> => ({ ...nothing('options'), phase: 'live', value: { flags } as Market });

function setUp(flags: Flags | undefined = allOn, site: SiteSwitches = {}, storage: SwitchStorage | undefined = new Memory()) {
  const market = writable<Reading<Market>>(flags === undefined ? nothing('options') : marketWith(flags));
  const ofSite = writable<SiteSwitches>(site);
  return { market, site: ofSite, switches: createSwitches({ market, site: ofSite, storage }) };
}

describe('a switch', () => {
  it('is on unless somebody has switched it off, also before the canister was heard', () => {
    for (const flags of [allOn, undefined]) {
      const states = get(setUp(flags).switches);
      for (const name of SWITCH_NAMES) expect(states[name]).toEqual({ on: true, offBy: undefined });
    }
  });

  it('is off when any of the three says so, and names the strongest', () => {
    const three = fc.tuple(fc.boolean(), fc.option(fc.boolean(), { nil: undefined }), fc.boolean());
    fc.assert(
      fc.property(fc.constantFrom('balances', 'admin', 'settlement'), three, (name, [flag, site, browser]) => {
        const { switches } = setUp({ ...allOn, [name]: flag }, site === undefined ? {} : { [name]: site });
        switches.setLocal(name, browser);
        const offBy = !flag ? 'operators' : site === false ? 'site' : !browser ? 'browser' : undefined;
        expect(get(switches)[name]).toEqual({ on: offBy === undefined, offBy });
        expect(get(switches.isOn(name))).toBe(offBy === undefined);
      })
    );
  });

  it('follows each of them while it is looked at, and tells only of changes', () => {
    const { market, site, switches } = setUp();
    const told: boolean[] = [];
    const stop = switches.isOn('balances').subscribe((on) => told.push(on));
    market.set(marketWith({ ...allOn, admin: false }));
    market.set(marketWith({ ...allOn, balances: false }));
    market.set(marketWith(allOn));
    site.set({ balances: false });
    site.set({});
    switches.setLocal('balances', false);
    stop();
    expect(told).toEqual([true, false, true, false, true, false]);
  });

  it('keeps the last word of a canister that can’t be reached', () => {
    const { market, switches } = setUp({ ...allOn, settlement: false });
    market.set({ ...marketWith({ ...allOn, settlement: false }), phase: 'stale' });
    expect(get(switches).settlement).toEqual({ on: false, offBy: 'operators' });
  });

  it('of new orders is the site’s and the browser’s; operators pause them in the canister', () => {
    const { site, switches } = setUp();
    site.set({ entry: false });
    expect(get(switches).entry).toEqual({ on: false, offBy: 'site' });
  });
});

describe('the override of a browser', () => {
  it('survives a reload and can be taken back', () => {
    const storage = new Memory();
    const { switches } = setUp(allOn, {}, storage);
    switches.setLocal('settlement', false);
    expect(get(setUp(allOn, {}, storage).switches).settlement).toEqual({ on: false, offBy: 'browser' });
    switches.setLocal('settlement', true);
    expect(get(setUp(allOn, {}, storage).switches).settlement.on).toBe(true);
  });

  it.each(['', 'no JSON', '7', 'null', '{"balances":"no","other":false}'])('is ignored when it makes no sense: %s', (text) => {
    const states = get(setUp(allOn, {}, new Memory(text)).switches);
    expect(SWITCH_NAMES.filter((name: SwitchName) => !states[name].on)).toEqual([]);
  });

  it('holds for the visit where storage is blocked', () => {
    const blocked: SwitchStorage = {
      getItem: () => {
        throw new Error('blocked');
      },
      setItem: () => {
        throw new Error('blocked');
      }
    };
    const { switches } = setUp(allOn, {}, blocked);
    const stop = switches.subscribe(() => undefined);
    switches.setLocal('admin', false);
    expect(get(switches).admin.on).toBe(false);
    stop();
  });
});
