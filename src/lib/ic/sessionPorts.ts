import { AuthClient, type AuthClientLoginOptions, type AuthClientStorage } from '@dfinity/auth-client';
import type { Identity } from './identity';

/** The part of AuthClient a session needs. */
export interface LoginClient {
  getIdentity(): Identity;
  /** Opens the provider's window before its first await. */
  login(options: AuthClientLoginOptions): Promise<void>;
  logout(): Promise<void>;
}

export type TabMessage = 'signed-in' | 'signed-out';

/** What a session needs of the browser; tests bring their own. */
export interface SessionPorts {
  /** Reads the stored session, or makes and stores a new key. */
  createClient(): Promise<LoginClient>;
  /** Runs while no other tab does: two tabs making a key at once would overwrite each other's. */
  exclusively<T>(run: () => Promise<T>): Promise<T>;
  tellOtherTabs(message: TabMessage): void;
  onOtherTab(listener: (message: TabMessage) => void): () => void;
  /** The tab became visible or got the focus, perhaps after hours of sleep. */
  onWake(listener: () => void): () => void;
  windowFeatures(width: number, height: number): string;
}

const NAME = 'satstrike.session';

export function browserPorts(): SessionPorts {
  const channel = new BroadcastChannel(NAME);
  return {
    createClient,
    exclusively: async (run) => (navigator.locks === undefined ? run() : navigator.locks.request(NAME, run)),
    tellOtherTabs: (message) => channel.postMessage(message),
    onOtherTab: (listener) => {
      channel.addEventListener('message', ({ data }) => {
        if (data === 'signed-in' || data === 'signed-out') listener(data);
      });
      return () => channel.close();
    },
    onWake: (listener) => {
      document.addEventListener('visibilitychange', listener);
      window.addEventListener('focus', listener);
      window.addEventListener('pageshow', listener);
      return () => {
        document.removeEventListener('visibilitychange', listener);
        window.removeEventListener('focus', listener);
        window.removeEventListener('pageshow', listener);
      };
    },
    windowFeatures: (width, height) => {
      const left = Math.max(0, Math.round(window.screenX + (window.outerWidth - width) / 2));
      const top = Math.max(0, Math.round(window.screenY + (window.outerHeight - height) / 2));
      return `popup=yes,width=${width},height=${height},left=${left},top=${top}`;
    }
  };
}

/**
 * The client's own idle handling would reload the page after ten minutes without a mouse move, in the middle of watching a
 * position. Sessions end by their expiry instead.
 */
async function createClient(): Promise<LoginClient> {
  const idleOptions = { disableIdle: true };
  try {
    return await AuthClient.create({ idleOptions });
  } catch {
    // Storage is blocked (some private windows): a session that ends with the page is better than none.
    return AuthClient.create({ idleOptions, keyType: 'Ed25519', storage: memoryStorage() });
  }
}

function memoryStorage(): AuthClientStorage {
  const entries = new Map<string, string | CryptoKeyPair>();
  return {
    get: (key) => Promise.resolve(entries.get(key) ?? null),
    set: (key, value) => Promise.resolve(void entries.set(key, value)),
    remove: (key) => Promise.resolve(void entries.delete(key))
  };
}
