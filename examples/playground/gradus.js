// gradus as a WebAssembly module: its functions, with the texts and arrays of JavaScript.

class Gradus {
  /** Compiles the module, which the page holds as base64 of gzip. */
  static async load(base64) {
    const bytes = Uint8Array.from(atob(base64.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Gradus(await WebAssembly.compile(await new Response(stream).arrayBuffer()));
  }

  constructor(module) {
    this.module = module;
    this.start();
  }

  // The C++ library expects files and a clock, which nothing here uses: they answer "not supported".
  start() {
    const system = {};
    for (const {name} of WebAssembly.Module.imports(this.module)) system[name] = () => 52;
    this.c = new WebAssembly.Instance(this.module, {wasi_snapshot_preview1: system}).exports;
    this.c._initialize();
  }

  /** Calls a function. If gradus refuses the call, this is an error with gradus's sentence. */
  call(name, ...numbers) {
    try {
      return this.c[name](...numbers);
    } catch (e) {
      const sentence = e instanceof WebAssembly.RuntimeError ? this.textAt(this.c.answer()) : '';
      this.start();
      throw new Error(sentence || String(e));
    }
  }

  textAt(address) {
    const bytes = new Uint8Array(this.c.memory.buffer, address);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** The text that a function returns. */
  text(name, ...numbers) {
    return this.textAt(this.call(name, ...numbers));
  }

  /** The numbers that a function leaves. */
  numbers(name, ...numbers) {
    this.call(name, ...numbers);
    return new Float64Array(this.c.memory.buffer, this.c.numbers(), this.c.count()).slice();
  }

  /** Reads a text into a place with 'read_schedule' or 'read_rule'. Returns the error, or ''. */
  read(name, place, text) {
    const bytes = new TextEncoder().encode(text);
    const address = this.call('input', bytes.length);
    new Uint8Array(this.c.memory.buffer, address, bytes.length).set(bytes);
    return this.call(name, place) ? '' : this.textAt(this.c.answer());
  }

  /** The names that can be written, each with its fields: [schedules, rules]. */
  names() {
    return this.text('names').trimEnd().split('\n\n').map((list) => new Map(list.split('\n').map((line) => {
      const [name, ...fields] = line.split(' ');
      return [name, fields];
    })));
  }

  /** The digest of the numbers that the last function left, as a text of hexadecimal digits. */
  digest() {
    return BigInt.asUintN(64, this.c.digest()).toString(16);
  }
}
