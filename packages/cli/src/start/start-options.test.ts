import { describe, expect, it } from 'vitest';
import { parseStartOptions } from './start-options.ts';

describe('options of npm start', () => {
  it('has its defaults below the current folder', () => {
    expect(parseStartOptions([], '/srv/picket')).toEqual({
      dataDirectory: '/srv/picket/.picket',
      listen: '127.0.0.1',
      port: 8443,
      targets: null,
      yes: false,
    });
  });

  it('takes all its options', () => {
    const args = ['--data', '/d', '--port', '9443', '--listen', '::1', '--targets', '10.0.0.0/30', '--yes'];
    expect(parseStartOptions(args, '/')).toEqual({
      dataDirectory: '/d',
      listen: '::1',
      port: 9443,
      targets: '10.0.0.0/30',
      yes: true,
    });
    expect(parseStartOptions(['--help'], '/')).toBe('help');
  });

  it.each([[['--port', '99999']], [['--port', 'x']], [['--colour']], [['10.0.0.1']]])(
    'refuses %j with a sentence',
    (args) => {
      expect(parseStartOptions(args, '/')).toEqual({ error: expect.any(String) });
    },
  );
});
