"""Which function cleans the cells of which field."""

from app.core.cleaning import clean_civility, clean_country, clean_flag, clean_protection
from app.core.emails import clean_email
from app.core.headers import Field
from app.core.names import clean_name
from app.core.phones import clean_phone
from app.core.postcodes import clean_postcode, clean_town
from app.core.row_values import CellCleaner

#: fields whose values come back: what was answered once is remembered
REPEATING = frozenset(
    {
        Field.CIVILITY,
        Field.SEX,
        Field.FIRST_NAME,
        Field.BIRTH_DATE,
        Field.POSTCODE,
        Field.CITY,
        Field.POSTCODE_CITY,
        Field.COUNTRY,
        Field.DECEASED,
        Field.PROTECTION,
        Field.DO_NOT_WRITE,
        Field.HAND_OVER,
        Field.ANNOTATIONS,
        Field.CATEGORY,
        Field.LAST_NAME,
        Field.BIRTH_NAME,
        Field.COMPLEMENT,
        Field.BUILDING,
    }
)
#: the others are plain texts, or need the day
CLEANERS: dict[Field, CellCleaner] = {
    Field.CIVILITY: clean_civility,
    Field.SEX: clean_civility,
    Field.LAST_NAME: clean_name,
    Field.BIRTH_NAME: clean_name,
    Field.FIRST_NAME: clean_name,
    Field.EMAIL: clean_email,
    Field.OTHER_EMAIL: clean_email,
    Field.MOBILE: clean_phone,
    Field.PHONE: clean_phone,
    Field.OTHER_PHONE: clean_phone,
    Field.POSTCODE: clean_postcode,
    Field.CITY: clean_town,
    Field.COUNTRY: clean_country,
    Field.PROTECTION: clean_protection,
    Field.DO_NOT_WRITE: clean_flag,
    Field.HAND_OVER: clean_flag,
    Field.ANNOTATIONS: clean_flag,
    Field.CATEGORY: clean_flag,
}
