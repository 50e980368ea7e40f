import { describe, expect, it } from 'vitest';
import { accountOfRequest, accountOfText } from './login-account.ts';

const request = (body: string, headers: readonly (readonly [string, string])[] = [], path = '/login') => ({
  path,
  headers,
  body,
});

describe('the account that a request logs in to', () => {
  it.each([
    [request('username=admin&password=admin'), 'admin'],
    [request('{"user":"root","passwd":"x"}'), 'root'],
    [request('<login>op</login><password>x</password>'), 'op'],
    [request('', [['Authorization', 'Basic dG9tY2F0OnRvbWNhdA==']]), 'tomcat'],
    [request('', [['Authorization', 'Digest realm="x", username="admin", nonce="y"']]), 'admin'],
    [request('password=only'), ''],
    [request('q=username'), null],
    [request('', [['Authorization', 'Bearer abc']]), null],
  ])('of %j is %j', (asked, account) => {
    expect(accountOfRequest(asked)).toBe(account);
  });

  it('is named by the commands of text protocols', () => {
    expect(accountOfText('USER backup\r\nPASS guest\r\n')).toBe('backup');
    expect(accountOfText('USER anonymous\r\nPASS guest@\r\n')).toBeNull();
    expect(accountOfText('USER backup\r\n')).toBeNull();
    expect(accountOfText('a1 LOGIN "root" "x"\r\n')).toBe('root');
    expect(accountOfText('AUTH secret\r\n')).toBe('');
  });
});
