import type { AppConfig } from '$lib/config/config';
import { anonymous, expiryOf } from '$lib/ic/identity';
import type { Session, SessionState } from '$lib/ic/session';
import { derived, get } from 'svelte/store';
import { oldLogin, oldLogout, oldUser } from './oldAuth';

/** The existing app's login as the hub's session: the hub follows it and never opens a second one. */
export function oldAppSession(config: AppConfig): Session {
  return {
    state: derived(oldUser, (identity): SessionState => {
      if (identity === undefined) return { status: 'anonymous', expired: false };
      return { status: 'signedIn', principal: identity.getPrincipal().toText(), expiresAt: expiryOf(identity) };
    }),
    identity: () => get(oldUser) ?? anonymous,
    login: async () => oldLogin(config.identityProvider),
    logout: oldLogout,
    // It is not the hub's to close.
    close: () => undefined
  };
}
