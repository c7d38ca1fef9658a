import { EMPTY, hashOf, hashOfFork, hashOfLabeled, leaf } from '../http/hashTree.ts';
import type { EncodedTree } from '../http/witness.ts';

/** The root hash a client computes from a witness (IC interface specification, "Certificate", `reconstruct`). */
export function rootHash(tree: EncodedTree): Uint8Array {
  switch (tree[0]) {
    case 0:
      return hashOf(EMPTY);
    case 1:
      return hashOfFork(rootHash(tree[1]), rootHash(tree[2]));
    case 2:
      return hashOfLabeled(tree[1], rootHash(tree[2]));
    case 3:
      return hashOf(leaf(tree[1]));
    case 4:
      return tree[1];
  }
}
