import { derived, writable, type Readable } from 'svelte/store';
import type { Market } from '../options/types';
import type { SiteSwitches } from '../config/config';
import type { Reading } from './types';

/**
 * What can be taken back while the site runs. `balances`, `admin`, `settlement`: the enhanced services; off means the legacy platform.
 * `entry`: new orders from this page (operators pause them for everybody in the canister).
 */
export type SwitchName = 'balances' | 'admin' | 'settlement' | 'entry';

/** Who switched it off: the canister's flag (operators), the site's configuration file, or the person in this browser. */
export type SwitchedOffBy = 'operators' | 'site' | 'browser';

interface SwitchState {
  readonly on: boolean;
  readonly offBy: SwitchedOffBy | undefined;
}
export type SwitchStates = Readonly<Record<SwitchName, SwitchState>>;

export const SWITCH_NAMES: readonly SwitchName[] = ['balances', 'admin', 'settlement', 'entry'];

export interface Switches extends Readable<SwitchStates> {
  isOn(name: SwitchName): Readable<boolean>;
  /** The override of this browser; survives a reload. It can only switch off what is on. */
  setLocal(name: SwitchName, on: boolean): void;
  close(): void;
}

/** The part of the browser's storage this needs. */
export type SwitchStorage = Pick<Storage, 'getItem' | 'setItem'>;

export interface SwitchSources {
  readonly market: Readable<Reading<Market>>;
  /** The configuration file as it was last read. */
  readonly site: Readable<SiteSwitches>;
  readonly storage: SwitchStorage | undefined;
}

const KEY = 'satstrike.switches';

/**
 * The switches as they stand: the canister's flag before the configuration file before the browser's override. Each can switch off; none can
 * switch on what a stronger one has switched off.
 */
export function createSwitches({ market, site, storage }: SwitchSources): Switches {
  const local = writable<SiteSwitches>(readLocal(storage));
  const stopListening = onOtherTab(() => local.set(readLocal(storage)));
  const states = derived([market, site, local], ([{ value }, ofSite, ofBrowser]): SwitchStates => {
    const state = (name: SwitchName): SwitchState => {
      const flag = name === 'entry' ? undefined : value?.flags[name];
      const offBy = flag === false ? 'operators' : ofSite[name] === false ? 'site' : ofBrowser[name] === false ? 'browser' : undefined;
      return { on: offBy === undefined, offBy };
    };
    return { balances: state('balances'), admin: state('admin'), settlement: state('settlement'), entry: state('entry') };
  });

  return {
    subscribe: states.subscribe,
    // Through a store of its own, so that it tells only of changes.
    isOn: (name) => derived(states, (all) => all[name].on),
    setLocal: (name, on) =>
      local.update((before) => {
        const after = { ...before, [name]: on };
        try {
          storage?.setItem(KEY, JSON.stringify(after));
        } catch {
          // Storage is full or blocked: for this visit only.
        }
        return after;
      }),
    close: stopListening
  };
}

function readLocal(storage: SwitchStorage | undefined): SiteSwitches {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, on]) => on === false));
  } catch {
    return {};
  }
}

function onOtherTab(changed: () => void): () => void {
  if (typeof window === 'undefined') return () => undefined;
  const listen = (event: StorageEvent): void => {
    if (event.key === KEY || event.key === null) changed();
  };
  window.addEventListener('storage', listen);
  return () => window.removeEventListener('storage', listen);
}
