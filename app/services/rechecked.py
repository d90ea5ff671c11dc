"""Remarks on people, as opposed to cells: they follow from what is stored, whichever list it came from."""

#: made again from the people themselves whenever the list changes
RECHECKED_CODES = frozenset(
    [
        "name_missing",
        "first_name_missing",
        "no_reach",
        "address_incomplete",
        "address_incomplete_email",
        "minor",
        "minor_alone",
        "very_old",
        "deceased",
        "do_not_write",
        "hand_over",
        "protected",
        "protected_alone",
        "curatorship",
        "foreign_address",
        "care_home",
        "address_line_too_long",
        "address_too_many_lines",
        "duplicate_same",
        "duplicate_differs",
        "duplicate_likely",
        "email_shared",
        "email_many",
        "phone_shared",
    ]
)
