// Perfetto's own engine (trace_processor as WebAssembly), driven in this process: what the page at ui.perfetto.dev says of a
// trace, as SQL. The engine is Perfetto's, as an npm package brings it along; its glue is written for a web worker, so it is
// given the few things of a worker that it asks for.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// The glue asks whether memories of 64 bits work by compiling one; the package holds the engine of 32 bits alone.
const asksFor64Bits = (bytes) => bytes.length < 64 && bytes[8] === 5 && bytes[11] === 4;

// Starts the engine of `folder`; `receive` is set by whoever talks with it.
function startBridge(folder) {
  const own = Object.create(WebAssembly, {
    Module: { value: new Proxy(WebAssembly.Module, { construct(target, [bytes]) {
      if (asksFor64Bits(bytes)) throw new WebAssembly.CompileError('no memories of 64 bits here');
      return new target(bytes);
    } }) },
  });
  class XMLHttpRequest { // of one file, at once
    open() {}
    send() { this.response = readFileSync(resolve(folder, 'trace_processor.wasm')); }
  }
  const glue = readFileSync(resolve(folder, 'engine_bundle.node.js'), 'utf8');
  const worker = { location: { href: 'file:///' } }, quiet = { log() {}, warn() {}, error: console.error };
  new Function('self', 'WorkerGlobalScope', 'XMLHttpRequest', 'WebAssembly', 'console', glue)(
    worker, function WorkerGlobalScope() {}, XMLHttpRequest, own, quiet);
  const port = { onmessage: null, receive: null, postMessage(bytes) { this.receive(bytes); } };
  worker.onmessage({ data: port });
  return port;
}

// A trace in the engine. `query` gives rows as objects; numbers are numbers.
export class Perfetto {
  static folder(from) {
    const folder = resolve(from, '../node_modules/perfetto');
    return existsSync(resolve(folder, 'trace_processor.wasm')) ? folder : null;
  }
  static async start(folder) {
    // What reads the answers is older than what gives them, and tells of each new field.
    const { warn } = console;
    console.warn = (...words) => String(words[0]).startsWith('Unexpected QueryResult field') || warn(...words);
    const bridge = startBridge(folder);
    const { EngineBase } = await import(pathToFileURL(resolve(folder, 'engine.mjs')).href);
    class Engine extends EngineBase {
      mode = 'WASM';
      id = 'test';
      rpcSendRequestBytes(bytes) { bridge.onmessage({ data: bytes }); }
    }
    const made = new Perfetto();
    made.engine = new Engine();
    bridge.receive = (bytes) => made.engine.onRpcResponseBytes(bytes);
    return made;
  }
  // Forgets the trace before.
  async load(path) {
    await this.engine.resetTraceProcessor({
      tokenizeOnly: false, cropTrackEvents: false, ingestFtraceInRawTable: false, analyzeTraceProtoContent: false, ftraceDropUntilAllCpusValid: false,
    });
    const bytes = new Uint8Array(readFileSync(path)), most = 16 << 20; // of one message
    for (let at = 0; at < bytes.length; at += most) await this.engine.parse(bytes.subarray(at, at + most));
    await this.engine.notifyEof();
  }
  async query(sql) {
    const result = await this.engine.query(sql), rows = [], columns = result.columns();
    if (result.error()) throw new Error(`${result.error()}: ${sql}`);
    for (const row = result.iter({}); row.valid(); row.next())
      rows.push(Object.fromEntries(columns.map((name) => {
        const value = row.get(name);
        return [name, typeof value === 'bigint' ? Number(value) : value];
      })));
    return rows;
  }
}
