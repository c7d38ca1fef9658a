import { AnonymousIdentity, Cbor, requestIdOf, SignIdentity } from '@dfinity/agent';
import { Delegation, DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { secp256k1 } from '@noble/curves/secp256k1';
import { sha256 } from '@noble/hashes/sha2';
import { describe, expect, it } from 'vitest';
import { authenticate } from './authenticate.ts';
import { parseCallEnvelope, parseReadStateEnvelope } from './envelope.ts';

const NOW = 1_700_000_000_000_000_000n;
const MINUTE = 60_000_000_000n;
const CANISTER = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');

type Identity = SignIdentity | AnonymousIdentity | DelegationIdentity;

/** A signed envelope, made by the agent's own identities. */
async function envelope(
  identity: Identity,
  content: Record<string, unknown> = {},
  change: (envelope: Record<string, unknown>) => void = () => undefined
) {
  const body = {
    request_type: 'call',
    canister_id: CANISTER,
    method_name: 'm',
    arg: new Uint8Array(),
    sender: identity.getPrincipal(),
    ingress_expiry: NOW + MINUTE,
    ...content
  };
  const request = { endpoint: 'call', request: {}, body } as unknown as Parameters<SignIdentity['transformRequest']>[0];
  const signed = (await identity.transformRequest(request)) as { body: Record<string, unknown> };
  change(signed.body);
  return Cbor.encode(signed.body);
}

async function check(
  identity: Identity,
  content?: Record<string, unknown>,
  change?: (envelope: Record<string, unknown>) => void,
  now = NOW
) {
  return authenticate(parseCallEnvelope(await envelope(identity, content, change), 'call'), now);
}

class Secp256k1Identity extends SignIdentity {
  readonly secret = secp256k1.utils.randomPrivateKey();

  getPublicKey() {
    const prefix = Buffer.from('3056301006072a8648ce3d020106052b8104000a034200', 'hex');
    const der = new Uint8Array(Buffer.concat([prefix, secp256k1.getPublicKey(this.secret, false)]));
    return { toDer: () => der } as ReturnType<SignIdentity['getPublicKey']>;
  }

  async sign(blob: Uint8Array) {
    return secp256k1.sign(sha256(blob), this.secret).toCompactRawBytes() as Awaited<ReturnType<SignIdentity['sign']>>;
  }
}

const refused = (status: number, message: RegExp) =>
  expect.objectContaining({ status, message: expect.stringMatching(message) as string }) as Error;

describe('authenticate', () => {
  it('accepts anonymous, Ed25519, P-256 and secp256k1 senders', async () => {
    expect(await check(new AnonymousIdentity())).toBeUndefined();
    expect(await check(Ed25519KeyIdentity.generate())).toBeUndefined();
    expect(await check(await ECDSAKeyIdentity.generate())).toBeUndefined();
    expect(await check(new Secp256k1Identity())).toBeUndefined();
  });

  it('refuses a signature over something else', async () => {
    const other = (await envelope(Ed25519KeyIdentity.generate(), { arg: Uint8Array.of(1) })) as Uint8Array;
    expect(other.length).toBeGreaterThan(100);
    for (const identity of [Ed25519KeyIdentity.generate(), await ECDSAKeyIdentity.generate(), new Secp256k1Identity()]) {
      const tampered = check(identity, {}, (body) => {
        (body['content'] as Record<string, unknown>)['method_name'] = 'another';
      });
      await expect(tampered).rejects.toEqual(refused(403, /^Failed to authenticate request 0x[0-9a-f]{64} due to: Invalid signature: /));
    }
    const short = check(Ed25519KeyIdentity.generate(), {}, (body) => {
      body['sender_sig'] = new Uint8Array(63);
    });
    await expect(short).rejects.toEqual(refused(403, /expected 64 bytes, got 63/));
  });

  it('refuses a key that is not the sender, no signature, and a signature of nobody', async () => {
    const sender = Ed25519KeyIdentity.generate();
    await expect(check(sender, { sender: Ed25519KeyIdentity.generate().getPrincipal() })).rejects.toEqual(
      refused(403, /does not match the public key/)
    );
    const unsigned = check(sender, {}, (body) => {
      delete body['sender_sig'];
    });
    await expect(unsigned).rejects.toEqual(refused(403, /Missing signature from user/));
    await expect(check(sender, { sender: Principal.anonymous() })).rejects.toEqual(
      refused(403, /Signature is not allowed for the anonymous user/)
    );
  });

  it('refuses keys it can not read', async () => {
    const withKey = async (der: Uint8Array) => {
      const sender = Principal.selfAuthenticating(der);
      return check(Ed25519KeyIdentity.generate(), { sender }, (body) => {
        body['sender_pubkey'] = der;
      });
    };
    await expect(withKey(Uint8Array.of(1, 2, 3))).rejects.toEqual(refused(403, /Invalid public key: not a DER encoded key/));
    const cose = Buffer.from('305e300c060a2b0601040183b8430101034e00a501020326200121582000', 'hex');
    await expect(withKey(new Uint8Array(cose))).rejects.toEqual(refused(403, /WebAuthn \(COSE\) keys are not supported/));
  });

  it('holds calls and signed reads to their expiry, but not anonymous reads', async () => {
    const expiry = (ingress_expiry: bigint) => ({ ingress_expiry });
    await expect(check(new AnonymousIdentity(), expiry(NOW - 1n))).rejects.toEqual(refused(400, /^Invalid request expiry: /));
    await expect(check(new AnonymousIdentity(), expiry(NOW + 6n * MINUTE))).rejects.toEqual(refused(400, /^Invalid request expiry: /));
    expect(await check(new AnonymousIdentity(), expiry(NOW))).toBeUndefined();
    expect(await check(new AnonymousIdentity(), expiry(NOW + 5n * MINUTE))).toBeUndefined();
    const read = { request_type: 'read_state', paths: [], ingress_expiry: 1n };
    expect(authenticate(parseReadStateEnvelope(await envelope(new AnonymousIdentity(), read)), NOW)).toBeUndefined();
    const signed = await envelope(Ed25519KeyIdentity.generate(), read);
    expect(() => authenticate(parseReadStateEnvelope(signed), NOW)).toThrow(/^Invalid request expiry: /);
  });
});

describe('delegations', () => {
  const inMinutes = (minutes: number) => new Date(Number(NOW / 1_000_000n) + minutes * 60_000);

  it('lets a session key act for the user', async () => {
    const [user, middle, session] = [Ed25519KeyIdentity.generate(), Ed25519KeyIdentity.generate(), await ECDSAKeyIdentity.generate()];
    const first = await DelegationChain.create(user, middle.getPublicKey(), inMinutes(5));
    const chain = await DelegationChain.create(middle, session.getPublicKey(), inMinutes(5), { previous: first });
    const identity = DelegationIdentity.fromDelegation(session, chain);
    expect(identity.getPrincipal().toText()).toBe(user.getPrincipal().toText());
    expect(await check(identity)).toBeUndefined();
    await expect(check(identity, { ingress_expiry: NOW + 6n * MINUTE }, undefined, NOW + 6n * MINUTE)).rejects.toEqual(
      refused(400, /^Invalid delegation expiry: Specified sender delegation has expired/)
    );
    // Another session's key under the same chain.
    const stolen = DelegationIdentity.fromDelegation(await ECDSAKeyIdentity.generate(), chain);
    await expect(check(stolen)).rejects.toEqual(refused(403, /Invalid signature/));
  });

  it('keeps to the targets, those that every delegation allows', async () => {
    const [user, middle, session] = [Ed25519KeyIdentity.generate(), Ed25519KeyIdentity.generate(), Ed25519KeyIdentity.generate()];
    const other = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
    const first = await DelegationChain.create(user, middle.getPublicKey(), inMinutes(5), { targets: [CANISTER, other] });
    const only = async (targets: Principal[]) => {
      const chain = await DelegationChain.create(middle, session.getPublicKey(), inMinutes(5), { previous: first, targets });
      return check(DelegationIdentity.fromDelegation(session, chain));
    };
    expect(await only([CANISTER])).toEqual(new Set([CANISTER.toText()]));
    await expect(only([other])).rejects.toEqual(refused(403, /is not one of the delegation targets/));
    await expect(only([Principal.fromText('aaaaa-aa')])).rejects.toEqual(refused(403, /is not one of the delegation targets/));
  });

  it('refuses chains that are forged, too long or go in circles', async () => {
    const user = Ed25519KeyIdentity.generate();
    const session = Ed25519KeyIdentity.generate();
    const chain = await DelegationChain.create(user, session.getPublicKey(), inMinutes(5));
    const longer = DelegationChain.fromDelegations(
      chain.delegations.map(({ delegation: { pubkey, expiration }, signature }) => ({
        delegation: new Delegation(pubkey, expiration + 1n),
        signature
      })),
      chain.publicKey
    );
    const forged = check(DelegationIdentity.fromDelegation(session, longer));
    await expect(forged).rejects.toEqual(refused(403, /Invalid delegation: Invalid basic signature/));

    const links = Array.from({ length: 21 }, () => Ed25519KeyIdentity.generate());
    let long = await DelegationChain.create(user, (links[0] ?? session).getPublicKey(), inMinutes(5));
    for (let i = 1; i < 20; i += 1) {
      long = await DelegationChain.create(links[i - 1] ?? session, (links[i] ?? session).getPublicKey(), inMinutes(5), { previous: long });
    }
    expect(await check(DelegationIdentity.fromDelegation(links[19] ?? session, long))).toBeUndefined();
    const tooLong = await DelegationChain.create(links[19] ?? session, (links[20] ?? session).getPublicKey(), inMinutes(5), {
      previous: long
    });
    await expect(check(DelegationIdentity.fromDelegation(links[20] ?? session, tooLong))).rejects.toEqual(
      refused(403, /got 21 delegations, but at most 20/)
    );

    const back = await DelegationChain.create(session, user.getPublicKey(), inMinutes(5), { previous: chain });
    await expect(check(DelegationIdentity.fromDelegation(user, back))).rejects.toEqual(refused(403, /contains at least one cycle/));
  });
});

describe('the request id of an envelope', () => {
  it("is the agent's", async () => {
    const content = {
      request_type: 'call',
      canister_id: CANISTER,
      method_name: 'm',
      arg: Uint8Array.of(1),
      sender: Principal.anonymous(),
      ingress_expiry: NOW,
      nonce: Uint8Array.of(7)
    };
    const parsed = parseCallEnvelope(Cbor.encode({ content }), 'call');
    expect(parsed.requestId).toEqual(new Uint8Array(requestIdOf(content)));
  });
});
