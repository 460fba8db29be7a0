"""Runs the project's kernel for a test. Commands come as JSON lines, what the kernel says goes out as JSON lines.

{"do": "execute", "code": ...}   {"do": "interrupt"}   {"do": "kill"}: SIGKILL, of the kernel alone
{"do": "disconnect"}: no client listens any more   {"do": "connect"}: a new client does
{"do": "restart"}   {"do": "end"}: of the kernel, in order
"""

import json
import os
import signal
import sys
import threading

from jupyter_client.manager import KernelManager

lock = threading.Lock()


def say(**line):
    with lock:
        print(json.dumps(line), flush=True)


class Listener:
    """One client, and a thread that tells all that it hears."""

    def __init__(self, manager):
        self.client = manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        self.listening = True
        self.threads = [threading.Thread(target=self.tell, args=(get,), daemon=True) for get in self.channels()]
        for thread in self.threads:
            thread.start()

    def channels(self):
        return [self.client.get_iopub_msg, self.client.get_shell_msg]

    def tell(self, get):
        while self.listening:
            try:
                message = get(timeout=0.2)
            except Exception:  # nothing came
                continue
            say(type=message["msg_type"], parent=message["parent_header"].get("msg_id"), content=message["content"])

    def close(self):
        self.listening = False
        for thread in self.threads:
            thread.join()
        self.client.stop_channels()


def main():
    manager = KernelManager(kernel_name="auscult")
    manager.start_kernel()
    listener = Listener(manager)
    say(type="ready", pid=manager.provisioner.pid)
    for line in sys.stdin:
        command = json.loads(line)
        do = command["do"]
        if do == "execute":
            say(type="sent", id=listener.client.execute(command["code"]))
        elif do == "interrupt":
            manager.interrupt_kernel()
        elif do == "kill":
            os.kill(manager.provisioner.pid, signal.SIGKILL)
        elif do == "disconnect":
            listener.close()
            say(type="disconnected")
        elif do == "connect":
            listener = Listener(manager)
            say(type="connected")
        elif do == "restart":
            listener.close()
            manager.restart_kernel(now=True)
            listener = Listener(manager)
            say(type="ready", pid=manager.provisioner.pid)
        elif do == "end":
            break
    manager.shutdown_kernel(now=True)
    # An orderly exit would wait for sockets of clients that are gone.
    os._exit(0)


if __name__ == "__main__":
    main()
