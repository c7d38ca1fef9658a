import { AnonymousIdentity } from '@dfinity/agent';
import type { AuthClientLoginOptions } from '@dfinity/auth-client';
import { DelegationChain, DelegationIdentity, Ed25519KeyIdentity } from '@dfinity/identity';
import { get } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppConfig } from '../config/config';
import { expiryOf, type Identity } from './identity';
import { createSession, type Session } from './session';
import type { LoginClient, SessionPorts, TabMessage } from './sessionPorts';

const HOUR = 3_600_000;
const config: AppConfig = {
  network: 'local',
  host: '',
  canisters: { options: 'aaaaa-aa', ledger: 'aaaaa-aa', legacy: undefined },
  identityProvider: 'http://localhost:4944',
  derivationOrigin: 'https://legacy.example',
  replay: undefined,
  testBitcoin: true,
  switches: {}
};

/** A delegation chain of two links, as the identity provider makes them. */
async function identityUntil(...expiries: number[]): Promise<Identity> {
  let from = Ed25519KeyIdentity.generate();
  let chain: DelegationChain | undefined;
  for (const expiry of expiries) {
    const to = Ed25519KeyIdentity.generate();
    chain = await DelegationChain.create(from, to.getPublicKey(), new Date(expiry), chain === undefined ? {} : { previous: chain });
    from = to;
  }
  if (chain === undefined) throw new Error('no link');
  return DelegationIdentity.fromDelegation(from, chain);
}

/** What the browser keeps between page loads and shares between tabs. */
class Browser {
  stored: Identity = new AnonymousIdentity();
  readonly tabs: Tab[] = [];

  openTab(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }
}

class Tab {
  readonly browser: Browser;
  readonly listeners = new Set<(message: TabMessage) => void>();
  readonly wakers = new Set<() => void>();
  clientsMade = 0;
  lastLogin: AuthClientLoginOptions | undefined;
  blocked = false;
  session: Session;

  constructor(browser: Browser) {
    this.browser = browser;
    this.session = createSession(config, this.ports());
  }

  ports(): SessionPorts {
    return {
      createClient: () => Promise.resolve(this.client()),
      exclusively: (run) => run(),
      tellOtherTabs: (message) => {
        for (const tab of this.browser.tabs) if (tab !== this) for (const listener of tab.listeners) listener(message);
      },
      onOtherTab: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      onWake: (listener) => {
        this.wakers.add(listener);
        return () => this.wakers.delete(listener);
      },
      windowFeatures: (width, height) => `width=${width},height=${height}`
    };
  }

  client(): LoginClient {
    this.clientsMade += 1;
    // As the real client: an expired chain is dropped when it is read.
    if (expiryOf(this.browser.stored) <= Date.now()) this.browser.stored = new AnonymousIdentity();
    let identity = this.browser.stored;
    const client: LoginClient & { _idpWindow: object | undefined } = {
      _idpWindow: undefined,
      getIdentity: () => identity,
      login: (options) => {
        this.lastLogin = options;
        client._idpWindow = this.blocked ? undefined : {};
        return Promise.resolve();
      },
      logout: () => {
        this.browser.stored = new AnonymousIdentity();
        identity = this.browser.stored;
        return Promise.resolve();
      }
    };
    this.adopt = (next) => {
      identity = next;
      this.browser.stored = next;
    };
    return client;
  }

  adopt: (identity: Identity) => void = () => undefined;

