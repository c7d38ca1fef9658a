import { describe, expect, test } from 'vitest';
import { loadRecording, parseRecording } from './recording.ts';

const HEADER = 'unix_seconds,close_usd';

describe('the shipped recording', () => {
  const recording = loadRecording();

  test('is three weeks of minutes from 2023-03-01 00:01 UTC', () => {
    expect(recording.closesCents).toHaveLength(30_240);
    expect(recording.firstRecordedNs).toBe(BigInt(Date.UTC(2023, 2, 1, 0, 1)) * 1_000_000n);
    expect(recording.source).toContain('Binance.US');
  });

  test('holds the prices of the file, in cents', () => {
    expect(recording.closesCents.slice(0, 4)).toEqual([2_314_372, 2_314_367, 2_315_603, 2_315_683]);
    expect(recording.closesCents.at(-1)).toBe(2_819_493);
    expect(recording.closesCents.reduce((low, cents) => Math.min(low, cents))).toBe(1_959_456);
    expect(recording.closesCents.reduce((high, cents) => Math.max(high, cents))).toBe(2_854_727);
  });
});

describe('parseRecording', () => {
  test('reads rows with or without a final line break, LF or CRLF', () => {
    const expected = { firstRecordedNs: 60_000_000_000n, closesCents: [100, 205], source: 'here' };
    expect(parseRecording(`${HEADER}\n60,1.00\n120,2.05`, 'here')).toEqual(expected);
    expect(parseRecording(`${HEADER}\r\n60,1.00\r\n120,2.05\r\n`, 'here')).toEqual(expected);
  });

  test.each([
    ['no header', '60,1.00', 'Line 1: expected the header'],
    ['no rows', `${HEADER}\n`, 'no rows'],
    ['a missing minute', `${HEADER}\n60,1.00\n180,1.00`, 'Line 3: expected the minute 120, not 180'],
    ['a repeated minute', `${HEADER}\n60,1.00\n60,1.00`, 'Line 3: expected the minute 120, not 60'],
    ['a time inside a minute', `${HEADER}\n61,1.00`, 'Line 2: 61 is not a whole minute'],
    ['one decimal', `${HEADER}\n60,1.0`, 'Line 2: expected'],
    ['a price of nothing', `${HEADER}\n60,`, 'Line 2: expected'],
    ['a price of zero', `${HEADER}\n60,0.00`, 'Line 2: expected'],
    ['a negative price', `${HEADER}\n60,-1.00`, 'Line 2: expected'],
    ['a word', `${HEADER}\n60,much`, 'Line 2: expected'],
    ['another column', `${HEADER}\n60,1.00,7`, 'Line 2: expected'],
    ['an empty line in between', `${HEADER}\n60,1.00\n\n120,1.00`, 'Line 3: expected'],
    ['a price beyond 32 bits', `${HEADER}\n60,42949672.96`, 'Line 2: the price is too large']
  ])('refuses %s', (_name, text, message) => {
    expect(() => parseRecording(text, 'here')).toThrow(message);
  });
});
