"""A logind and a screen saver on a private D-Bus: real signals over a real bus, nothing of this computer's own."""

from __future__ import annotations

import os
import select
import subprocess
import threading
import time
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LOGIN = "org.freedesktop.login1"
MANAGER_PATH, SESSION_PATH = "/org/freedesktop/login1", "/org/freedesktop/login1/session/_32"
SAVER = "org.gnome.ScreenSaver"
_SECONDS = 10


class PrivateBus:
    """A bus of its own, gone with the test."""

    def __init__(self, folder: Path) -> None:
        words = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
        self._daemon = subprocess.Popen(
            [*words, f"--address=unix:path={folder / 'bus'}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._daemon.stdout is not None
        self.address = self._daemon.stdout.readline().decode().strip()
        self._stdout = self._daemon.stdout

    def pause(self) -> None:
        """Let it hang: it is there and answers nothing."""
        os.kill(self._daemon.pid, 19)

    def close(self) -> None:
        self._daemon.kill()
        self._daemon.wait()
        self._stdout.close()


class FakeLogin:
    """Answers as logind does and tells what it is told to tell; one worker reads what is asked."""

    def __init__(self, address: str, *, saver: bool = True) -> None:
        self._link: DBusConnection = open_dbus_connection(bus=address, enable_fds=True)
        for name in (LOGIN, SAVER) if saver else (LOGIN,):
            self._link.send_and_get_reply(message_bus.RequestName(name))
        self.properties = {"Active": True, "LockedHint": False}
        self.holds = 0
        self.released_at: list[float] = []
        self._writing = threading.Lock()
        self._ends: list[int] = []
        self._goes_on = True
        self._worker = threading.Thread(target=self._serve, name="fake-login")
        self._worker.start()

    def close(self) -> None:
        self._goes_on = False
        self._worker.join(_SECONDS)
        self._link.close()
        for end in self._ends:
            os.close(end)

    def is_held(self) -> bool:
        """Return whether the machine would wait before it sleeps."""
        return len(self.released_at) < self.holds

    # --- what is told

    def prepare_for_sleep(self, *, begins: bool) -> None:
        self._tell(MANAGER_PATH, f"{LOGIN}.Manager", "PrepareForSleep", "b", (begins,))

    def lock_session(self, path: str = SESSION_PATH) -> None:
        self._tell(path, f"{LOGIN}.Session", "Lock")

    def change(self, **properties: bool) -> None:
        self.properties |= properties
        told = {name: ("b", value) for name, value in properties.items()}
        body: tuple[object, ...] = (f"{LOGIN}.Session", told, [])
        self._tell(SESSION_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", body)

    def lock_screen(self, *, active: bool = True, saver: str = SAVER) -> None:
        self._tell("/" + saver.replace(".", "/"), saver, "ActiveChanged", "b", (active,))

    def _tell(self, path: str, interface: str, member: str, kinds: str = "", body: tuple[object, ...] = ()) -> None:
        sender = DBusAddress(path, interface=interface)
        with self._writing:
            self._link.send(new_signal(sender, member, kinds or None, body))

    # --- what is asked

    def _serve(self) -> None:
        while self._goes_on:
            self._see_releases()
            try:
                asked = self._link.receive(timeout=0.02)
            except TimeoutError:
                continue
            except ConnectionError:
                return
            if asked.header.message_type is MessageType.method_call:
                given: list[int] = []
                answer = self._answer(asked, given)
                with self._writing:
                    self._link.send(answer)
                for end in given:
                    os.close(end)  # whoever asked has it now

    def _answer(self, asked: Message, given: list[int]) -> Message:
        member, body = asked.header.fields[HeaderFields.member], asked.body
        if member == "Inhibit" and (body[0], body[3]) == ("sleep", "delay"):
            ours, theirs = os.pipe()
            given.append(theirs)
            self._ends.append(ours)
            self.holds += 1
            return new_method_return(asked, "h", (theirs,))
        if member == "GetSession" and body == ("auto",):
            return new_method_return(asked, "o", (SESSION_PATH,))
        if member == "Get" and body[1] in self.properties:
            return new_method_return(asked, "v", (("b", self.properties[body[1]]),))
        return new_error(asked, "org.freedesktop.DBus.Error.UnknownMethod")

    def _see_releases(self) -> None:
        for end in list(self._ends):
            if select.select([end], [], [], 0)[0]:  # the other end was closed by everyone who had it
                os.close(end)
                self._ends.remove(end)
                self.released_at.append(time.monotonic())
