"""python-socketio, the client that is not JavaScript, against our server: connect, events, binary, acknowledgements,
namespaces, each way that it can reach us. Debian's python3-socketio with python3-requests and python3-websocket.

usage: python_client.py URL TRANSPORT[,TRANSPORT]; ends with 0 if all came back as it should"""

import queue
import sys

import engineio.payload
import socketio

PATIENCE = 20
# It takes 16 packets of one poll unless told otherwise, and then goes deaf; a server puts in what there is.
engineio.payload.Payload.max_decode_packets = 1_000


class Heard:
    """What one namespace has heard, event by event."""

    def __init__(self, client, namespace):
        self.events = {}
        for event in ("echo", "answered", "auth", "disconnect"):
            kept = self.events[event] = queue.Queue()
            client.on(event, lambda *args, kept=kept: kept.put(args), namespace=namespace)
        # It answers what the server asks with the values in the other order.
        client.on("question", lambda a, b: (b, a), namespace=namespace)

    def next(self, event):
        return self.events[event].get(timeout=PATIENCE)


def expect(found, expected):
    if found != expected:
        sys.exit(f"expected {expected!r}, found {found!r}")


def check(client, heard, namespace):
    def emit(event, *values):
        client.emit(event, values, namespace=namespace)

    expect(heard.next("auth"), ({"who": "python é 😀"},))
    for values in [(1, "two", {"three": [None, True, -4.5]}), ("\0 \u2028",), (b"\0\xff", {"deep": [b""]}), (b"x" * 300_000,)]:
        emit("echo", *values)
        expect(heard.next("echo"), values)
    expect(client.call("echo", ("a", b"\1"), namespace=namespace, timeout=PATIENCE), ("a", b"\1"))
    emit("ask me", "a", b"\2")
    expect(heard.next("answered"), (b"\2", "a"))
    for number in range(200):
        emit("echo", number)
    # Each message is a thread of its own in this client, and they may overtake one another.
    expect(sorted(heard.next("echo") for _ in range(200)), [(number,) for number in range(200)])


def main(url, transports):
    client = socketio.Client(reconnection=False)
    heard = {namespace: Heard(client, namespace) for namespace in ("/", "/custom")}
    client.connect(url, auth={"who": "python é 😀"}, namespaces=list(heard), transports=transports, wait_timeout=PATIENCE)
    for namespace in heard:
        check(client, heard[namespace], namespace)
    expect(client.transport(), transports[-1])

    client.emit("disconnect me", namespace="/custom")
    heard["/custom"].next("disconnect")
    expect(client.call("echo", "still here", timeout=PATIENCE), "still here")
    client.disconnect()

    refused = queue.Queue()
    client = socketio.Client(reconnection=False)
    client.on("connect_error", refused.put, namespace="/refuse")
    client.connect(url, namespaces=["/refuse"], transports=transports, wait=False)
    expect(refused.get(timeout=PATIENCE), {"message": "not today", "data": {"retry": False}})
    client.disconnect()


main(sys.argv[1], sys.argv[2].split(","))
