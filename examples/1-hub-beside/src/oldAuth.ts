import { AuthClient } from '@dfinity/auth-client';
import type { Identity } from '@dfinity/agent';
import { writable } from 'svelte/store';

// Stands for what the existing app has: its own login, which nobody wants to touch.
let client: AuthClient | undefined;

/** Who is logged in; undefined: nobody. */
export const oldUser = writable<Identity | undefined>();

async function open(): Promise<void> {
  client = await AuthClient.create({ idleOptions: { disableIdle: true } });
  oldUser.set((await client.isAuthenticated()) ? client.getIdentity() : undefined);
}
void open();

export function oldLogin(identityProvider: string): Promise<void> | undefined {
  return client?.login({ identityProvider, onSuccess: () => oldUser.set(client?.getIdentity()) });
}

export async function oldLogout(): Promise<void> {
  await client?.logout();
  await open();
}
