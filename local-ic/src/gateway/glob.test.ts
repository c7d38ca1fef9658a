import { describe, expect, test } from 'vitest';
import { compileGlob } from './glob.ts';

describe('compileGlob, in the dialect of dfx', () => {
  test.each([
    ['**/*', 'index.html', true],
    ['**/*', 'a/b/c.js', true],
    ['**/*', '.well-known', true],
    ['*', 'a/b/c.js', true],
    ['*.js', 'a/b/c.js', true],
    ['*.js', 'a/b/c.json', false],
    ['**/*.{js,css}', 'a/b.css', true],
    ['**/*.{js,css}', 'b.js', true],
    ['**/*.{js,css}', 'b.cs', false],
    ['_app/immutable/**', '_app/immutable/a/b.js', true],
    ['_app/immutable/**', '_app/immutable', false],
    ['_app/immutable/**', 'x_app/immutable/a.js', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'ab/z', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['v[0-9].js', 'v7.js', true],
    ['v[!0-9].js', 'v7.js', false],
    ['v[^0-9].js', 'vx.js', true],
    ['a.b', 'axb', false],
    ['a(b)+$^|', 'a(b)+$^|', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['{a,{b,c}}/d', 'c/d', true],
    ['a,b', 'a,b', true],
    ['a}', 'a}', true],
    ['é😀?', 'é😀😀', true]
  ])('%s on %s: %s', (glob, path, matches) => {
    expect(compileGlob(glob)(path)).toBe(matches);
  });

  test.each(['[a', '[!a', '{a,b', '{a,{b}'])('refuses %s', (glob) => {
    expect(() => compileGlob(glob)).toThrow(/^unclosed "[[{]" in glob/);
  });
});
