import type { SignIdentity } from '@dfinity/agent';
import { readable } from 'svelte/store';
import { anonymous } from '../../src/lib/ic/identity';
import type { Session, SessionState } from '../../src/lib/ic/session';

/** The session of somebody who has a key and needs no login window; undefined: nobody is logged in. */
export function sessionOf(identity: SignIdentity | undefined): Session {
  const state: SessionState =
    identity === undefined
      ? { status: 'anonymous', expired: false }
      : { status: 'signedIn', principal: identity.getPrincipal().toText(), expiresAt: Number.POSITIVE_INFINITY };
  return {
    state: readable(state),
    identity: () => identity ?? anonymous,
    login: () => Promise.resolve(),
    logout: () => Promise.resolve(),
    close: () => undefined
  };
}
