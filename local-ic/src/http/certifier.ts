import { encodeWithSelfDescribedTag } from '@dfinity/cbor';
import type { Principal } from '@dfinity/principal';
import type { Engine } from '../engine/types.ts';
import { concat, equalBytes, utf8 } from './bytes.ts';
import { hashOf, type HashTree } from './hashTree.ts';
import type { IngressHistory } from './ingressHistory.ts';
import type { NetworkKeys } from './keys.ts';
import { STATE_ROOT } from './signedDomains.ts';
import { StateTreeBuilder } from './stateTree.ts';
import { witness, type Path } from './witness.ts';

/** A signed state is used again, as long as nothing changed, for this long: many reads in a row then share one signature. */
const REUSE_NS = 100_000_000n;
/** How old the certificate may be that a query gets for unchanged certified data. */
const DATA_CERTIFICATE_NS = 1_000_000_000n;

/** What of the network a certificate speaks about. */
type CertifiedState = Pick<Engine, 'now' | 'canister' | 'canisters'>;

interface SignedState {
  tree: HashTree;
  signature: Uint8Array;
  time: bigint;
}

interface Waiting {
  paths: readonly Path[];
  resolve: (certificate: Uint8Array) => void;
  reject: (error: unknown) => void;
}

/** Makes certificates: parts of the state tree under the network's signature. */
export class Certifier {
  private readonly engine: CertifiedState;
  private readonly keys: NetworkKeys;
  private readonly history: IngressHistory;
  private readonly builder: StateTreeBuilder;
  private waiting: Waiting[] = [];
  private latest: (SignedState & { requests: HashTree; canisters: HashTree }) | undefined;
  private readonly dataCertificates = new Map<string, { data: Uint8Array; time: bigint; certificate: Uint8Array }>();
  /** How many root signatures were made. */
  signatures = 0;

  constructor(engine: CertifiedState, keys: NetworkKeys, history: IngressHistory) {
    this.engine = engine;
    this.keys = keys;
    this.history = history;
    this.builder = new StateTreeBuilder(engine, keys);
  }

  /**
   * A CBOR certificate that shows what is at `paths`, and the time.
   *
   * A signature is the dearest thing this network makes, so one is shared by everything that asks within the same turn of the event loop:
   * the equivalent of a round of consensus.
   */
  certify(paths: readonly Path[]): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => this.round());
      this.waiting.push({ paths, resolve, reject });
    });
  }

  /** The certificate of a canister's certified data, for `ic0.data_certificate_copy`; at most a second old. */
  dataCertificate(canisterId: Principal): Uint8Array {
    const id = canisterId.toText();
    const data = this.engine.canister(canisterId)?.certifiedData ?? new Uint8Array();
    const now = this.engine.now();
    const known = this.dataCertificates.get(id);
    if (known !== undefined && now >= known.time && now - known.time < DATA_CERTIFICATE_NS && equalBytes(known.data, data))
      return known.certificate;
    const state = this.sign();
    const certificate = certificateOf(state, [[utf8('canister'), canisterId.toUint8Array(), utf8('certified_data')]]);
    this.dataCertificates.set(id, { data: data.slice(), time: state.time, certificate });
    return certificate;
  }

  private round(): void {
    const waiting = this.waiting;
    this.waiting = [];
    try {
      const state = this.sign();
      for (const { paths, resolve } of waiting) resolve(certificateOf(state, paths));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  private sign(): SignedState {
    const now = this.engine.now();
    const requests = this.history.tree;
    const canisters = this.builder.canisterDirectory();
    const { latest } = this;
    const unchanged = latest !== undefined && latest.requests === requests && latest.canisters === canisters;
    if (unchanged && now >= latest.time && now - latest.time < REUSE_NS) return latest;
    const tree = this.builder.build({ canisters, requests, now });
    const signature = this.keys.signAsRoot(concat(STATE_ROOT, hashOf(tree)));
    this.signatures += 1;
    this.latest = { tree, signature, time: now, requests, canisters };
    return this.latest;
  }
}

function certificateOf({ tree, signature }: SignedState, paths: readonly Path[]): Uint8Array {
  return encodeWithSelfDescribedTag({ tree: witness(tree, [...paths, [utf8('time')]]), signature });
}
