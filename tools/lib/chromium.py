"""A page in headless Chromium, through the DevTools protocol over a pipe. Needs only Debian's chromium."""
import base64
import json
import os
import shutil
import subprocess
import tempfile


class Page:
    """An open page. `with Page("file:///...", width=1280) as page: page.evaluate("1 + 1")`"""

    def __init__(self, url, width=1280, height=800, dark=False, touch=False):
        self.folder = tempfile.mkdtemp(prefix="chromium-")
        read, child_write = os.pipe()
        child_read, write = os.pipe()
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
                   "--no-first-run", f"--user-data-dir={self.folder}", f"--window-size={width},{height}"]
        shell = f'exec "$@" 3<&{child_read} 4>&{child_write}'  # where Chromium expects the pipe
        self.process = subprocess.Popen(["sh", "-c", shell, "sh", *command], pass_fds=(child_read, child_write),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(child_read)
        os.close(child_write)
        self.read, self.write = os.fdopen(read, "rb", buffering=0), os.fdopen(write, "wb", buffering=0)
        self.rest, self.number, self.session, self.errors = b"", 0, None, []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Page.enable")
        self.send("Runtime.enable")
        self.resize(width, height, touch)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.send("Emulation.setEmulatedMedia", features=scheme)
        self.open(url)

    def resize(self, width, height, touch=False):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if touch else 1, mobile=touch)
        self.send("Emulation.setTouchEmulationEnabled", enabled=touch)

    def open(self, url):
        self.loaded = False
        self.send("Page.navigate", url=url)
        while not self.loaded:
            self.receive()

    def receive(self):
        """The next message. Remembers what the page throws."""
        while b"\0" not in self.rest:
            more = self.read.read(1 << 16)
            if not more:
                raise RuntimeError("Chromium has ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(message)
        if message.get("method") == "Runtime.exceptionThrown":
            details = message["params"]["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        self.loaded = message.get("method") == "Page.loadEventFired" or getattr(self, "loaded", False)
        return message

    def send(self, method, **params):
        """Calls a method of the protocol, and returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.write.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, script):
        """The value of a JavaScript expression; waits for a promise."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", "exception"))
        return answer["result"].get("value")

    def wait(self, script):
        """Waits until an expression is true, for at most half a minute."""
        self.evaluate(f"""new Promise((done, fail) => {{
            const end = performance.now() + 30000;
            const look = () => ({script}) ? done() : performance.now() > end ? fail(new Error('waited in vain')) : setTimeout(look, 20);
            look(); }})""")

    def type(self, text):
        self.send("Input.insertText", text=text)

    def key(self, key, code=0, modifiers=0):
        for kind in ("rawKeyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, modifiers=modifiers)

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def screenshot(self, path):
        """The whole page, as PNG."""
        data = self.send("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
