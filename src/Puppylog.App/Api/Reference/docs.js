'use strict';

// What an answer may show: a query without a limit would fill the page.
const mostShown = 200000;

const make = (name, text, more) => Object.assign(document.createElement(name), text === undefined ? {} : { textContent: text }, more);

function resolve(schema, all) {
  return schema && schema.$ref ? all.components.schemas[schema.$ref.split('/').pop()] : schema;
}

function example(schema, all) {
  const known = resolve(schema, all);
  if (!known || !known.properties) {
    return '';
  }
  const body = {};
  for (const name of known.required ?? Object.keys(known.properties)) {
    const property = known.properties[name];
    body[name] = property.examples ? property.examples[0] : property.type === 'string' ? '' : property.oneOf ? '5m' : null;
  }
  return JSON.stringify(body, null, 2);
}

function address(path, fields) {
  let filled = path;
  const query = new URLSearchParams();
  for (const { parameter, input } of fields) {
    const value = input.value;
    if (parameter.in === 'path') {
      // A file's path stands in the address as it is.
      filled = filled.replace(`{${parameter.name}}`, () => parameter.name === 'path' ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value));
    } else if (value !== '') {
      query.append(parameter.name, value);
    }
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

async function show(response, output, stop) {
  output.textContent = `${response.status} ${response.statusText}\n\n`;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let length = 0; ;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    length += value.length;
    output.append(value);
    if (length > mostShown) {
      output.append('\n… and more');
      stop.abort();
      return;
    }
  }
}

function describe(path, method, operation, all) {
  const details = make('details');
  const summary = make('summary');
  summary.append(make('b', method), make('code', path), ` ${operation.summary}`);
  details.append(summary);
  let isFilled = false;
  details.addEventListener('toggle', () => {
    if (details.open && !isFilled) {
      isFilled = true;
      fill(details, path, method, operation, all);
    }
  });
  details.dataset.text = `${method} ${path} ${operation.summary}`.toLowerCase();
  return details;
}

function fill(details, path, method, operation, all) {
  if (operation.description) {
    details.append(make('p', operation.description));
  }
  const form = make('form');
  const fields = (operation.parameters ?? []).map(parameter => {
    const label = make('label', parameter.name + (parameter.required ? ' *' : ''), { className: 'argument' });
    const input = make('input', undefined, { required: parameter.required, autocomplete: 'off' });
    label.append(input, make('small', parameter.description));
    form.append(label);
    return { parameter, input };
  });
  const content = operation.requestBody ? Object.entries(operation.requestBody.content)[0] : null;
  let body = null;
  if (content) {
    const label = make('label', content[0]);
    body = make('textarea', undefined, { value: example(content[1].schema, all), spellcheck: false });
    label.append(body);
    form.append(label);
  }
  const send = make('button', 'Send', { type: 'submit' });
  const end = make('button', 'Stop', { type: 'button', disabled: true });
  const line = make('p');
  line.append(send, ' ', end);
  const output = make('pre', '', { tabIndex: 0, hidden: true });
  output.setAttribute('aria-live', 'polite');
  form.append(line);
  details.append(form, output);
  let stop = new AbortController();
  end.addEventListener('click', () => stop.abort());
  form.addEventListener('submit', async event => {
    event.preventDefault();
    stop.abort();
    stop = new AbortController();
    end.disabled = false;
    output.hidden = false;
    output.textContent = '…';
    const headers = {};
    const key = document.getElementById('key').value;
    if (key !== '') {
      headers.Authorization = `Bearer ${key}`;
    }
    if (body) {
      headers['Content-Type'] = content[0];
    }
    try {
      await show(await fetch(address(path, fields), { method: method.toUpperCase(), headers, body: body ? body.value : undefined, signal: stop.signal }), output, stop);
    } catch (error) {
      output.append(`\n${error.name === 'AbortError' ? 'stopped' : error.message}`);
    }
    end.disabled = true;
  });
}

async function start() {
  const main = document.getElementById('paths');
  try {
    const all = await (await fetch('/openapi.json')).json();
    main.textContent = '';
    for (const { name } of all.tags) {
      const section = make('section');
      section.append(make('h2', name));
      for (const [path, methods] of Object.entries(all.paths)) {
        for (const [method, operation] of Object.entries(methods)) {
          if (operation.tags[0] === name) {
            section.append(describe(path, method, operation, all));
          }
        }
      }
      main.append(section);
    }
    document.getElementById('find').addEventListener('input', event => {
      const word = event.target.value.toLowerCase();
      for (const details of main.querySelectorAll('details')) {
        details.hidden = !details.dataset.text.includes(word);
      }
    });
  } catch (error) {
    main.textContent = `The description cannot be read: ${error.message}`;
  }
}

start();
