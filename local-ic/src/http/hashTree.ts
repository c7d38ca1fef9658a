import { compareBytes, domainSeparator, sha256 } from './bytes.ts';

const EMPTY_HASH = sha256(domainSeparator('ic-hashtree-empty'));
const FORK = domainSeparator('ic-hashtree-fork');
const LABELED = domainSeparator('ic-hashtree-labeled');
const LEAF = domainSeparator('ic-hashtree-leaf');

/**
 * A hash tree (IC interface specification, "Certification"). Nodes never change, so a hash is computed once, when it is first asked for:
 * a subtree that lives on in the next version of the state costs nothing.
 */
export type HashTree = EmptyTree | ForkTree | LabeledTree | LeafTree;

interface EmptyTree {
  readonly kind: 'empty';
}
export interface ForkTree {
  readonly kind: 'fork';
  readonly left: HashTree;
  readonly right: HashTree;
  hash?: Uint8Array;
}
export interface LabeledTree {
  readonly kind: 'labeled';
  readonly label: Uint8Array;
  readonly tree: HashTree;
  hash?: Uint8Array;
}
interface LeafTree {
  readonly kind: 'leaf';
  readonly value: Uint8Array;
  hash?: Uint8Array;
}

export const EMPTY: EmptyTree = { kind: 'empty' };

export function fork(left: HashTree, right: HashTree): ForkTree {
  return { kind: 'fork', left, right };
}

export function labeled(label: Uint8Array, tree: HashTree): LabeledTree {
  return { kind: 'labeled', label, tree };
}

export function leaf(value: Uint8Array): LeafTree {
  return { kind: 'leaf', value };
}

/** The root hash of a tree: 32 bytes. */
export function hashOf(tree: HashTree): Uint8Array {
  switch (tree.kind) {
    case 'empty':
      return EMPTY_HASH;
    case 'fork':
      return (tree.hash ??= hashOfFork(hashOf(tree.left), hashOf(tree.right)));
    case 'labeled':
      return (tree.hash ??= hashOfLabeled(tree.label, hashOf(tree.tree)));
    case 'leaf':
      return (tree.hash ??= sha256(LEAF, tree.value));
  }
}

/** The hash of a fork whose sides have these hashes. */
export function hashOfFork(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(FORK, left, right);
}

/** The hash of a labelled node over a subtree with this hash. */
export function hashOfLabeled(label: Uint8Array, tree: Uint8Array): Uint8Array {
  return sha256(LABELED, label, tree);
}

/** A balanced tree of labelled entries, in order of label. Labels must differ. */
export function directory(entries: Iterable<readonly [Uint8Array, HashTree]>): HashTree {
  const nodes = Array.from(entries, ([label, tree]) => labeled(label, tree)).sort((a, b) => compareBytes(a.label, b.label));
  return balanced(nodes, 0, nodes.length);
}

function balanced(nodes: LabeledTree[], from: number, to: number): HashTree {
  const first = nodes[from];
  if (from >= to || first === undefined) return EMPTY;
  if (to - from === 1) return first;
  const middle = (from + to) >>> 1;
  return fork(balanced(nodes, from, middle), balanced(nodes, middle, to));
}
