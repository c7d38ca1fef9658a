import { compareBytes, equalBytes, toHex } from './bytes.ts';
import { hashOf, type HashTree } from './hashTree.ts';

/** A hash tree as CBOR sends it: [0] empty, [1, left, right] fork, [2, label, tree] labelled, [3, value] leaf, [4, hash] pruned. */
export type EncodedTree = [0] | [1, EncodedTree, EncodedTree] | [2, Uint8Array, EncodedTree] | [3, Uint8Array] | [4, Uint8Array];

export type Path = readonly Uint8Array[];

/**
 * The part of `tree` that proves what is, or is not, at each of the paths; everything else is pruned to its hash.
 *
 * A path that ends inside the tree reveals the whole subtree there. For a label that is absent the entries left and right of the gap stay
 * visible (their own content pruned), which proves that nothing lies between them.
 */
export function witness(tree: HashTree, paths: readonly Path[]): EncodedTree {
  if (paths.some((path) => path.length === 0)) return reveal(tree);
  if (tree.kind === 'empty') return [0];
  // A leaf where the path goes on: showing it proves that nothing is below.
  if (tree.kind === 'leaf') return paths.length > 0 ? reveal(tree) : prune(tree);
  const kept = new Map<string, Kept>();
  for (const path of paths) keep(tree, path, kept);
  return select(tree, [...kept.values()]);
}

/** A label that must stay visible, and the paths to follow below it. */
interface Kept {
  label: Uint8Array;
  below: Path[];
}

function keep(tree: HashTree, path: Path, kept: Map<string, Kept>): void {
  const label = path[0];
  if (label === undefined) return;
  const visible = (name: Uint8Array): Kept => {
    const key = toHex(name);
    let entry = kept.get(key);
    if (entry === undefined) kept.set(key, (entry = { label: name, below: [] }));
    return entry;
  };
  const { before, after } = neighbours(tree, label);
  if (after !== undefined && equalBytes(after, label)) {
    visible(label).below.push(path.slice(1));
    return;
  }
  if (before !== undefined) visible(before);
  if (after !== undefined) visible(after);
}

/** The greatest label below `label` and the smallest one not below it. */
function neighbours(tree: HashTree, label: Uint8Array): { before?: Uint8Array; after?: Uint8Array } {
  let before: Uint8Array | undefined;
  let after: Uint8Array | undefined;
  let node = tree;
  while (node.kind === 'fork') {
    const split = edge(node.right, 'left');
    if (split !== undefined && compareBytes(label, split) < 0) {
      after = split;
      node = node.left;
    } else {
      before = edge(node.left, 'right') ?? before;
      node = node.right;
    }
  }
  if (node.kind === 'labeled') {
    if (compareBytes(node.label, label) < 0) before = node.label;
    else after = node.label;
  }
  return { ...(before && { before }), ...(after && { after }) };
}

/** The first or last label of a tree. */
function edge(tree: HashTree, side: 'left' | 'right'): Uint8Array | undefined {
  let node = tree;
  while (node.kind === 'fork') node = node[side];
  return node.kind === 'labeled' ? node.label : undefined;
}

function select(tree: HashTree, kept: Kept[]): EncodedTree {
  if (kept.length === 0) return prune(tree);
  if (tree.kind === 'labeled') {
    const below = kept.flatMap((entry) => entry.below);
    return [2, tree.label, below.length > 0 ? witness(tree.tree, below) : prune(tree.tree)];
  }
  if (tree.kind !== 'fork') return prune(tree);
  const split = edge(tree.right, 'left');
  if (split === undefined) return prune(tree);
  const left = kept.filter((entry) => compareBytes(entry.label, split) < 0);
  const right = kept.filter((entry) => compareBytes(entry.label, split) >= 0);
  return [1, select(tree.left, left), select(tree.right, right)];
}

function prune(tree: HashTree): EncodedTree {
  return tree.kind === 'empty' ? [0] : [4, hashOf(tree)];
}

function reveal(tree: HashTree): EncodedTree {
  switch (tree.kind) {
    case 'empty':
      return [0];
    case 'fork':
      return [1, reveal(tree.left), reveal(tree.right)];
    case 'labeled':
      return [2, tree.label, reveal(tree.tree)];
    case 'leaf':
      return [3, tree.value];
  }
}