  async succeed(identity: Identity): Promise<void> {
    this.adopt(identity);
    await this.lastLogin?.onSuccess?.({} as never);
  }
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const status = (tab: Tab) => get(tab.session.state);

let browser: Browser;
beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T12:00:00Z') });
  browser = new Browser();
});
afterEach(() => {
  for (const tab of browser.tabs) tab.session.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a session', () => {
  it('starts from what the browser kept, and counts from the earliest expiry in the chain', async () => {
    browser.stored = await identityUntil(Date.now() + 5 * HOUR, Date.now() + 2 * HOUR);
    const tab = browser.openTab();
    expect(status(tab)).toEqual({ status: 'starting' });
    await settled();
    expect(status(tab)).toEqual({
      status: 'signedIn',
      principal: browser.stored.getPrincipal().toText(),
      expiresAt: Date.now() + 2 * HOUR
    });
    expect(tab.session.identity()).toBe(browser.stored);
  });

  it('is anonymous when nothing was kept', async () => {
    const tab = browser.openTab();
    await settled();
    expect(status(tab)).toEqual({ status: 'anonymous', expired: false });
    expect(tab.session.identity().getPrincipal().isAnonymous()).toBe(true);
  });

  it('opens the login window before anything is awaited', async () => {
    const tab = browser.openTab();
    await settled();
    const login = tab.session.login();
    expect(tab.lastLogin).toMatchObject({
      identityProvider: 'http://localhost:4944',
      derivationOrigin: 'https://legacy.example',
      maxTimeToLive: 8n * 3_600_000_000_000n,
      windowOpenerFeatures: 'width=525,height=705'
    });
    const identity = await identityUntil(Date.now() + 8 * HOUR);
    await tab.succeed(identity);
    await login;
    expect(status(tab)).toMatchObject({ status: 'signedIn', principal: identity.getPrincipal().toText() });
  });

  it('says so when the browser blocks the window', async () => {
    const tab = browser.openTab();
    await settled();
    tab.blocked = true;
    await expect(tab.session.login()).rejects.toMatchObject({ kind: 'request', code: 'popup_blocked' });
  });

  it('says so when the window is closed or the provider declines', async () => {
    const tab = browser.openTab();
    await settled();
    const closed = tab.session.login();
    await tab.lastLogin?.onError?.('UserInterrupt');
    await expect(closed).rejects.toMatchObject({ kind: 'request', code: 'login_cancelled' });
    const declined = tab.session.login();
    await tab.lastLogin?.onError?.('<b>text from elsewhere</b>');
    const error: Error = await declined.then(
      () => new Error('it resolved'),
      (reason: Error) => reason
    );
    expect(error).toMatchObject({ kind: 'temporary', code: 'login_failed' });
    expect(error.message).not.toContain('elsewhere');
  });

  it('gives up the first login when a second is started', async () => {
    const tab = browser.openTab();
    await settled();
    const first = tab.session.login();
    const second = tab.session.login();
    await expect(first).rejects.toMatchObject({ code: 'login_cancelled' });
    await tab.succeed(await identityUntil(Date.now() + HOUR));
    await second;
  });

  it('asks for patience until the stored session has been read', async () => {
    const tab = browser.openTab();
    await expect(tab.session.login()).rejects.toMatchObject({ kind: 'temporary', code: 'session_starting' });
    await settled();
  });

  it('ends by itself at its expiry, and says that it expired', async () => {
    browser.stored = await identityUntil(Date.now() + 3 * HOUR);
    const tab = browser.openTab();
    await settled();
    await vi.advanceTimersByTimeAsync(3 * HOUR - 1);
    expect(status(tab).status).toBe('signedIn');
    await vi.advanceTimersByTimeAsync(1);
    expect(status(tab)).toEqual({ status: 'anonymous', expired: true });
    expect(tab.session.identity().getPrincipal().isAnonymous()).toBe(true);
    const again = tab.session.login();
    await tab.succeed(await identityUntil(Date.now() + HOUR));
    await again;
    expect(status(tab).status).toBe('signedIn');
  });

  it('outlives the longest timer a browser can set', async () => {
    browser.stored = await identityUntil(Date.now() + 30 * 24 * HOUR);
    const tab = browser.openTab();
    await settled();
    await vi.advanceTimersByTimeAsync(29 * 24 * HOUR);
    expect(status(tab).status).toBe('signedIn');
    await vi.advanceTimersByTimeAsync(24 * HOUR);
    expect(status(tab)).toEqual({ status: 'anonymous', expired: true });
  });

  it('notices on waking that it expired during a sleep', async () => {
    browser.stored = await identityUntil(Date.now() + 2 * HOUR);
    const tab = browser.openTab();
    await settled();
    // The clock moves on while no timer runs.
    vi.setSystemTime(Date.now() + 9 * HOUR);
    for (const wake of tab.wakers) wake();
    await settled();
    expect(status(tab)).toEqual({ status: 'anonymous', expired: true });
  });

  it('ends in every tab at once, and the next login works with a new key', async () => {
    browser.stored = await identityUntil(Date.now() + 2 * HOUR);
    const [here, there] = [browser.openTab(), browser.openTab()];
    await settled();
    const made = here.clientsMade;
    await here.session.logout();
    await settled();
    expect([status(here), status(there)]).toEqual([
      { status: 'anonymous', expired: false },
      { status: 'anonymous', expired: false }
    ]);
    expect(here.clientsMade).toBe(made + 1);
    expect(there.clientsMade).toBe(2);
  });

  it('begins in every tab at once', async () => {
    const [here, there] = [browser.openTab(), browser.openTab()];
    await settled();
    const login = here.session.login();
    const identity = await identityUntil(Date.now() + HOUR);
    await here.succeed(identity);
    await login;
    await settled();
    expect(status(there)).toMatchObject({ status: 'signedIn', principal: identity.getPrincipal().toText() });
  });

  it('leaves no timer and no listener when it is closed', async () => {
    browser.stored = await identityUntil(Date.now() + 2 * HOUR);
    const tab = browser.openTab();
    await settled();
    tab.session.close();
    expect([tab.listeners.size, tab.wakers.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  it('is anonymous, not stuck, when neither storage nor keys work', async () => {
    const ports = browser.openTab().ports();
    const session = createSession(config, { ...ports, createClient: () => Promise.reject(new Error('blocked')) });
    await settled();
    expect(get(session.state)).toEqual({ status: 'anonymous', expired: false });
    session.close();
  });
});
