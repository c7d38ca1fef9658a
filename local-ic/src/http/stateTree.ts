import { encodeWithSelfDescribedTag } from '@dfinity/cbor';
import type { Principal } from '@dfinity/principal';
import type { CanisterRecord, Engine } from '../engine/types.ts';
import { equalBytes, leb128, utf8 } from './bytes.ts';
import { directory, EMPTY, leaf, type HashTree } from './hashTree.ts';
import type { NetworkKeys } from './keys.ts';

/** The ids this network may give its canisters: every id of the usual 10-byte form, so that a canister can be given its mainnet id. */
const FIRST_CANISTER_ID = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
const LAST_CANISTER_ID = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 1, 1);

/**
 * Builds the network's state tree (IC interface specification, "The system state tree"), except `time`, which every certificate adds.
 * Subtrees of canisters that did not change are the same objects in every version, so they are hashed once.
 */
export class StateTreeBuilder {
  private readonly engine: Pick<Engine, 'canisters'>;
  private readonly fixed: (readonly [Uint8Array, HashTree])[];
  /** By the id object that the engine keeps for a canister: goes with the canister. */
  private readonly canisters = new WeakMap<Principal, { record: CanisterRecord; tree: HashTree }>();
  private latest: { parts: HashTree[]; tree: HashTree } = { parts: [], tree: EMPTY };

  constructor(engine: Pick<Engine, 'canisters'>, keys: NetworkKeys) {
    this.engine = engine;
    const subnetId = keys.subnetId.toUint8Array();
    const ranges = leaf(encodeWithSelfDescribedTag([[FIRST_CANISTER_ID, LAST_CANISTER_ID]]));
    const node = directory([[keys.nodeId.toUint8Array(), directory([[utf8('public_key'), leaf(keys.nodeKey)]])]]);
    const subnet = directory([
      [utf8('canister_ranges'), ranges],
      [utf8('node'), node],
      [utf8('public_key'), leaf(keys.rootKey)]
    ]);
    this.fixed = [
      // The same ranges where newer clients look for them, keyed by the first id of the range.
      [utf8('canister_ranges'), directory([[subnetId, directory([[FIRST_CANISTER_ID, ranges]])]])],
      [utf8('subnet'), directory([[subnetId, subnet]])]
    ];
  }

  /** @param parts the subtrees that change: see `canisterDirectory` and the history of requests */
  build(parts: { canisters: HashTree; requests: HashTree; now: bigint }): HashTree {
    return directory([
      [utf8('canister'), parts.canisters],
      [utf8('request_status'), parts.requests],
      [utf8('time'), leaf(leb128(parts.now))],
      ...this.fixed
    ]);
  }

  /** The `canister` subtree: the same object as before as long as no canister changed. */
  canisterDirectory(): HashTree {
    const records = this.engine.canisters();
    const parts = records.map((record) => this.canister(record));
    const { latest } = this;
    if (parts.length === latest.parts.length && parts.every((part, i) => part === latest.parts[i])) return latest.tree;
    const tree = directory(records.map((record, i) => [record.id.toUint8Array(), parts[i] ?? EMPTY] as const));
    this.latest = { parts, tree };
    return tree;
  }

  private canister(record: CanisterRecord): HashTree {
    const known = this.canisters.get(record.id);
    if (known !== undefined && isSame(known.record, record)) return known.tree;
    const tree = canisterTree(record);
    this.canisters.set(record.id, { record, tree });
    return tree;
  }
}

/**
 * Whether the tree shows the same of both. Looked at for every canister before every signature, and nearly always these are the very same
 * objects: the engine replaces bytes and ids, it never changes them.
 */
function isSame(a: CanisterRecord, b: CanisterRecord): boolean {
  return (
    isSameBytes(a.certifiedData, b.certifiedData) &&
    // Metadata is part of the module.
    isSameBytes(a.moduleHash, b.moduleHash) &&
    a.controllers.length === b.controllers.length &&
    a.controllers.every((controller, i) => isSamePrincipal(controller, b.controllers[i]))
  );
}

function isSameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && equalBytes(a, b));
}

function isSamePrincipal(a: Principal, b: Principal | undefined): boolean {
  return a === b || isSameBytes(a.toUint8Array(), b?.toUint8Array());
}

function canisterTree({ controllers, certifiedData, moduleHash, metadata }: CanisterRecord): HashTree {
  const controllerList = encodeWithSelfDescribedTag(controllers.map((controller) => controller.toUint8Array()));
  const entries: (readonly [Uint8Array, HashTree])[] = [[utf8('controllers'), leaf(controllerList)]];
  if (moduleHash !== undefined) {
    entries.push([utf8('certified_data'), leaf(certifiedData)], [utf8('module_hash'), leaf(moduleHash)]);
    if (metadata.length > 0) {
      entries.push([utf8('metadata'), directory(metadata.map(({ name, content }) => [utf8(name), leaf(content)] as const))]);
    }
  }
  return directory(entries);
}
