import { encodeWithSelfDescribedTag } from '@dfinity/cbor';
import type { CanisterRecord, Engine } from '../engine/types.ts';
import { leb128, toHex, utf8 } from './bytes.ts';
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
  private readonly canisters = new Map<string, { version: string; tree: HashTree }>();
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
    const id = record.id.toText();
    const { certifiedData, controllers, moduleHash } = record;
    const version = [toHex(certifiedData), moduleHash && toHex(moduleHash), ...controllers.map((controller) => controller.toText())].join();
    const known = this.canisters.get(id);
    if (known?.version === version) return known.tree;
    const tree = canisterTree(record);
    this.canisters.set(id, { version, tree });
    return tree;
  }
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
