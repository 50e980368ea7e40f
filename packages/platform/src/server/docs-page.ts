/** The browsable page of the API: plain HTML and one script of our own, nothing from elsewhere. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Picket API</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<header><h1>Picket API</h1><p id="about">Loading…</p>
<label>Filter <input id="filter" type="search" placeholder="path or word"></label>
<a href="/api/openapi.json">openapi.json</a></header>
<main id="paths"></main>
<noscript>This page needs JavaScript. The description itself is at /api/openapi.json.</noscript>
<script src="/api/docs.js"></script>
</body>
</html>
`;

export const docsStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; }
header { border-bottom: 1px solid; margin-bottom: 1rem; padding-bottom: 1rem; }
h2 { margin: 2rem 0 .5rem; text-transform: capitalize; }
details { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: .4rem; margin: .3rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; }
.method { display: inline-block; font-weight: 700; min-width: 4.5rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9rem; }
pre { overflow: auto; max-height: 30rem; padding: .6rem; background: color-mix(in srgb, currentColor 8%, transparent); }
`;

/** Builds the page with text nodes only: nothing of the document is taken for HTML. */
export const docsScript = `'use strict';
const make = (name, text, ...children) => {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};
const block = (title, value) => value === undefined ? [] : [make('h4', title), make('pre', JSON.stringify(value, null, 2))];
const schemaOf = (part) => Object.values((part && part.content) || {}).map((content) => content.schema)[0];
function operation(path, method, about) {
  const name = make('span', method.toUpperCase());
  name.className = 'method';
  const summary = make('summary', '', name, make('code', path), ' ' + (about.summary || ''));
  const details = make('details', '', summary, make('p', about.description || ''));
  const parameters = (about.parameters || []).map((p) => ({ name: p.name, in: p.in, required: !!p.required, description: p.description, schema: p.schema }));
  details.append(...block('Parameters', parameters.length ? parameters : undefined), ...block('Body', schemaOf(about.requestBody)));
  for (const [status, answer] of Object.entries(about.responses || {})) details.append(...block('Answer ' + status, schemaOf(answer)));
  details.dataset.words = (method + ' ' + path + ' ' + (about.summary || '')).toLowerCase();
  return details;
}
window.fetch('/api/openapi.json').then((answer) => answer.json()).then((api) => {
  document.getElementById('about').textContent = api.info.description + ' Version ' + api.info.version + '.';
  const groups = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, about] of Object.entries(methods)) {
      const group = (about.tags || ['other'])[0];
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(operation(path, method, about));
    }
  }
  const main = document.getElementById('paths');
  for (const [group, items] of [...groups].sort()) main.append(make('section', '', make('h2', group), ...items));
  document.getElementById('filter').addEventListener('input', (event) => {
    const word = event.target.value.toLowerCase();
    for (const item of main.querySelectorAll('details')) item.hidden = !item.dataset.words.includes(word);
  });
}).catch(() => { document.getElementById('about').textContent = 'The description could not be loaded. Reload the page.'; });
`;
