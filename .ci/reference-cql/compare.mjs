// Translates libraries by the reference translator, compares its ELM with ours, and where they differ runs both in
// cql-execution.
//
//   node compare.mjs MODELS LIBRARIES IN OUT
//
// MODELS: the folder with *-modelinfo*.xml.gz. LIBRARIES: the folder with the libraries that can be included, NAME.cql.
// IN: JSON, [{ "name", "text", "elm" (ours), "errors" (ours), "lenient" (lists and intervals stand for single values) }].
// OUT: JSON, one item for each definition that differs:
//   { "name", "kind", "ours", "reference" } with the kinds
//   refused-by-us, refused-by-reference   only one of the two translates it
//   elm                                   the ELM differs, the results do not
//   signature                             only the signatures of operators differ
//   result                                the results differ
// What says the same in other words is no difference: see `same`.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import {
  CqlCompilerOptions,
  CqlTranslator,
  LibraryManager,
  ModelManager,
  createLibrarySourceProvider,
  createModelInfoProvider,
  createUcumService,
  stringAsSource,
} from '@cqframework/cql/cql-to-elm';
import cql from 'cql-execution';

const [models, libraries, input, output] = process.argv.slice(2);

function modelInfo(id, _system, version) {
  const name = id.toLowerCase();
  const files = fs.readdirSync(models).filter((file) => file.endsWith('.xml.gz'));
  const file = files.find(
    (file) =>
      file.startsWith(`${name}-modelinfo`) && (version == null || name === 'system' || file.includes(version)),
  );
  return file == null
    ? null
    : stringAsSource(zlib.gunzipSync(fs.readFileSync(path.join(models, file))).toString('utf8'));
}

/** A manager holds one version of each model, so libraries share one when they use the same. */
const modelManagers = new Map();

function modelManagerOf(text) {
  const usings = (text.match(/^using .*$/gm) ?? []).join();
  if (!modelManagers.has(usings)) {
    const modelManager = new ModelManager();
    modelManager.modelInfoLoader.registerModelInfoProvider(createModelInfoProvider(modelInfo));
    modelManagers.set(usings, modelManager);
  }
  return modelManagers.get(usings);
}

const never = () => {
  throw new Error('not needed to translate');
};
const ucum = createUcumService(never, () => null, never, never);

// The library of conversions stands for all of its versions.
function librarySource(id, _system, version) {
  const file = path.join(libraries, `${id}.cql`);
  if (!fs.existsSync(file)) return null;
  const text = fs.readFileSync(file, 'utf8');
  const isHelpers = id === 'FHIRHelpers' && version != null;
  return stringAsSource(isHelpers ? text.replace(/^(library FHIRHelpers version) '.*'/m, `$1 '${version}'`) : text);
}

/** The reference's ELM of a library, or its errors. */
function reference(text, lenient) {
  const options = new CqlCompilerOptions();
  const all = CqlCompilerOptions.Options;
  options.setOptions(
    lenient
      ? [all.EnableIntervalDemotion, all.EnableIntervalPromotion]
      : [all.DisableListDemotion, all.DisableListPromotion],
  );
  const libraryManager = new LibraryManager(modelManagerOf(text), options, null, ucum);
  libraryManager.librarySourceLoader.registerProvider(createLibrarySourceProvider(librarySource));
  try {
    const translator = CqlTranslator.fromText(text, libraryManager);
    const elm = JSON.parse(translator.toJson());
    const errors = (elm.library.annotation ?? [])
      .filter((one) => one.type === 'CqlToElmError' && one.errorSeverity === 'error')
      .map((one) => one.message);
    return { elm, errors };
  } catch (error) {
    return { elm: null, errors: [String(error)] };
  }
}

const MARKS = new Set(['localId', 'locator', 'annotation', 'resultTypeName', 'resultTypeSpecifier']);

/** The node without places and types, without what is empty, and in one wording. */
function bare(node, keepSignature) {
  if (Array.isArray(node)) return node.map((one) => bare(one, keepSignature));
  if (node === null || typeof node !== 'object') return node;
  const clean = {};
  for (const key of Object.keys(node).sort()) {
    if (MARKS.has(key) || (key === 'signature' && !keepSignature)) continue;
    if (Array.isArray(node[key]) && node[key].length === 0) continue;
    clean[key] = bare(node[key], keepSignature);
    // What the schema says when it is not written.
    if (key === 'return' && clean.return?.distinct === true) delete clean.return.distinct;
    if (key === 'aggregate' && clean.aggregate?.distinct === false) delete clean.aggregate.distinct;
  }
  return same(clean);
}

const CALENDAR = /^(year|month|week|day|hour|minute|second|millisecond)s$/;

/** The least Integer and the least Long are literals of ours, and negatives of the reference's. */
const LEAST = new Set(['2147483648', '9223372036854775808']);

