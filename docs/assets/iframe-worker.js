// The search of the site runs in a Worker, and a browser starts none from a page opened from a disk.
// There, this stands in for it: the worker's script runs in a hidden frame, and messages go to and
// fro as they would. Served over http, it leaves everything as it is.
(() => {
  if (location.protocol !== "file:") return;

  // For each of these the theme would ask for a sitemap, which browsers refuse from a disk, aloud.
  for (const link of document.querySelectorAll("link[rel=alternate]")) link.remove();

  const run = (document_, source) =>
    new Promise((resolve, reject) => {
      const script = document_.createElement("script");
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${source} could not be loaded`));
      script.src = source;
      document_.head.append(script);
    });

  class FrameWorker extends EventTarget {
    constructor(source) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => this.deliver(this, data);
      inside.importScripts = async (...sources) => {
        for (const each of sources) await run(inside.document, each);
      };
      this.loaded = run(inside.document, new URL(source, location.href).href);
    }

    postMessage(data) {
      this.loaded.then(() => this.deliver(this.frame.contentWindow, data));
    }

    terminate() {
      this.frame.remove();
    }

    deliver(target, data) {
      setTimeout(() => target.dispatchEvent(new MessageEvent("message", { data })));
    }
  }

  window.Worker = FrameWorker;
  window.IFrameWorker = FrameWorker; // the name by which Material's search knows where it runs
})();
