"""The web server ends without losing an answer."""

import os
import signal
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROGRAM = """
import sys, threading
from flask import Flask
from webui.serve import serve

app = Flask("slow")

@app.get("/")
def slow():
    print("asked", flush=True)
    threading.Event().wait(1)
    return "x" * 2_000_000

serve(app, "127.0.0.1", 0, ready=lambda port: print(port, flush=True))
print("ended", flush=True)
"""


def test_a_request_under_way_is_answered_whole_after_sigterm() -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=os.environ) as server:
        port = int(server.stdout.readline())
        with ThreadPoolExecutor() as pool:
            answer = pool.submit(
                lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).read()
            )
            assert server.stdout.readline() == "asked\n"
            server.send_signal(signal.SIGTERM)
            assert len(answer.result()) == 2_000_000
        assert server.stdout.readline() == "ended\n"
        assert server.wait(timeout=20) == 0
