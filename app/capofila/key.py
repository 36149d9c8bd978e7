"""The capofila's identity on disk: its id and name, its keys to sign and to open with, its TLS certificate.

Files are made on first use, readable by their owner only and never written over: a renewed key is a new file with the
next number. Which key is the present one is said by the store (`keyring.py`).
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import secrets
import ssl
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.errors import HostNotInCertificate, KeyInvalid
from app.sync.key import SealingKey, SigningKey

LOOPBACK = ("localhost", "127.0.0.1", "::1")
VALID_DAYS = 3650
BACKDATED_DAYS = 30
"""Old laptops have slow clocks; a certificate from tomorrow would be refused."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this capofila is; `tls_file` holds private key and certificate as PEM.

    `signing_keys` and `sealing_keys` are all that the folder has, newest first; `key` and `sealing` are in use.
    """

    capofila_id: str
    name: str
    key: SigningKey
    tls_file: Path
    tls_fingerprint: bytes
    hosts: tuple[str, ...]
    sealing: SealingKey = field(default_factory=SealingKey.generate)
    signing_keys: tuple[SigningKey, ...] = ()
    sealing_keys: tuple[SealingKey, ...] = ()

    @property
    def folder(self) -> Path:
        """Where all of it lies."""
        return self.tls_file.parent

    @property
    def certificate(self) -> str:
        """The server's certificate as PEM, without its key."""
        pem = self.tls_file.read_text(encoding="ascii")
        return pem[pem.index("-----BEGIN CERTIFICATE") :]

    def check_host(self, url: str) -> None:
        """Raise HostNotInCertificate when a shelter could not verify this capofila at that address."""
        host = (urlsplit(url).hostname or "").lower()
        if host not in self.hosts:
            raise HostNotInCertificate(host=host)


def open_identity(folder: Path, *, name: str = "Capofila", hosts: Iterable[str] = ()) -> Identity:
    """Return the identity kept in a folder; name and additional host names count only when it is made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    who = json.loads(_once(folder / "capofila.json", lambda: _new_name(name)))
    # Only where there is none at all: of a renewed key the first file is gone.
    if not _numbered(folder, "signing"):
        _once(folder / "signing.pem", lambda: _pem(Ed25519PrivateKey.generate()))
    if not _numbered(folder, "sealing"):
        _once(folder / "sealing.pem", lambda: _pem(X25519PrivateKey.generate()))
    signing = tuple(_signing_key(file) for file in _numbered(folder, "signing"))
    sealing = tuple(_sealing_key(file) for file in _numbered(folder, "sealing"))
    tls_file = folder / "tls.pem"
    pem = _once(tls_file, lambda: _new_certificate(hosts))
    certificate = x509.load_pem_x509_certificate(pem)
    return Identity(
        capofila_id=who["id"],
        name=who["name"],
        key=signing[0],
        sealing=sealing[0],
        tls_file=tls_file,
        tls_fingerprint=sha256(certificate.public_bytes(Encoding.DER)).digest(),
        hosts=_hosts_of(certificate),
        signing_keys=signing,
        sealing_keys=sealing,
    )


def add_keys(folder: Path) -> tuple[SigningKey, SealingKey]:
    """Write a new key of each kind beside the others and return them; they count once the store names them."""
    signing, sealing = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
    for kind, pem in (("signing", _pem(signing)), ("sealing", _pem(sealing))):
        while _once(_next_file(folder, kind), lambda pem=pem: pem) != pem:  # type: ignore[misc]  # bound per turn
            continue  # another process took that number
    return SigningKey(signing.private_bytes_raw()), SealingKey(sealing.private_bytes_raw())


def remove_signing_key(folder: Path, thumbprint: str) -> None:
    """Remove the private half of a signing key that has a successor: it can do nothing good any more."""
    for file in _numbered(folder, "signing"):
        if _signing_key(file).public.thumbprint() == thumbprint:
            file.unlink()


def account_key(folder: Path) -> bytes:
    """Return the 32 bytes that second factors are sealed with; made on first use."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _once(folder / "accounts.key", lambda: secrets.token_bytes(32))


def tls_context(identity: Identity) -> ssl.SSLContext:
    """Return the server's side of TLS, 1.2 or newer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(identity.tls_file)
    return context


def touch_private(path: Path) -> None:
    """Make an empty file that only its owner can read, if there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _once(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the bytes of a file, which is made whole or not at all, and by one process if several try."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            _link_unless_there(draft, path)
        finally:
            draft.unlink()
    return path.read_bytes()


def _link_unless_there(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first: its file is the one that counts


def _new_name(name: str) -> bytes:
    return json.dumps({"id": str(uuid.uuid4()), "name": name}, ensure_ascii=False).encode("utf-8")


def _pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _signing_key(file: Path) -> SigningKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyInvalid
    return SigningKey(key.private_bytes_raw())


def _sealing_key(file: Path) -> SealingKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, X25519PrivateKey):
        raise KeyInvalid
    return SealingKey(key.private_bytes_raw())


def _numbered(folder: Path, kind: str) -> list[Path]:
    """Return the key files of a kind, newest first: `signing-2.pem`, `signing.pem`."""
    found = {_number(file, kind): file for file in folder.glob(f"{kind}*.pem")}
    return [found[number] for number in sorted((n for n in found if n), reverse=True)]


def _number(file: Path, kind: str) -> int:
    matched = re.fullmatch(rf"{kind}(?:-([0-9]{{1,6}}))?\.pem", file.name)
    return 0 if matched is None else int(matched[1] or 1)


def _next_file(folder: Path, kind: str) -> Path:
    # Read anew each time: another process may have made one meanwhile. Numbers are not used twice while a file stands.
    taken = [_number(file, kind) for file in _numbered(folder, kind)]
    return folder / f"{kind}-{max(taken, default=1) + 1}.pem"


def _new_certificate(hosts: Iterable[str]) -> bytes:
    """Return a new P-256 key and its self-signed certificate, as one PEM; shelters pin it by fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Approdo capofila")])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=BACKDATED_DAYS))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names((*LOOPBACK, *hosts))), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def _names(hosts: Iterable[str]) -> list[x509.GeneralName]:
    return [_name(host) for host in dict.fromkeys(host.lower() for host in hosts)]


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _hosts_of(certificate: x509.Certificate) -> tuple[str, ...]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(name.value).lower() for name in names)
