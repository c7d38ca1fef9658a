import { ERROR_USER_INTERRUPT } from '@dfinity/auth-client';
import { writable, type Readable } from 'svelte/store';
import type { AppConfig } from '../config/config';
import { AppError } from '../errors/AppError';
import { asAppError } from '../errors/asAppError';
import { anonymous, expiryOf, type Identity } from './identity';
import { browserPorts, type LoginClient, type SessionPorts } from './sessionPorts';

/** How long a login lasts. The identity provider may shorten it, never lengthen it. */
const MAX_TIME_TO_LIVE_NS = 8n * 3_600_000_000_000n;
/** Timers longer than 2^31 - 1 ms fire at once; and a sleeping device's clock moves on without them. So: short ones, looked at again. */
const MAX_TIMER_MS = 3_600_000;
const WINDOW_WIDTH = 525;
const WINDOW_HEIGHT = 705;

/** `starting` until the stored session has been read; `expired`: it ended by itself, not by a logout. Times in ms since 1970. */
export type SessionState =
  | { readonly status: 'starting' }
  | { readonly status: 'anonymous'; readonly expired: boolean }
  | { readonly status: 'signedIn'; readonly principal: string; readonly expiresAt: number };

/** Who is using this browser. */
export interface Session {
  readonly state: Readable<SessionState>;
  /** Signs this session's calls; the anonymous identity when nobody is logged in. */
  identity(): Identity;
  /** Must be the first thing in a click handler: the provider's window opens before anything is awaited. */
  login(): Promise<void>;
  /** Ends the session here and in every other tab of this site. */
  logout(): Promise<void>;
  close(): void;
}

/** Starts at once; `state` is "starting" until the stored session has been read. */
export function createSession(config: AppConfig, ports: SessionPorts = browserPorts()): Session {
  return new InternetIdentitySession(config, ports);
}

class InternetIdentitySession implements Session {
  readonly #config: AppConfig;
  readonly #ports: SessionPorts;
  readonly #state = writable<SessionState>({ status: 'starting' });
  readonly #stopListening: (() => void)[];
  #client: LoginClient | undefined;
  #identity: Identity = anonymous;
  #expiresAt = Number.POSITIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pendingLogin: { reject(error: AppError): void } | undefined;
  #closed = false;
  /** Clients are made one after another, so that a slow one never replaces a newer one. */
  #opening: Promise<void>;

  constructor(config: AppConfig, ports: SessionPorts) {
    this.#config = config;
    this.#ports = ports;
    this.#stopListening = [ports.onWake(() => this.#checkExpiry()), ports.onOtherTab((message) => this.#followOtherTab(message))];
    this.#opening = this.#open(false);
  }

  get state(): Readable<SessionState> {
    return { subscribe: this.#state.subscribe };
  }

  identity(): Identity {
    return this.#identity;
  }

  login(): Promise<void> {
    const client = this.#client;
    if (client === undefined) {
      return Promise.reject(
        new AppError({ kind: 'temporary', code: 'session_starting', message: 'Login is getting ready. Press the button again.' })
      );
    }
    this.#cancelLogin('You started to log in again.');
    return new Promise<void>((resolve, reject) => {
      this.#pendingLogin = { reject };
      const fail = (error: AppError): void => {
        this.#pendingLogin = undefined;
        reject(error);
      };
      client
        .login({
          identityProvider: this.#config.identityProvider,
          ...(this.#config.derivationOrigin === undefined ? {} : { derivationOrigin: this.#config.derivationOrigin }),
          maxTimeToLive: MAX_TIME_TO_LIVE_NS,
          windowOpenerFeatures: this.#ports.windowFeatures(WINDOW_WIDTH, WINDOW_HEIGHT),
          onSuccess: () => {
            this.#pendingLogin = undefined;
            this.#enter(client, false);
            this.#ports.tellOtherTabs('signed-in');
            resolve();
          },
          onError: (reason) => fail(loginError(reason))
        })
        .catch((error: unknown) => fail(asAppError(error)));
      if (windowWasBlocked(client)) {
        fail(
          new AppError({
            kind: 'request',
            code: 'popup_blocked',
            message: 'Your browser blocked the login window. Allow pop-ups for this site and try again.'
          })
        );
      }
    });
  }

  async logout(): Promise<void> {
    const client = this.#client;
    this.#leave(false);
    // A client keeps its key in memory after a logout but no longer on disk, so the next login needs a new one.
    await this.#reopen(() => client?.logout());
    this.#ports.tellOtherTabs('signed-out');
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const stop of this.#stopListening) stop();
    this.#cancelLogin('This page was closed.');
  }

  #followOtherTab(message: 'signed-in' | 'signed-out'): void {
    this.#cancelLogin('You logged in or out in another tab.');
    if (message === 'signed-out') this.#leave(false);
    void this.#reopen();
  }

  async #reopen(before?: () => Promise<void> | undefined, expired = false): Promise<void> {
    this.#client = undefined;
    const previous = this.#opening;
    this.#opening = (async () => {
      await previous;
      await this.#open(expired, before);
    })();
    await this.#opening;
  }

  async #open(expired: boolean, before?: () => Promise<void> | undefined): Promise<void> {
    try {
      const client = await this.#ports.exclusively(async () => {
        await before?.();
        return this.#ports.createClient();
      });
      if (this.#closed) return;
      this.#client = client;
      this.#enter(client, expired);
    } catch {
      // Without any working storage or key nobody can be logged in; the market still works.
      this.#leave(expired);
    }
  }

  #enter(client: LoginClient, expired: boolean): void {
    const identity = client.getIdentity();
    if (identity.getPrincipal().isAnonymous()) return this.#leave(expired);
    this.#identity = identity;
    this.#expiresAt = expiryOf(identity);
    this.#state.set({ status: 'signedIn', principal: identity.getPrincipal().toText(), expiresAt: this.#expiresAt });
    this.#checkExpiry();
  }

  #leave(expired: boolean): void {
    clearTimeout(this.#timer);
    this.#identity = anonymous;
    this.#expiresAt = Number.POSITIVE_INFINITY;
    this.#state.set({ status: 'anonymous', expired });
  }

  #checkExpiry(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#expiresAt === Number.POSITIVE_INFINITY) return;
    const left = this.#expiresAt - Date.now();
    if (left > 0) {
      this.#timer = setTimeout(() => this.#checkExpiry(), Math.min(left, MAX_TIMER_MS));
      return;
    }
    this.#leave(true);
    // Nothing is deleted here: making a client drops an expired chain itself, and every tab does this at the same moment.
    void this.#reopen(undefined, true);
  }

  #cancelLogin(message: string): void {
    this.#pendingLogin?.reject(new AppError({ kind: 'request', code: 'login_cancelled', message }));
    this.#pendingLogin = undefined;
  }
}

function loginError(reason: string | undefined): AppError {
  if (reason === ERROR_USER_INTERRUPT) {
    return new AppError({ kind: 'request', code: 'login_cancelled', message: 'The login window was closed before you were logged in.' });
  }
  return new AppError({
    kind: 'temporary',
    code: 'login_failed',
    message: 'The identity provider did not log you in. Try again.',
    cause: reason
  });
}

/** The client holds the window it opened; nothing public says that the browser refused one. When the field moves, we just can't tell. */
function windowWasBlocked(client: LoginClient): boolean {
  return Object.hasOwn(client, '_idpWindow') && Reflect.get(client, '_idpWindow') === undefined;
}
