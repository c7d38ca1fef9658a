import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ENCODINGS } from './assetConfig.ts';
import { Representations, chooseEncoding, matchesEtag } from './representations.ts';

describe('chooseEncoding', () => {
  test.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.8', 'gzip'],
    ['br;q=0.1, gzip;q=0.9', 'gzip'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['identity;q=1, gzip;q=0.5', 'identity'],
    ['br;q=nonsense', 'identity']
  ])('%s: %s', (accepted, encoding) => {
    expect(chooseEncoding(accepted, ENCODINGS)).toBe(encoding);
  });

  test('uses nothing the rules left out', () => {
    expect(chooseEncoding('br, gzip', ['identity', 'gzip'])).toBe('gzip');
    expect(chooseEncoding('br, gzip', ['identity'])).toBe('identity');
  });
});

describe('Representations', () => {
  const body = new TextEncoder().encode('the same words again and again. '.repeat(100));

  test('compress to something that decompresses to the same bytes, once', async () => {
    const representations = new Representations(body);
    const gzip = await representations.in('gzip');
    const brotli = await representations.in('br');
    expect(new Uint8Array(gunzipSync(gzip.body))).toEqual(body);
    expect(new Uint8Array(brotliDecompressSync(brotli.body))).toEqual(body);
    expect(new Set([gzip.etag, brotli.etag, (await representations.in('identity')).etag]).size).toBe(3);
    expect(await representations.in('gzip')).toBe(gzip);
  });

  test('stay plain when that is smaller', async () => {
    const random = crypto.getRandomValues(new Uint8Array(2_000));
    expect((await new Representations(random).in('br')).encoding).toBe('identity');
    expect((await new Representations(new Uint8Array(100)).in('gzip')).encoding).toBe('identity');
  });
});

describe('matchesEtag', () => {
  test.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false]
  ])('%s: %s', (header, matches) => {
    expect(matchesEtag(header, '"a"')).toBe(matches);
  });
});
