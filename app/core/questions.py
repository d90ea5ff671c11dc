"""What patients ask when they call after the letter; counted, so that the practice can answer better."""

from enum import StrEnum


class Question(StrEnum):
    """The ten usual questions, and the rest."""

    GENUINE = "genuine"
    WHICH_DATA = "which_data"
    WHAT_TO_DO = "what_to_do"
    BANK = "bank"
    MEDICAL_FILE = "medical_file"
    WHO_IS_GUILTY = "who_is_guilty"
    COMPLAINT = "complaint"
    ERASE = "erase"
    NO_LETTER = "no_letter"
    SUSPICIOUS_CALL = "suspicious_call"
    OTHER = "other"
