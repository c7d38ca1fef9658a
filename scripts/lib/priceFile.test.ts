import { describe, expect, test } from 'vitest';
import { parsePriceFile, priceTable } from './priceFile.ts';

const header = 'spot_e8,strike_e8,cap_e8,seconds,sigma_ppm';
const row = '2800000000000,2810000000000,50000000000,900,600000';
const parsed = { spot_e8: 2_800_000_000_000n, strike_e8: 2_810_000_000_000n, cap_e8: 50_000_000_000n, seconds: 900n, sigma_ppm: 600_000n };

describe('a file to price', () => {
  test('may have any line ends, spaces around numbers, a byte order mark, or no rows', () => {
    for (const text of [
      `${header}\n${row}`,
      `${header}\n${row}\n`,
      `${header}\r\n${row}\r\n`,
      `\uFEFF${header}\n${row}\n\n`,
      `${header}\n ${row.replaceAll(',', ' , ')} \n`
    ]) {
      expect(parsePriceFile(text)).toEqual([parsed]);
    }
    expect(parsePriceFile(header)).toEqual([]);
    expect(parsePriceFile(`${header}\r\n`)).toEqual([]);
  });

  test.for([
    ['', 'line 1: the header must be'],
    ['spot,strike\n', 'line 1: the header must be'],
    [`${header}\n${row},1`, 'line 2: 5 numbers are needed'],
    [`${header}\n${row}\n\n${row}`, 'line 3: 5 numbers are needed'],
    [`${header}\n${row}\n${row.replace('900', '900.5')}`, 'line 3: seconds must be a whole number'],
    [`${header}\n${row.replace('900', '-900')}`, 'line 2: seconds must be a whole number'],
    [`${header}\n${row.replace('900', '')}`, 'line 2: seconds must be a whole number'],
    [`${header}\n${row.replace('900', '0x10')}`, 'line 2: seconds must be a whole number'],
    [`${header}\n${row.replace('900', '59')}`, 'line 2: seconds must be from 60 to 2,592,000 (one minute to 30 days), not 59.'],
    [`${header}\n${row.replace('600000', '3000001')}`, 'line 2: sigma_ppm must be from 100,000'],
    [`${header}\n${row.replace('50000000000', '0')}`, 'line 2: cap_e8 must be from 1'],
    [`${header}\n${row.replace('50000000000', '2810000000000')}`, 'line 2: cap_e8 must be from 1 to 2,809,999,999,999'],
    [`${header}\n${row.replace('2810000000000', '1399998999999')}`, 'line 2: strike_e8 must be from 1,399,999,000,000'],
    [`${header}\n${row.replace('2800000000000', '99999999999')}`, 'line 2: spot_e8 must be from 100,000,000,000'],
    [`${header}\n${row.replace('2800000000000', '9'.repeat(40))}`, 'line 2: spot_e8 must be from 100,000,000,000']
  ] as const)('is refused with the line: %j', ([text, message]) => {
    expect(() => parsePriceFile(text)).toThrow(message);
  });
});

test('the table keeps every digit', () => {
  const values = {
    digital_call_e18: 1n,
    digital_put_e18: 999_999_999_999_999_999n,
    capped_call_e18: 0n,
    capped_put_e18: 1_234_567_890_123_456_789n
  };
  expect(priceTable([parsed], [values])).toBe(
    `${header},digital_call,digital_put,capped_call_of_spot,capped_put_of_spot\n` +
      `${row},0.000000000000000001,0.999999999999999999,0.000000000000000000,1.234567890123456789\n`
  );
  expect(priceTable([], [])).toBe(`${header},digital_call,digital_put,capped_call_of_spot,capped_put_of_spot\n`);
});
