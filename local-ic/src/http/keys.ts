import { createPrivateKey, createPublicKey, hkdfSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { mapHashToField } from '@noble/curves/abstract/modular';
import { Principal } from '@dfinity/principal';
import { concat } from './bytes.ts';
import { GROUP_ORDER, openRootKey } from './rootKey.ts';

/** DER prefix of a BLS12-381 public key in G2 (IC interface specification, "Certificate"). */
const BLS_DER_PREFIX = Buffer.from('308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100', 'hex');
/** PKCS #8 prefix of an Ed25519 private key. */
const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const FILE = 'network-keys.json';

/** What a network signs with: its root key (certificates), one node's key (query answers) and who administrates it. */
export interface NetworkKeys {
  /** DER, 133 bytes. */
  rootKey: Uint8Array;
  /** The network is one subnet, which holds the root key: its id follows from the key. */
  subnetId: Principal;
  nodeId: Principal;
  /** DER, 44 bytes. */
  nodeKey: Uint8Array;
  /** Controls the canisters that were created without controllers of their own. */
  admin: Principal;
  /** A BLS signature in G1, 48 bytes, of `message`. Takes about a millisecond. */
  signAsRoot(message: Uint8Array): Uint8Array;
  /** An Ed25519 signature, 64 bytes. */
  signAsNode(message: Uint8Array): Uint8Array;
}

/**
 * Opens the network's keys: those in the state directory if there are any, else derived from `seed`, else random. In a state directory they
 * are kept for the next start, in a file only its owner can read.
 */
export async function openNetworkKeys(options: { seed?: string | undefined; stateDir?: string | undefined }): Promise<NetworkKeys> {
  const stored = options.stateDir === undefined ? undefined : await readSecret(join(options.stateDir, FILE));
  if (stored !== undefined) return deriveKeys(stored);
  const secret = options.seed === undefined ? randomBytes(32) : Buffer.from(hkdfSync('sha256', options.seed, '', 'local-ic network', 32));
  if (options.stateDir !== undefined) await writeSecret(options.stateDir, secret);
  return deriveKeys(secret);
}

async function readSecret(path: string): Promise<Uint8Array | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const secret = /^\{"version":1,"secret":"([0-9a-f]{64})"\}\s*$/.exec(text)?.[1];
  // Not replaced silently: everything the network ever certified would stop verifying.
  if (secret === undefined) throw new Error(`${path} does not hold this network's keys; restore it or start with a fresh state directory`);
  return Buffer.from(secret, 'hex');
}

async function writeSecret(stateDir: string, secret: Uint8Array): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, FILE);
  // Written beside and renamed: a crash leaves either no keys or whole ones.
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ version: 1, secret: Buffer.from(secret).toString('hex') })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

async function deriveKeys(secret: Uint8Array): Promise<NetworkKeys> {
  const derive = (purpose: string, length: number): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, '', purpose, length));
  // 48 bytes reduced modulo the group order: no noticeable bias.
  const root = await openRootKey(mapHashToField(derive('root key', 48), GROUP_ORDER));
  const rootKey = concat(BLS_DER_PREFIX, root.publicKey);
  const node = ed25519Key(derive('node key', 32));
  const admin = ed25519Key(derive('admin key', 32));
  return {
    rootKey,
    subnetId: Principal.selfAuthenticating(rootKey),
    nodeId: Principal.selfAuthenticating(node.der),
    nodeKey: node.der,
    admin: Principal.selfAuthenticating(admin.der),
    signAsRoot: root.sign,
    signAsNode: (message) => new Uint8Array(sign(null, message, node.key))
  };
}

function ed25519Key(seed: Uint8Array): { key: KeyObject; der: Uint8Array } {
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  return { key, der: new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' })) };
}
