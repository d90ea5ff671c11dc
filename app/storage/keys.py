"""Keys of campaign files, the recovery code on paper, and how one protects the other.

The database key is 32 random bytes. It is *wrapped* (sealed with AES-256-GCM) under a key drawn by scrypt
(RFC 7914) from the recovery code or from a passphrase; wraps lie in the clear header, without harm.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.errors.storage import (
    PassphraseTooShort,
    PassphraseWrong,
    RecoveryCodeMistyped,
    RecoveryCodeWrong,
)

KEY_BYTES = 32
#: Crockford's alphabet: no I, L, O, U
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 24  # 120 bits
_GROUP = 5
MINIMUM_PASSPHRASE = 12
_SCRYPT_N = {"recovery": 2**15, "passphrase": 2**17}  # a person's words need the dearer one
_SCRYPT_R = 8


@dataclass(frozen=True, slots=True)
class Wrap:
    """A sealed copy of the database key. Bytes are base64; harmless without the code."""

    kind: str  # "recovery" or "passphrase"
    salt: str
    n: int
    r: int
    nonce: str
    sealed: str


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def fingerprint(key: bytes) -> str:
    """Eight hexadecimal digits that tell whether a key is the right one, and nothing else about it."""
    return hmac.new(key, b"avis34 key fingerprint", hashlib.sha256).hexdigest()[:8]


def derive(key: bytes, purpose: str) -> bytes:
    """Another 32-byte key for ``purpose``, from which ``key`` cannot be found."""
    return hmac.new(key, b"avis34 " + purpose.encode(), hashlib.sha256).digest()


def _times_two(value: int) -> int:
    """Multiply by x in GF(32), x^5 = x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _check_character(body: str) -> str:
    """Sum of digit_i · x^i in GF(32): every single mistake and every swap of two digits is seen."""
    total = 0
    for char in body:  # Horner
        total = _times_two(total) ^ _CROCKFORD.index(char)
    return _CROCKFORD[_times_two(total)]


def new_recovery_code(drawn: bytes | None = None) -> str:
    """« 920Z7-1JQNA-0823G-T8QFK-BCS3H »: 24 random characters and a check character.

    ``drawn`` (24 bytes or more) replaces the random bytes, for sample campaigns of invented patients only.
    """
    source = drawn if drawn is not None else secrets.token_bytes(_CODE_LENGTH)
    body = "".join(_CROCKFORD[byte % len(_CROCKFORD)] for byte in source[:_CODE_LENGTH])
    full = body + _check_character(body)
    return "-".join(full[start : start + _GROUP] for start in range(0, len(full), _GROUP))


def read_recovery_code(typed: str) -> str:
    """The 25 characters of a code as typed from paper (case, spaces, hyphens, O/0, I/L/1 forgiven).

    Raises:
        RecoveryCodeMistyped: wrong length, foreign character, or wrong check character.
    """
    compact = "".join(char for char in typed.upper() if char not in " -\u00a0\u202f\t\r\n–—")
    compact = compact.translate(str.maketrans("ILO", "110"))
    foreign = set(compact) - set(_CROCKFORD)
    if foreign or len(compact) != _CODE_LENGTH + 1:
        raise RecoveryCodeMistyped
    if _check_character(compact[:-1]) != compact[-1]:
        raise RecoveryCodeMistyped
    return compact


def _key_from(secret: bytes, salt: bytes, n: int, r: int) -> bytes:
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=1, maxmem=256 * n * r, dklen=32)


def _seal(kind: str, key: bytes, secret: bytes, campaign_id: str) -> Wrap:
    salt, nonce, n = secrets.token_bytes(16), secrets.token_bytes(12), _SCRYPT_N[kind]
    sealing_key = _key_from(secret, salt, n, _SCRYPT_R)
    sealed = AESGCM(sealing_key).encrypt(nonce, key, f"{kind} {campaign_id}".encode())
    encode = base64.b64encode
    return Wrap(
        kind,
        encode(salt).decode(),
        n,
        _SCRYPT_R,
        encode(nonce).decode(),
        encode(sealed).decode(),
    )


def _unseal(wrap: Wrap, secret: bytes, campaign_id: str) -> bytes | None:
    if (
        wrap.n > _SCRYPT_N["passphrase"] or wrap.r > _SCRYPT_R
    ):  # a forged header must not eat memory
        return None
    decode = base64.b64decode
    sealing_key = _key_from(secret, decode(wrap.salt), wrap.n, wrap.r)
    associated = f"{wrap.kind} {campaign_id}".encode()
    try:
        return AESGCM(sealing_key).decrypt(decode(wrap.nonce), decode(wrap.sealed), associated)
    except InvalidTag:
        return None


def wrap(key: bytes, code: str, campaign_id: str) -> Wrap:
    """Seal ``key`` under a recovery code.

    Raises:
        RecoveryCodeMistyped: ``code`` is not a well-formed code.
    """
    return _seal("recovery", key, read_recovery_code(code).encode(), campaign_id)


def unwrap(wraps: tuple[Wrap, ...], code: str, campaign_id: str) -> bytes:
    """The database key, from the recovery code.

    Raises:
        RecoveryCodeMistyped: seen before any slow computation.
        RecoveryCodeWrong: well formed, but it opens none of ``wraps``.
    """
    secret = read_recovery_code(code).encode()
    for candidate in wraps:
        if candidate.kind == "recovery":
            key = _unseal(candidate, secret, campaign_id)
            if key is not None:
                return key
    raise RecoveryCodeWrong


def _passphrase_bytes(passphrase: str) -> bytes:
    return unicodedata.normalize("NFKC", passphrase.strip()).encode()


def wrap_with_passphrase(key: bytes, passphrase: str, campaign_id: str) -> Wrap:
    """Seal ``key`` under a passphrase (for computers without a credential store).

    Raises:
        PassphraseTooShort: fewer than ``MINIMUM_PASSPHRASE`` characters.
    """
    if len(passphrase.strip()) < MINIMUM_PASSPHRASE:
        raise PassphraseTooShort(MINIMUM_PASSPHRASE)
    return _seal("passphrase", key, _passphrase_bytes(passphrase), campaign_id)


def unwrap_with_passphrase(wraps: tuple[Wrap, ...], passphrase: str, campaign_id: str) -> bytes:
    """The database key, from the passphrase.

    Raises:
        PassphraseWrong: it opens none of ``wraps``.
    """
    for candidate in wraps:
        if candidate.kind == "passphrase":
            key = _unseal(candidate, _passphrase_bytes(passphrase), campaign_id)
            if key is not None:
                return key
    raise PassphraseWrong


def group_code(compact: str) -> str:
    """25 characters as printed, in groups of five."""
    return "-".join(compact[start : start + _GROUP] for start in range(0, len(compact), _GROUP))
