import { compareBytes } from '../../src/http/bytes.ts';
import type { EncodedTree, Path } from '../../src/http/witness.ts';

export type Lookup = { status: 'found'; value: Uint8Array } | { status: 'absent' | 'unknown' | 'error' };

/**
 * Looks a path up in a witness, word for word as the interface specification describes it ("Lookup"). The agent's own lookup compares labels
 * byte by byte without stopping at the first difference, so it can't judge absence among arbitrary labels.
 */
export function lookup(path: Path, tree: EncodedTree): Lookup {
  const label = path[0];
  if (label === undefined) {
    if (tree[0] === 3) return { status: 'found', value: tree[1] };
    return { status: tree[0] === 0 ? 'absent' : tree[0] === 4 ? 'unknown' : 'error' };
  }
  const nodes = flatten(tree);
  const same = nodes.find((node) => node[0] === 2 && compareBytes(node[1], label) === 0);
  if (same?.[0] === 2) return lookup(path.slice(1), same[2]);
  return { status: isAbsent(label, nodes) ? 'absent' : 'unknown' };
}

function flatten(tree: EncodedTree): EncodedTree[] {
  if (tree[0] === 0) return [];
  return tree[0] === 1 ? [...flatten(tree[1]), ...flatten(tree[2])] : [tree];
}

function isAbsent(label: Uint8Array, nodes: EncodedTree[]): boolean {
  if (nodes.length === 0 || (nodes.length === 1 && nodes[0]?.[0] === 3)) return true;
  // Between every two neighbours there is a gap; so there is before the first and after the last.
  for (let i = 0; i <= nodes.length; i += 1) {
    const before = nodes[i - 1];
    const after = nodes[i];
    const aboveBefore = before === undefined || (before[0] === 2 && compareBytes(before[1], label) < 0);
    const belowAfter = after === undefined || (after[0] === 2 && compareBytes(label, after[1]) < 0);
    if (aboveBefore && belowAfter) return true;
  }
  return false;
}
