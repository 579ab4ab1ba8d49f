"""A modem on a TCP socket: what the emulated till's UART is connected to.

It knows as much of the ESP-AT commands as board/modem.c uses, with receiving in passive mode: received bytes are kept
until they are asked for. It knows nothing of HTTP and changes no byte.
"""

import re
import socket
import threading


class Modem:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.serial = None
        self.connection = None
        # Whatever servers sent, for whoever wants to know which tokens came.
        self.heard = bytearray()
        # No line may come into the middle of another.
        self.lock = threading.Lock()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        """Takes one till after the other."""
        while True:
            self.serial, _ = self.listener.accept()
            self.serial.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                with self.serial, self.serial.makefile("rb") as commands:
                    for command in commands:
                        self.obey(command.strip(), commands)
            except OSError:
                pass  # The till was switched off.
            self.hang_up()

    def obey(self, command, commands):
        if match := re.fullmatch(rb'AT\+CIPSTART="TCP","([0-9.]+)",(\d+)', command):
            self.dial(match[1].decode(), int(match[2]))
        elif match := re.fullmatch(rb"AT\+CIPSEND=(\d+)", command):
            self.say(b"OK\r\n>")
            data = commands.read(int(match[1]))
            self.say(b"\r\nSEND OK\r\n" if self.connection and self.connection.send(data) else b"\r\nSEND FAIL\r\n")
        elif match := re.fullmatch(rb"AT\+CIPRECVDATA=(\d+)", command):
            with self.lock:
                data = self.connection.take(int(match[1])) if self.connection else b""
                self.write(b"+CIPRECVDATA:%d,%b\r\nOK\r\n" % (len(data), data) if data else b"ERROR\r\n")
        elif command == b"AT+CIPCLOSE":
            self.say(b"CLOSED\r\nOK\r\n" if self.hang_up() else b"ERROR\r\n")
        else:
            self.say(b"ERROR\r\n")

    def dial(self, host, port):
        try:
            connection = Connection(self, socket.create_connection((host, port), timeout=5))
        except OSError:
            self.say(b"ERROR\r\n")
            return
        with self.lock:
            self.connection = connection
            self.write(b"CONNECT\r\nOK\r\n")
        threading.Thread(target=connection.receive, daemon=True).start()

    def hang_up(self):
        with self.lock:
            connection, self.connection = self.connection, None
        if connection:
            connection.close()
        return connection is not None

    def say(self, text):
        with self.lock:
            self.write(text)

    def write(self, text):
        """To the till. The lock is held."""
        self.serial.sendall(text)


class Connection:
    def __init__(self, modem, stream):
        self.modem = modem
        self.stream = stream
        self.received = bytearray()
        stream.settimeout(None)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self):
        """Until the server closes. What comes after the till has hung up is nobody's."""
        while True:
            try:
                data = self.stream.recv(4096)
            except OSError:
                data = b""
            with self.modem.lock:
                if self.modem.connection is not self:
                    return
                self.received += data
                self.modem.heard += data
                try:
                    self.modem.write(b"+IPD,%d\r\n" % len(self.received) if data else b"CLOSED\r\n")
                except OSError:
                    return
            if not data:
                return

    def take(self, count):
        """The lock is held."""
        data = bytes(self.received[:count])
        del self.received[:count]
        return data

    def send(self, data):
        try:
            self.stream.sendall(data)
            return True
        except OSError:
            return False

    def close(self):
        try:
            self.stream.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.stream.close()
