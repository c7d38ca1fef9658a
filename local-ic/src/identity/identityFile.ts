import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A person: `seed` (32 bytes) is the secret every site's key is derived from. */
export interface StoredIdentity {
  id: string;
  name: string;
  seed: Uint8Array;
}

const FILE_NAME = 'identities.json';
const VERSION = 1;

/** Reads `<stateDir>/identities.json`; a missing file means nobody yet. */
export function readIdentities(stateDir: string): StoredIdentity[] {
  const file = join(stateDir, FILE_NAME);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  try {
    return parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(
      `${file} can't be read (${cause instanceof Error ? cause.message : 'unknown reason'}). Repair it, or delete it to start without identities.`,
      {
        cause
      }
    );
  }
}

/** Replaces the file as a whole or not at all; only its owner may read it. */
export function writeIdentities(stateDir: string, identities: readonly StoredIdentity[]): void {
  mkdirSync(stateDir, { recursive: true });
  const file = join(stateDir, FILE_NAME);
  const next = `${file}.${process.pid}.new`;
  const entries = identities.map(({ id, name, seed }) => ({ id, name, seed: Buffer.from(seed).toString('hex') }));
  const handle = openSync(next, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify({ version: VERSION, identities: entries }, null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(next, file);
}

function parse(value: unknown): StoredIdentity[] {
  if (!isRecord(value) || value['version'] !== VERSION || !Array.isArray(value['identities'])) throw new Error('not a list of identities');
  return value['identities'].map((entry: unknown) => {
    if (!isRecord(entry)) throw new Error('an entry is not an object');
    const { id, name, seed } = entry;
    if (typeof id !== 'string' || !/^\d{1,15}$/.test(id)) throw new Error('an entry has no valid id');
    if (typeof name !== 'string' || name === '') throw new Error(`identity ${id} has no name`);
    if (typeof seed !== 'string' || !/^[0-9a-f]{64}$/.test(seed)) throw new Error(`identity ${id} has no valid seed`);
    return { id, name, seed: new Uint8Array(Buffer.from(seed, 'hex')) };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
