import { describe, expect, test } from 'vitest';
import { DEFAULT_ASSET_CONFIG, mergeRule, parseAssetConfig, responseHeaders } from './assetConfig.ts';

function configOf(text: string, path = 'index.html') {
  return parseAssetConfig(text)
    .filter((rule) => rule.matches(path))
    .reduce(mergeRule, DEFAULT_ASSET_CONFIG);
}

describe('an asset configuration', () => {
  test('is JSON5, and later rules win field by field', () => {
    const config = configOf(`[
      // everything
      { match: '**/*', headers: { 'X-One': '1', 'X-Two': '1' }, cache: { max_age: 60 }, enable_aliasing: false, ignore: true, encodings: ['gzip'] },
      { match: '*.css', headers: { 'X-One': 'never' } },
      { "match": "*.html", "headers": { "x-two": "2" }, ignore: false, allow_raw_access: false, },
    ]`);
    expect(config).toEqual({
      headers: { 'x-one': '1', 'x-two': '2' },
      securityPolicy: undefined,
      maxAgeSeconds: 60,
      ignore: false,
      enableAliasing: false,
      allowRawAccess: false,
      encodings: ['gzip']
    });
  });

  test('null takes away the headers of earlier rules', () => {
    expect(configOf(`[{ match: '*', headers: { a: 'b' } }, { match: '*', headers: null }]`).headers).toEqual({});
  });

  test('a security policy sets headers that explicit ones override, whatever their case', () => {
    const headers = responseHeaders(
      configOf(
        `[{ match: '*', security_policy: 'standard', headers: { 'CONTENT-Security-Policy': "default-src 'none'" }, cache: { max_age: 9 } }]`
      )
    );
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'",
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-xss-protection': '1; mode=block',
      'cache-control': 'max-age=9'
    });
    expect(headers['permissions-policy']).toMatch(/^accelerometer=\(\), .*vertical-scroll=\(\)$/);
  });

  test('"hardened" stands for the same headers as "standard", "disabled" for none', () => {
    const headersOf = (policy: string) => responseHeaders(configOf(`[{ match: '*', security_policy: '${policy}' }]`));
    expect(headersOf('hardened')).toEqual(headersOf('standard'));
    expect(headersOf('disabled')).toEqual({});
    expect(headersOf('standard')['content-security-policy']).toContain("default-src 'self';script-src 'self';");
  });

  test('an explicit cache-control wins over max_age', () => {
    expect(responseHeaders(configOf(`[{ match: '*', cache: { max_age: 9 }, headers: { 'Cache-Control': 'no-cache' } }]`))).toEqual({
      'cache-control': 'no-cache'
    });
  });

  test.each([
    ['{}', 'an asset configuration is a list of rules'],
    ['[1]', 'rule 1 is not an object'],
    ['[{ match: "*" }, {}]', 'rule 2 needs a text in "match"'],
    ['[{ match: "*", header: {} }]', 'rule 1 has the unknown field "header"'],
    ['[{ match: "*", headers: [] }]', 'rule 1: "headers" is an object or null'],
    ['[{ match: "*", headers: { a: 1 } }]', 'rule 1: the header "a" is not a text'],
    ['[{ match: "*", security_policy: "strict" }]', 'rule 1: "security_policy" is one of disabled, standard, hardened'],
    ['[{ match: "*", cache: { max_age: -1 } }]', 'rule 1: "cache" is { "max_age": whole seconds }'],
    ['[{ match: "*", cache: 5 }]', 'rule 1: "cache" is { "max_age": whole seconds }'],
    ['[{ match: "*", ignore: "yes" }]', 'rule 1: "ignore" is true or false'],
    ['[{ match: "*", encodings: ["zip"] }]', 'rule 1: "encodings" is a list of identity, gzip, br'],
    ['[{ match: "[" }]', 'unclosed "[" in glob "["'],
    ['nonsense', 'JSON5']
  ])('%s is refused', (text, message) => {
    expect(() => parseAssetConfig(text)).toThrow(message);
  });
});
