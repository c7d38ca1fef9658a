import { EMPTY, labeled, type ForkTree, type HashTree, type LabeledTree } from './hashTree.ts';

/**
 * The `request_status` subtree: a radix tree over the bits of the request ids. Thousands of requests are added and purged a minute;
 * rebuilding a sorted directory each time would hash all of them, this shares everything but the path to the changed one (about 17
 * hashes at 100,000 requests). Its shape depends only on the set of ids. All labels must have the same length.
 */

interface RequestFork extends ForkTree {
  /** The first bit in which the labels of the two sides differ. */
  readonly bit: number;
}

function bitAt(label: Uint8Array, bit: number): number {
  return ((label[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
}

function splitAt(bit: number, left: HashTree, right: HashTree): RequestFork {
  return { kind: 'fork', left, right, bit };
}

function bitOf(node: ForkTree): number {
  if ('bit' in node && typeof node.bit === 'number') return node.bit;
  throw new TypeError('not a node of a request tree');
}

/** The entry that shares the longest prefix with `label`, as far as the forks can tell. */
function nearest(tree: HashTree, label: Uint8Array): LabeledTree | undefined {
  let node = tree;
  while (node.kind === 'fork') node = bitAt(label, bitOf(node)) === 0 ? node.left : node.right;
  return node.kind === 'labeled' ? node : undefined;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] ?? 0) ^ (b[i] ?? 0);
    if (difference !== 0) return i * 8 + Math.clz32(difference) - 24;
  }
  return -1;
}

/** The tree with `label` set to `entry`; the old tree stays as it was. */
export function setRequest(tree: HashTree, label: Uint8Array, entry: HashTree): HashTree {
  const node = labeled(label, entry);
  const close = nearest(tree, label);
  if (close === undefined) return node;
  return place(tree, node, firstDifference(close.label, label));
}

function place(tree: HashTree, node: LabeledTree, difference: number): HashTree {
  if (tree.kind === 'fork') {
    const at = bitOf(tree);
    if (difference === -1 || at < difference) {
      return bitAt(node.label, at) === 0
        ? splitAt(at, place(tree.left, node, difference), tree.right)
        : splitAt(at, tree.left, place(tree.right, node, difference));
    }
  }
  if (difference === -1) return node;
  return bitAt(node.label, difference) === 0 ? splitAt(difference, node, tree) : splitAt(difference, tree, node);
}

/** The tree without `label`; the same tree if it wasn't there. */
export function removeRequest(tree: HashTree, label: Uint8Array): HashTree {
  if (tree.kind !== 'fork') return tree.kind === 'labeled' && firstDifference(tree.label, label) === -1 ? EMPTY : tree;
  const onLeft = bitAt(label, bitOf(tree)) === 0;
  const side = onLeft ? tree.left : tree.right;
  const rest = removeRequest(side, label);
  if (rest === side) return tree;
  if (rest.kind === 'empty') return onLeft ? tree.right : tree.left;
  return onLeft ? splitAt(bitOf(tree), rest, tree.right) : splitAt(bitOf(tree), tree.left, rest);
}
