"""Old containers (OLE2): an XLS, or an encrypted workbook of any kind."""

import io

from app.core.errors.files import EncryptionUnsupported, PasswordNeeded, PasswordWrong
from app.spreadsheet.formats import format_of

#: Excel encrypts with it when no password was typed but the structure is protected
_EXCEL_OWN_PASSWORD = "VelvetSweatshop"  # noqa: S105 - public, in Excel itself


def unwrap_ole(name: str, data: bytes, password: str | None) -> tuple[str, bytes, bool]:
    """Xls as it is, or the workbook inside an encrypted container."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        encrypted = office.is_encrypted()
    except Exception:  # noqa: BLE001 - its readers raise anything on odd files: python-calamine will judge
        return "xls", data, False
    if not encrypted:
        return "xls", data, False
    for attempt in dict.fromkeys((_EXCEL_OWN_PASSWORD, password)):
        if attempt is None:
            raise PasswordNeeded(name)
        opened = io.BytesIO()
        try:
            office = msoffcrypto.OfficeFile(io.BytesIO(data))
            office.load_key(password=attempt)
            office.decrypt(opened)
        except (InvalidKeyError, ValueError):
            continue
        except (
            DecryptionError,
            FileFormatError,
            ParseError,
            NotImplementedError,
            KeyError,
        ) as error:
            if "not supported" in str(error).lower() or "unsupported" in str(error).lower():
                raise EncryptionUnsupported(name) from error
            continue
        except Exception as error:  # encrypted for sure, in a way its reader stumbles on
            raise EncryptionUnsupported(name) from error
        unlocked = opened.getvalue()
        kind = format_of(name, unlocked)
        return ("xls" if kind == "ole" else kind), unlocked, True
    raise PasswordNeeded(name) if password is None else PasswordWrong(name)