/** What the two translators write in other words: the number of a calendar unit, digits, the least Integer, sets. */
function same(node) {
  if (node.type === 'Quantity') {
    return { ...node, value: Number(node.value), unit: node.unit?.replace(CALENDAR, '$1') };
  }
  if (node.numerator) {
    return { ...node, numerator: same({ ...node.numerator, type: 'Quantity' }), denominator: same({ ...node.denominator, type: 'Quantity' }) };
  }
  if (node.type === 'Literal' && /}(Integer|Long|Decimal)$/.test(node.valueType)) {
    // Offsets in hours are sixtieths: the reference writes them as binary fractions.
    const isOffset = /}Decimal$/.test(node.valueType);
    return { ...node, value: isOffset ? Number(node.value).toPrecision(9) : BigInt(node.value).toString() };
  }
  // Cases that exclude each other: the reference has them in the order of a set of types.
  if (node.type === 'Case' && node.comparand == null && node.caseItem.every((item) => item.when.type === 'Is')) {
    return { ...node, caseItem: inOrder(node.caseItem) };
  }
  if (node.type === 'ChoiceTypeSpecifier') return { ...node, choice: inOrder(node.choice) };
  if (node.type === 'Union') return { ...node, operand: inOrder(node.operand) };
  if (node.type === 'Negate' && LEAST.has(node.operand?.value)) {
    return { ...node.operand, value: `-${node.operand.value}` };
  }
  return node;
}

function inOrder(nodes) {
  return [...nodes].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

async function result(elm) {
  try {
    const executor = new cql.Executor(new cql.Library(elm));
    const results = await executor.exec(new cql.PatientSource([]));
    return JSON.stringify(results.unfilteredResults);
  } catch (error) {
    return `error: ${String(error).split('\n').find((line) => line.includes('Message')) ?? error}`;
  }
}

/** Of two documents, the first nodes that differ. */
function differing(ours, theirs, at = '') {
  const isNode = (one) => one !== null && typeof one === 'object';
  if (isNode(ours) && isNode(theirs) && ours.type === theirs.type && Array.isArray(ours) === Array.isArray(theirs)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      if (JSON.stringify(ours[key]) !== JSON.stringify(theirs[key])) return differing(ours[key], theirs[key], `${at}/${key}`);
    }
  }
  const shown = (one) => JSON.stringify(one ?? null).replaceAll('{urn:hl7-org:elm-types:r1}', '').slice(0, 400);
  return { ours: `${at}: ${shown(ours)}`, reference: `${at}: ${shown(theirs)}` };
}

/** The definitions of a library by name, functions with the types that they take. */
function definitions(document) {
  const all = new Map();
  for (const part of ['parameters', 'codeSystems', 'valueSets', 'codes', 'concepts', 'statements']) {
    for (const one of document.library[part]?.def ?? []) {
      const operands = one.operand ? JSON.stringify(bare(one.operand, true)) : '';
      all.set(`${one.name}${operands}`, one);
    }
  }
  return all;
}

async function differencesOf({ name, text, elm, errors, lenient }) {
  const theirs = reference(text, lenient);
  if (errors.length > 0 || theirs.errors.length > 0) {
    if (errors.length > 0 && theirs.errors.length > 0) return [];
    const kind = errors.length > 0 ? 'refused-by-us' : 'refused-by-reference';
    return [{ name, kind, ours: errors.join('; '), reference: theirs.errors.join('; ') }];
  }
  const found = [];
  const [own, other] = [definitions(elm), definitions(theirs.elm)];
  let results;
  for (const definition of new Set([...own.keys(), ...other.keys()])) {
    const texts = (keepSignature) =>
      [own, other].map((all) => bare(all.get(definition) ?? null, keepSignature));
    const [ours, reference_] = texts(true);
    if (JSON.stringify(ours) === JSON.stringify(reference_)) continue;
    const where = differing(ours, reference_);
    const [unsigned, unsignedReference] = texts(false);
    const whole = `${name}/${definition}`;
    if (JSON.stringify(unsigned) === JSON.stringify(unsignedReference)) {
      found.push({ name: whole, kind: 'signature', ...where });
      continue;
    }
    results ??= [await result(elm), await result(theirs.elm)];
    if (results[0] === results[1]) {
      found.push({ name: whole, kind: 'elm', ...where });
      continue;
    }
    found.push({
      name: whole,
      kind: 'result',
      ours: `${results[0]} from ${where.ours}`,
      reference: `${results[1]} from ${where.reference}`,
    });
  }
  return found;
}

const differences = [];
for (const library of JSON.parse(fs.readFileSync(input, 'utf8'))) {
  differences.push(...(await differencesOf(library)));
}
fs.writeFileSync(output, JSON.stringify(differences, null, 1));
