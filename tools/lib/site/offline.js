// The search reads its index and its worker from scripts, and only when somebody begins to search: on pages opened from the file
// system, a browser neither fetches files nor starts a worker from one.
var __search = (() => {
  const base = document.currentScript.dataset.base;
  const load = name => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = base + "/search/" + name;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  const wanted = new Promise(begin => {
    if (new URLSearchParams(location.search).has("q")) begin();
    document.addEventListener("focusin", event => {
      if (event.target.matches("[data-md-component=search-query]")) begin();
    });
  });

  if (location.protocol === "file:") {
    const Worker = window.Worker;
    // A worker that begins when it is needed. Until then messages wait.
    class LateWorker extends EventTarget {
      constructor() {
        super();
        this.worker = wanted.then(() => load("worker.js")).then(() => {
          const text = new Blob([window.__searchWorker], { type: "text/javascript" });
          const worker = new Worker(URL.createObjectURL(text));
          worker.onmessage = event => this.dispatchEvent(new MessageEvent("message", { data: event.data }));
          return worker;
        });
      }
      postMessage(data) {
        this.worker.then(worker => worker.postMessage(data));
      }
    }
    window.Worker = function (url) {
      return /search\.[0-9a-f]+\.min\.js$/.test(String(url)) ? new LateWorker() : new Worker(url);
    };
  }
  return { index: wanted.then(() => load("search_index.js")).then(() => window.__searchIndex) };
})();
