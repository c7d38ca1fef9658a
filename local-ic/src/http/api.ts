import { encodeWithSelfDescribedTag } from '@dfinity/cbor';
import type { Principal } from '@dfinity/principal';
import type { Engine } from '../engine/types.ts';
import { authenticate } from './authenticate.ts';
import { Certifier } from './certifier.ts';
import { checkEffectiveCanisterId } from './effectiveCanister.ts';
import { parseCallEnvelope, parseReadStateEnvelope } from './envelope.ts';
import { HttpError } from './HttpError.ts';
import { callCanister } from './ingress.ts';
import { IngressHistory } from './ingressHistory.ts';
import type { NetworkKeys } from './keys.ts';
import { parsePrincipalText } from './principalText.ts';
import { queryCanister } from './query.ts';
import { checkPaths } from './readState.ts';

/** An answer in CBOR; no body: empty. */
interface ApiAnswer {
  status: 200 | 202;
  body?: Uint8Array;
}

/** The versions in which each operation exists. */
const VERSIONS: Record<string, string[]> = {
  'canister/call': ['v2', 'v3', 'v4'],
  'canister/query': ['v2', 'v3'],
  'canister/read_state': ['v2', 'v3'],
  'subnet/read_state': ['v2', 'v3']
};

/** The network's interface, from path and body to answer, apart from HTTP itself. */
export class Api {
  readonly certifier: Certifier;
  private readonly history: IngressHistory;
  private readonly engine: Engine;
  private readonly keys: NetworkKeys;

  constructor(engine: Engine, keys: NetworkKeys, history = new IngressHistory()) {
    this.history = history;
    this.engine = engine;
    this.keys = keys;
    this.certifier = new Certifier(engine, keys, this.history);
  }

  /** The HTTP method a path takes; undefined: there is no such path. */
  methodOf(path: string): 'GET' | 'POST' | undefined {
    if (path === '/api/v2/status') return 'GET';
    return parsePath(path) === undefined ? undefined : 'POST';
  }

  /** The body of `/api/v2/status`. */
  status(): Uint8Array {
    return encodeWithSelfDescribedTag({
      ic_api_version: '0.18.0',
      impl_version: 'local-ic',
      replica_health_status: 'healthy',
      root_key: this.keys.rootKey
    });
  }

  /**
   * Answers a POST.
   * @throws HttpError for a request that is malformed, not authentic or not allowed
   */
  async post(path: string, body: Uint8Array): Promise<ApiAnswer> {
    const route = parsePath(path);
    if (route === undefined) throw new HttpError(404, `There is no ${path.slice(0, 200)} here`);
    const { subject, operation, version } = route;
    const id = parsePrincipal(route.id, subject);
    if (operation === 'read_state') return this.readState(subject, id, body);
    const envelope = parseCallEnvelope(body, operation);
    checkEffectiveCanisterId(envelope.content, id);
    authenticate(envelope, this.engine.now());
    if (operation === 'query') return { status: 200, body: await queryCanister(this.engine, this.keys, envelope) };
    const parts = { engine: this.engine, history: this.history, certifier: this.certifier };
    return callCanister(parts, envelope, version === 'v2' ? 'async' : 'sync');
  }

  private async readState(subject: 'canister' | 'subnet', id: Principal, body: Uint8Array): Promise<ApiAnswer> {
    if (subject === 'subnet' && id.toText() !== this.keys.subnetId.toText()) {
      throw new HttpError(404, `Subnet ${id.toText()} is not this network's; that one is ${this.keys.subnetId.toText()}`);
    }
    const envelope = parseReadStateEnvelope(body);
    const { paths, sender } = envelope.content;
    const targets = authenticate(envelope, this.engine.now());
    checkPaths({ paths, sender, targets, effective: subject === 'canister' ? id : undefined }, this.engine, this.history);
    return { status: 200, body: encodeWithSelfDescribedTag({ certificate: await this.certifier.certify(paths) }) };
  }
}

export interface Route {
  version: string;
  subject: 'canister' | 'subnet';
  id: string;
  operation: 'call' | 'query' | 'read_state';
}

/** What an address asks for; undefined: there is nothing of that name. */
export function parsePath(path: string): Route | undefined {
  const match = /^\/api\/(v[234])\/(canister|subnet)\/([^/]+)\/(call|query|read_state)$/.exec(path);
  const [, version, subject, id, operation] = match ?? [];
  if (version === undefined || id === undefined || !isSubject(subject) || !isOperation(operation)) return undefined;
  return VERSIONS[`${subject}/${operation}`]?.includes(version) === true ? { version, subject, id, operation } : undefined;
}

function isSubject(text: string | undefined): text is Route['subject'] {
  return text === 'canister' || text === 'subnet';
}

function isOperation(text: string | undefined): text is Route['operation'] {
  return text === 'call' || text === 'query' || text === 'read_state';
}

function parsePrincipal(text: string, subject: string): Principal {
  try {
    return parsePrincipalText(decodeURIComponent(text));
  } catch (error) {
    throw new HttpError(
      400,
      `Invalid ${subject} id "${text.slice(0, 100)}" in the URL: ${error instanceof Error ? error.message : String(error)}`
    );
  }
}
