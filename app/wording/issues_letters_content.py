"""French texts of the remarks about the letters: what the letter must tell (points 1 to 7 and 9 to 11).

Code → what, why, what to do; « {name} » is filled with the facts of the remark.
"""

from collections.abc import Mapping

_LAW = "La loi le demande (RGPD, article 34)."
CONTENT: Mapping[str, tuple[str, str, str]] = {
    "letter_01_nature_missing": (
        "La lettre ne dit pas ce qui s’est passé.",
        _LAW,
        "Dites au début, en une phrase, ce qui a été fait : copié, consulté, publié, perdu…",
    ),
    "letter_01_date_missing": (
        "La lettre ne dit pas quand cela s’est passé.",
        _LAW,
        "Ajoutez la date de l’incident ou de sa découverte, ou « à une date exacte inconnue à ce jour ».",
    ),
    "letter_02_contact_name_missing": (
        "La lettre ne nomme pas la personne à contacter.",
        _LAW,
        "Complétez le contact dans « Mon cabinet » et gardez-le dans le texte.",
    ),
    "letter_02_contact_way_missing": (
        "La lettre ne donne ni téléphone ni courriel pour vous joindre.",
        _LAW,
        "Remettez le téléphone du cabinet dans le texte.",
    ),
    "letter_02_hours_missing": (
        "Le téléphone est donné sans les horaires.",
        "Un patient inquiet appelle aussitôt.",
        "Ajoutez les horaires du cabinet après le téléphone.",
    ),
    "letter_03_consequence_missing": (
        "Rien n’est dit des conséquences possibles pour : {category}.",
        _LAW,
        "Remettez la liste « Conséquences possibles », ou écrivez une phrase sur cette donnée.",
    ),
    "letter_03_consequence_superfluous": (
        "La lettre annonce une conséquence pour une donnée qui n’est pas concernée : {category}.",
        "Elle inquiéterait sans raison.",
        "Retirez cette phrase, ou cochez la donnée sur la page « L’incident ».",
    ),
    "letter_04_measures_missing": (
        "La lettre ne dit aucune mesure prise ou prévue.",
        _LAW,
        "Décrivez au moins une mesure sur la page « L’incident » et gardez la liste des mesures.",
    ),
    "letter_04_planned_without_date": (
        "La seule mesure annoncée n’a pas de date.",
        "Une promesse sans date n’informe pas.",
        "Ajoutez une date, ou dites que la mesure est en cours.",
    ),
    "letter_05_advice_missing": (
        "Aucun conseil n’est donné pour : {category}.",
        _LAW,
        "Remettez la liste « Conseils », ou écrivez un conseil sur cette donnée.",
    ),
    "letter_05_advice_superfluous": (
        "Un conseil porte sur une donnée qui n’est pas concernée : {category}.",
        "Un conseil de trop cache ceux qui comptent.",
        "Retirez cette phrase, ou cochez la donnée sur la page « L’incident ».",
    ),
    "letter_05_advice_count": (
        "La lettre donne {count} conseils.",
        "De trois à six conseils se lisent et se retiennent.",
        "Réunissez ou complétez les conseils, ou gardez-les si chacun est utile.",
    ),
    "letter_06_category_not_listed": (
        "La liste des données concernées oublie : {category}.",
        "Le patient doit savoir exactement ce qui est concerné.",
        "Remettez la « Liste des données concernées », ou nommez cette donnée.",
    ),
    "letter_06_category_not_exposed": (
        "La lettre cite une donnée qui n’est pas concernée : {category}.",
        "La liste doit être celle de la page « L’incident ».",
        "Retirez cette donnée du texte, ou cochez-la sur la page « L’incident ».",
    ),
    "letter_06_exclusion_missing": (
        "La lettre ne dit pas que ceci n’est pas concerné : {phrase}.",
        "Savoir ce qui n’est pas touché rassure.",
        "Remettez « Données non concernées » dans le texte.",
    ),
    "letter_06_false_exclusion": (
        "La lettre dit qu’aucune donnée de santé n’est concernée.",
        "La page « L’incident » dit le contraire.",
        "Retirez cette phrase.",
    ),
    "letter_07_residue": (
        "Il reste un signe qui n’a pas sa place dans une lettre : « {text} ».",
        "Un mot n’a pas été remplacé, ou la liste contient un caractère étrange.",
        "Corrigez le texte, ou le nom du patient dans la liste.",
    ),
    "letter_07_salutation": (
        "L’appel « {expected}, » manque ou ne correspond pas au patient.",
        "La civilité vient de la liste.",
        "Remettez le mot « Appel » au début de la lettre.",
    ),
    "letter_07_date_future": (
        "La lettre porte une date à venir.",
        "Elle partirait avant sa date.",
        "Choisissez la date d’aujourd’hui.",
    ),
    "letter_07_date_before_discovery": (
        "La lettre est datée d’avant la découverte de l’incident.",
        "L’une des deux dates est fausse.",
        "Vérifiez la date de la lettre et la date de découverte.",
    ),
    "letter_07_missing_value": (
        "Il manque : {fields}.",
        "La lettre ne peut pas être écrite sans cela.",
        "Complétez « Mon cabinet », « L’incident » ou la ligne du patient.",
    ),
    "letter_09_doubt_in_confirmed": (
        "Le fait est confirmé, mais la lettre emploie « {word} ».",
        "Le conditionnel laisserait croire que ce n’est pas sûr.",
        "Dites le fait au présent ou au passé, ou changez « Est-ce établi ? ».",
    ),
    "letter_09_assertion_in_alleged": (
        "Le fait n’est pas confirmé, mais cette phrase l’affirme.",
        "La lettre annoncerait un vol qui n’a peut-être pas eu lieu.",
        "Employez le conditionnel : « auraient été copiées ».",
    ),
    "letter_09_no_doubt_told": (
        "Le fait n’est pas confirmé, et la lettre ne le dit pas.",
        "Le patient doit savoir ce qui est sûr et ce qui ne l’est pas.",
        "Ajoutez par exemple : « À ce jour, ce n’est ni confirmé ni écarté. »",
    ),
    "letter_09_no_next_letter": (
        "Le fait n’est pas confirmé, et aucune suite n’est promise.",
        "Le patient attend de savoir.",
        "Indiquez la date du prochain point sur la page « L’incident ».",
    ),
    "letter_09_probable_not_told": (
        "Le fait est probable, et la lettre ne le dit pas.",
        "Le patient doit savoir ce qui est sûr et ce qui ne l’est pas.",
        "Employez « probable » ou « très probablement » au début.",
    ),
    "letter_09_other_template": (
        "Ce modèle ne convient pas à un fait aussi établi.",
        "Ses phrases parlent d’un fait qui n’est ni confirmé ni écarté.",
        "Choisissez un autre modèle, ou changez « Est-ce établi ? ».",
    ),
    "letter_10_controller_missing": (
        "La lettre ne nomme pas le responsable de traitement.",
        _LAW,
        "Complétez « Mon cabinet » et gardez ce mot dans le texte.",
    ),
    "letter_10_signatory_missing": (
        "Personne ne signe la lettre.",
        "Une lettre sans signature inquiète.",
        "Ajoutez au moins un signataire dans « Mon cabinet ».",
    ),
    "letter_10_own_name_missing": (
        "Le nom du patient ne figure pas dans sa lettre.",
        "Le nom permet de vérifier qu’elle est arrivée à la bonne personne.",
        "Remettez « À qui » ou « Nom du destinataire » dans le texte, ou complétez le nom dans la liste.",
    ),
    "letter_11_long": (
        "La lettre compte {words} mots ; {limit} suffisent.",
        "Un long texte cache l’essentiel.",
        "Raccourcissez les passages que vous avez ajoutés.",
    ),
    "letter_11_sentences_long": (
        "Les phrases comptent {words} mots en moyenne.",
        "Au-delà de 22, on s’y perd.",
        "Coupez les phrases longues.",
    ),
    "letter_11_paragraph_long": (
        "Ce paragraphe dépasse six lignes.",
        "Il décourage la lecture.",
        "Coupez-le en deux.",
    ),
    "letter_11_english": (
        "Un mot anglais : « {text} ».",
        "Tous les patients ne le comprennent pas.",
        "Écrivez-le en français, par exemple « hameçonnage (phishing) ».",
    ),
}
