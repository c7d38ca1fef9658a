import { constants } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest, type Manifest } from './manifest.ts';
import { encodePlain } from './plainData.ts';

const MANIFEST = 'state.json';
const BLOBS = 'blobs';

/** The files of a saved state: blobs that never change once written, and the manifest that says which of them count. */
export class StateDirectory {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async readManifest(): Promise<Manifest | undefined> {
    try {
      return parseManifest(await readFile(join(this.#directory, MANIFEST), 'utf8'));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async readBlob(name: string): Promise<Uint8Array> {
    return new Uint8Array(await readFile(this.#blobPath(name)));
  }

  /** Writes a blob down to the disk, unless one of that name is there. */
  async writeBlob(name: string, content: Uint8Array): Promise<void> {
    const path = this.#blobPath(name);
    if (await exists(path)) return;
    await mkdir(join(this.#directory, BLOBS), { recursive: true });
    await writeDurably(path, content);
  }

  /** Makes `manifest` the state in one step: after a crash it is either this one or the one before. Then drops blobs nobody names. */
  async replaceManifest(manifest: Manifest, blobs: Set<string>): Promise<void> {
    await mkdir(join(this.#directory, BLOBS), { recursive: true });
    await syncDirectory(join(this.#directory, BLOBS));
    await writeDurably(join(this.#directory, MANIFEST), new TextEncoder().encode(encodePlain(manifest)));
    await syncDirectory(this.#directory);
    for (const name of await readdir(join(this.#directory, BLOBS))) {
      if (!blobs.has(name)) await rm(this.#blobPath(name), { force: true });
    }
  }

  #blobPath(name: string): string {
    return join(this.#directory, BLOBS, name);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** A new name is on the disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
