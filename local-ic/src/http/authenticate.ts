import { Principal } from '@dfinity/principal';
import { concat, domainSeparator, equalBytes, toHex } from './bytes.ts';
import type { CallContent, Envelope, ReadStateContent, SignedDelegation } from './envelope.ts';
import { HttpError } from './HttpError.ts';
import { checkSignature, SignatureError } from './signatures.ts';

const NS_PER_SECOND = 1_000_000_000n;
/** How far ahead a request may expire. */
const MAX_INGRESS_TTL_NS = 300n * NS_PER_SECOND;
/** Allowed on top: a client's clock may run a little ahead. As the replica does. */
const PERMITTED_DRIFT_NS = 30n * NS_PER_SECOND;
const MAX_DELEGATIONS = 20;
const MAX_TARGETS = 1_000;
const MAX_SHOWN_KEY = 200;
const REQUEST = domainSeparator('ic-request');
const DELEGATION = domainSeparator('ic-request-auth-delegation');

type AnyEnvelope = Envelope<CallContent | ReadStateContent>;

/** The canisters a sender's delegations let a request speak to; undefined: all. */
export type Targets = Set<string> | undefined;

/**
 * Checks that a request is in time and really comes from its sender.
 *
 * Anonymous queries and reads are not held to their expiry: nothing is executed, and a client whose clock is wrong finds out the network's
 * time with just such a read.
 * @param now network time, nanoseconds
 * @throws HttpError 400 for expiry, 403 for anything else
 */
export function authenticate(envelope: AnyEnvelope, now: bigint): Targets {
  const { content } = envelope;
  const anonymous = content.sender.isAnonymous();
  if (content.type === 'call' || !anonymous) checkExpiry(content.ingressExpiry, now);
  const targets = anonymous ? checkUnsigned(envelope) : checkSender(envelope, now);
  if (content.type !== 'read_state' && targets !== undefined && !targets.has(content.canisterId.toText())) {
    refuse(envelope, `Canister '${content.canisterId.toText()}' is not one of the delegation targets.`);
  }
  return targets;
}

function checkExpiry(expiry: bigint, now: bigint): void {
  const latest = now + MAX_INGRESS_TTL_NS + PERMITTED_DRIFT_NS;
  if (expiry >= now && expiry <= latest) return;
  // Clients recognise these words and then set their clock by the network's.
  throw new HttpError(
    400,
    'Invalid request expiry: Specified ingress_expiry not within expected range: ' +
      `Minimum allowed expiry: ${utc(now)}, Maximum allowed expiry: ${utc(latest)}, Provided expiry: ${utc(expiry)}`
  );
}

function checkUnsigned(envelope: AnyEnvelope): Targets {
  if (envelope.senderSig !== undefined || envelope.senderPubkey !== undefined || envelope.senderDelegation !== undefined) {
    refuse(envelope, 'Signature is not allowed for the anonymous user.');
  }
  return undefined;
}

function checkSender(envelope: AnyEnvelope, now: bigint): Targets {
  const { content, senderPubkey, senderSig, senderDelegation = [] } = envelope;
  if (senderPubkey === undefined || senderSig === undefined)
    return refuse(envelope, `Missing signature from user: ${content.sender.toText()}`);
  if (!equalBytes(Principal.selfAuthenticating(senderPubkey).toUint8Array(), content.sender.toUint8Array())) {
    refuse(envelope, `The user id '${content.sender.toText()}' does not match the public key '${shown(senderPubkey)}'`);
  }
  checkChain(envelope, senderPubkey, senderDelegation, now);
  const { key, targets } = followChain(envelope, senderPubkey, senderDelegation);
  try {
    checkSignature(key, concat(REQUEST, envelope.requestId), senderSig);
  } catch (error) {
    if (error instanceof SignatureError) refuse(envelope, `Invalid signature: ${error.message}`);
    throw error;
  }
  return targets;
}

/** What can be said of a chain without checking a signature. */
function checkChain(envelope: AnyEnvelope, root: Uint8Array, delegations: SignedDelegation[], now: bigint): void {
  if (delegations.length > MAX_DELEGATIONS) {
    const problem = `Chain of delegations is too long: got ${delegations.length} delegations, but at most ${MAX_DELEGATIONS} are allowed.`;
    refuse(envelope, `Invalid delegation: ${problem}`);
  }
  const seen = new Set([toHex(root)]);
  for (const { expiration, pubkey, targets } of delegations) {
    if (expiration < now) {
      const times = `Provided expiry: ${utc(expiration)}, Local replica time: ${utc(now)}`;
      throw new HttpError(400, `Invalid delegation expiry: Specified sender delegation has expired: ${times}`);
    }
    const key = toHex(pubkey);
    if (seen.has(key)) {
      const problem = `Chain of delegations contains at least one cycle: first repeating public key encountered ${shown(pubkey)}`;
      refuse(envelope, `Invalid delegation: ${problem}`);
    }
    seen.add(key);
    if (targets !== undefined && targets.length > MAX_TARGETS) {
      refuse(envelope, `Invalid delegation: expected at most ${MAX_TARGETS} targets per delegation, but got ${targets.length}`);
    }
  }
}

/** @returns the key that signs the request, and the canisters that all delegations allow */
function followChain(envelope: AnyEnvelope, root: Uint8Array, delegations: SignedDelegation[]): { key: Uint8Array; targets: Targets } {
  let key = root;
  let targets: Targets;
  for (const delegation of delegations) {
    try {
      checkSignature(key, concat(DELEGATION, delegation.hash), delegation.signature);
    } catch (error) {
      if (error instanceof SignatureError) refuse(envelope, `Invalid delegation: ${error.message}`);
      throw error;
    }
    if (delegation.targets !== undefined) {
      const earlier = targets;
      targets = new Set(delegation.targets.map((target) => target.toText()).filter((target) => earlier?.has(target) ?? true));
    }
    key = delegation.pubkey;
  }
  return { key, targets };
}

/** A key as hex. What is too long for any key is not repeated to who sent it. */
function shown(key: Uint8Array): string {
  return key.length <= MAX_SHOWN_KEY ? toHex(key) : `${toHex(key.subarray(0, MAX_SHOWN_KEY))}... (${key.length} bytes)`;
}

/** Nanoseconds as UTC text. Far-off values, which a Date can't hold, stay a number. */
function utc(ns: bigint): string {
  const ms = Number(ns / 1_000_000n);
  return ms <= 8.64e15 ? new Date(ms).toISOString() : `${ns} ns`;
}

function refuse(envelope: AnyEnvelope, reason: string): never {
  throw new HttpError(403, `Failed to authenticate request 0x${toHex(envelope.requestId)} due to: ${reason}`);
}
