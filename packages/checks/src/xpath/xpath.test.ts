import { describe, expect, test } from 'vitest';
import { evaluateXPath } from './evaluate.ts';
import { htmlLimits, parseHtml, textOfNode } from './html-tree.ts';
import { parseXPath } from './parser.ts';

function find(path: string, page: string, xml = false): string[] | string | number | boolean | null {
  const parsed = parseXPath(path);
  if (!parsed.ok) return parsed.error;
  const value = evaluateXPath(parsed.value, parseHtml(page, xml));
  return Array.isArray(value) ? value.map(textOfNode) : (value as string | number | boolean | null);
}

const page = `<!doctype html><html lang="en"><head><title>Meduza Stealer</title><script>if (a<b) "</x>"</script></head>
<body class=main><!-- <p>not here</p> --><form action='/go'><div><input type=hidden id="__VIEWSTATE" value="a&amp;b"></div></form>
<ul><li>one<li>two</ul><table><tr><td>1<td>2</table><a href="/x?a=1&b=2">Link <b>bold</b></a><p>first<p>second</body></html>`;

describe('XPath on pages', () => {
  test('takes names that every object has for names like others', () => {
    const hostile = '<body><constructor>a<toString>&constructor;</toString></constructor><__proto__>b</body>';
    expect(find('//tostring', hostile)).toEqual(['&constructor;']);
    expect(parseXPath('constructor(1)').ok).toBe(false);
  });

  test.each<[string, ReturnType<typeof find>]>([
    ["/html/head/title[contains(text(), 'Meduza Stealer')]", ['Meduza Stealer']],
    ["/html/body/form/div/input[@id='__VIEWSTATE']/@value", ['a&b']],
    ['//li[2]', ['two']],
    ['//li[last()]/preceding-sibling::li', ['one']],
    ['//table/tbody/tr/td', ['1', '2']],
    ['//a/@href', ['/x?a=1&b=2']],
    ['//a//text()', ['Link ', 'bold']],
    ['string(//a)', 'Link bold'],
    ['//p', ['first', 'second']],
    ['count(//p) = 2 and not(//section)', true],
    ['//*[@class="main"]/ul/li[position() = 1]', ['one']],
    ['//input[starts-with(@id, "__") and @type="hidden"]/../..', ['']],
    ['//li | //td', ['one', 'two', '1', '2']],
    ['(//td)[2]', ['2']],
    ['normalize-space(" a  b ")', 'a b'],
    ['translate("abc", "ab", "x")', 'xc'],
    ['substring("12345", 2, 3)', '234'],
    ['//b/ancestor::a/@href', ['/x?a=1&b=2']],
    ['sum(//td) + 1', 4],
    ['/', [expect.stringContaining('Meduza')]],
  ])('%s', (path, expected) => {
    expect(find(path, page)).toEqual(expected);
  });

  test('keeps names of XML as they are', () => {
    expect(find('//Item/@Id', '<?xml version="1.0"?><Root><Item Id="7"/></Root>', true)).toEqual(['7']);
  });

  test('puts in what a page leaves out', () => {
    expect(find('/html/body/div', '<div>x</div>')).toEqual(['x']);
    expect(find('/html/head/title', '<title>t</title><p>x')).toEqual(['t']);
  });

  test.each(['//a[', 'foo(1)', '//a]', '$x', 'following::a', '"open', '', '//a[contains(1)]'])(
    'says why it does not take %j',
    (path) => {
      const parsed = parseXPath(path);
      expect(parsed.ok ? '' : parsed.error).not.toBe('');
    },
  );

  test('bounds what hostile pages and paths cost', () => {
    const deep = parseHtml('<div>'.repeat(30_000));
    expect(textOfNode(deep)).toBe('');
    expect(find('count(//div) > 1', '<div>'.repeat(30_000))).toBe(true);
    expect(find('//*[//*[//*]]', '<i></i>'.repeat(5000))).toBe(null);
    expect(find('count(//*)', '<a>'.repeat(htmlLimits.nodes * 2))).toBeLessThanOrEqual(htmlLimits.nodes);
    expect(parseXPath('('.repeat(3000)).ok).toBe(false);
    expect(parseXPath('[a'.repeat(2000)).ok).toBe(false);
    for (const broken of ['<', '</', '<a', '<a b', '<a b=', '<a b="', '<!--', '<![CDATA[', '<script>', '&#x;', '\0<\0'])
      expect(parseHtml(broken).kind).toBe('element');
  });
});
