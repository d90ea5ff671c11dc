"""Avis 34: letters to the patients concerned by a personal data breach (GDPR Art. 34).

Names of the application, used by the window, the settings folder and the package metadata.
"""

APPLICATION_NAME = "Avis 34"
DISTRIBUTION_NAME = "avis34"
__version__ = "0.1.0"
