import { reconstruct, type HashTree as AgentHashTree } from '@dfinity/agent';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookup } from '../../test/support/lookup.ts';
import { sha256, toHex, utf8 } from './bytes.ts';
import { directory, EMPTY, fork, hashOf, labeled, leaf, type HashTree } from './hashTree.ts';
import { removeRequest, setRequest } from './requestTree.ts';
import { witness, type EncodedTree, type Path } from './witness.ts';

/** The example of the interface specification ("Certificate encoding"). */
const example = fork(
  fork(
    labeled(utf8('a'), fork(fork(labeled(utf8('x'), leaf(utf8('hello'))), EMPTY), labeled(utf8('y'), leaf(utf8('world'))))),
    labeled(utf8('b'), leaf(utf8('good')))
  ),
  fork(labeled(utf8('c'), EMPTY), labeled(utf8('d'), leaf(utf8('morning'))))
);

/** A witness whose root hash, as the agent computes it, is the tree's: so what it shows is proved. */
async function prove(tree: HashTree, paths: Path[]): Promise<EncodedTree> {
  const shown = witness(tree, paths);
  expect(toHex(await reconstruct(shown as unknown as AgentHashTree))).toBe(toHex(hashOf(tree)));
  return shown;
}

function sizeOf(tree: EncodedTree): number {
  return tree[0] === 1 ? sizeOf(tree[1]) + sizeOf(tree[2]) : tree[0] === 2 ? 1 + sizeOf(tree[2]) : 1;
}

describe('hashOf', () => {
  it('gives the root hash of the example in the interface specification', () => {
    expect(toHex(hashOf(example))).toBe('eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0');
  });
});

describe('witness', () => {
  const labels = fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 3 }), { maxLength: 20, selector: toHex });

  it('proves what is at a path and what is not', async () => {
    await fc.assert(
      fc.asyncProperty(
        labels,
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        async (present, asked) => {
          const tree = directory(present.map((label) => [label, directory([[utf8('value'), leaf(label)]])] as const));
          const paths = [...asked, ...present.slice(0, 1)].map((label) => [label, utf8('value')]);
          const proof = await prove(tree, paths);
          for (const path of paths) {
            const exists = present.some((label) => toHex(label) === toHex(path[0] ?? new Uint8Array()));
            const found = lookup(path, proof);
            expect(found.status).toBe(exists ? 'found' : 'absent');
            if (found.status === 'found') expect(found.value).toEqual(path[0]);
          }
        }
      )
    );
  });

  it('hides everything else', async () => {
    const tree = directory(Array.from({ length: 1_000 }, (_, i) => [sha256(utf8(String(i))), leaf(utf8(`secret ${i}`))] as const));
    const label = sha256(utf8('7'));
    const proof = await prove(tree, [[label]]);
    expect(lookup([label], proof).status).toBe('found');
    expect(
      JSON.stringify(proof, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value)).match(/secret/g)
    ).toHaveLength(1);
    expect(sizeOf(witness(tree, [[label]]))).toBeLessThan(15);
    const neighbour = sha256(utf8('8'));
    expect(lookup([neighbour], proof).status).toBe('unknown');
  });

  it('shows a whole subtree where a path ends inside the tree', async () => {
    const proof = await prove(example, [[utf8('a')]]);
    expect(lookup([utf8('a'), utf8('y')], proof)).toMatchObject({ status: 'found', value: utf8('world') });
    expect(lookup([utf8('b')], proof).status).toBe('unknown');
  });

  it('works on an empty tree and below a leaf', async () => {
    expect(lookup([utf8('a')], await prove(EMPTY, [[utf8('a')]])).status).toBe('absent');
    expect(lookup([utf8('b'), utf8('more')], await prove(example, [[utf8('b'), utf8('more')]])).status).toBe('absent');
  });
});

describe('the tree of requests', () => {
  const id = fc.uint8Array({ minLength: 4, maxLength: 4 });

  it('holds what was set and not removed, in order, whatever the order of changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(id, fc.boolean(), fc.nat(255)), { maxLength: 60 }), async (changes) => {
        const expected = new Map<string, Uint8Array>();
        let tree: HashTree = EMPTY;
        for (const [label, add, content] of changes) {
          tree = add ? setRequest(tree, label, leaf(Uint8Array.of(content))) : removeRequest(tree, label);
          if (add) expected.set(toHex(label), Uint8Array.of(content));
          else expected.delete(toHex(label));
        }
        let rebuilt: HashTree = EMPTY;
        for (const [label, content] of expected) rebuilt = setRequest(rebuilt, new Uint8Array(Buffer.from(label, 'hex')), leaf(content));
        expect(toHex(hashOf(tree))).toBe(toHex(hashOf(rebuilt)));
        const proof = await prove(
          tree,
          changes.map(([label]) => [label])
        );
        for (const [label] of changes) {
          const value = expected.get(toHex(label));
          expect(lookup([label], proof)).toEqual(value === undefined ? { status: 'absent' } : { status: 'found', value });
        }
      })
    );
  });

  it('removes a label that is there and keeps the tree for one that is not', () => {
    const one = setRequest(EMPTY, Uint8Array.of(1, 0), leaf(utf8('1')));
    const two = setRequest(one, Uint8Array.of(2, 0), leaf(utf8('2')));
    expect(removeRequest(two, Uint8Array.of(3, 0))).toBe(two);
    expect(hashOf(removeRequest(two, Uint8Array.of(2, 0)))).toEqual(hashOf(one));
    expect(removeRequest(one, Uint8Array.of(1, 0))).toBe(EMPTY);
  });
});
