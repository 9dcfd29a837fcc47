// terraform-plan.mjs LOG: what `terraform test -json -verbose` wrote to LOG → on standard output what it plans, in the form of
// `planned_values` of `terraform show -json`. Without a plan: on standard error what was wrong, and exit code 1.
import fs from 'node:fs';

const lines = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(line => {
  try { return JSON.parse(line); } catch { return { text: line }; }
});
const plan = lines.find(line => line.type === 'test_plan')?.test_plan;
if (!plan || lines.some(line => line.type === 'test_summary' && line.test_summary.status !== 'pass')) {
  for (const { text, diagnostic } of lines) {
    const place = diagnostic?.range ? ` (${diagnostic.range.filename}:${diagnostic.range.start.line})` : '';
    if (diagnostic) console.error(`${diagnostic.summary}${place}\n${diagnostic.detail}`);
    else if (text) console.error(text);
  }
  process.exit(1);
}

const modules = new Map();
for (const { module_address: address = '', change, ...resource } of plan.resource_changes) {
  if (!modules.has(address)) modules.set(address, { address, resources: [] });
  modules.get(address).resources.push({ ...resource, values: change.after });
}
const root_module = { ...modules.get(''), child_modules: [...modules.values()].filter(each => each.address) };
console.log(JSON.stringify({ planned_values: { root_module } }, null, 1));
