"""French texts of the remarks about the letters (the 20 points of the checklist)."""

from collections.abc import Mapping

from app.core.issue import Issue
from app.wording.errors_letters import field_name
from app.wording.french import count
from app.wording.remarks import IssueText, writes

#: short names of the 20 points, for the list « Ce que la loi demande »
POINTS: Mapping[int, str] = {
    1: "Ce qui s’est passé, et quand",
    2: "Contact : nom, téléphone, horaires",
    3: "Conséquences possibles, une par donnée",
    4: "Mesures prises ou prévues",
    5: "Conseils, un par donnée",
    6: "Données concernées, ni plus ni moins",
    7: "Aucun mot resté à remplacer",
    8: "Aucune donnée personnelle répétée",
    9: "Ton juste : confirmé, probable ou non confirmé",
    10: "Responsable, signature, bon destinataire",
    11: "Longueur et clarté",
    12: "Objet neutre",
    13: "Déclaration à la CNIL et plainte",
    14: "Droits et réclamation à la CNIL",
    15: "« Nous ne vous demanderons jamais… », liens",
    16: "Suite annoncée, code de la lettre",
    17: "Proposition d’en parler",
    18: "Règles du courriel, du courrier, du SMS",
    19: "Mineurs, tutelle, personnes à ne pas contacter",
    20: "Contrôle de l’envoi entier",
}

_LAW = "La loi le demande (RGPD, article 34)."
#: code → what, why, what to do; « {name} » is filled with the facts of the remark
TEXTS: Mapping[str, tuple[str, str, str]] = {
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
    "letter_08_nir": (
        "Un nombre qui ressemble à un numéro de sécurité sociale figure dans la lettre.",
        "Une lettre ne répète jamais une donnée exposée.",
        "Retirez ce nombre.",
    ),
    "letter_08_iban": (
        "Une suite qui ressemble à un IBAN figure dans la lettre : « {text} ».",
        "Une lettre ne répète jamais une donnée exposée.",
        "Retirez cette suite.",
    ),
    "letter_08_card": (
        "Un nombre qui ressemble à un numéro de carte bancaire figure dans la lettre.",
        "Une lettre ne répète jamais une donnée exposée.",
        "Retirez ce nombre.",
    ),
    "letter_08_birth_date": (
        "La date de naissance du patient figure dans la lettre.",
        "Une lettre ne répète jamais une donnée exposée.",
        "Retirez cette date.",
    ),
    "letter_08_phone": (
        "Un numéro de téléphone n’est ni le vôtre ni celui d’un service officiel : « {text} ».",
        "Ce pourrait être celui d’un patient.",
        "Retirez ce numéro, ou ajoutez-le dans « Mon cabinet » s’il est le vôtre.",
    ),
    "letter_08_email": (
        "Une adresse électronique n’est pas celle du cabinet : « {text} ».",
        "Ce pourrait être celle d’un patient.",
        "Retirez cette adresse.",
    ),
    "letter_08_other_code": (
        "Le code d’une autre lettre figure dans celle-ci : « {text} ».",
        "Chaque lettre porte un seul code, le sien.",
        "Retirez ce code du texte du modèle.",
    ),
    "letter_08_other_person": (
        "Le nom d’une autre personne de la liste figure dans la lettre.",
        "Une lettre ne nomme que son destinataire.",
        "Regardez cette lettre et retirez l’autre nom.",
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
    "letter_12_subject_word": (
        "L’objet contient « {text} ».",
        "L’objet se lit sur l’écran d’un proche ou d’un collègue.",
        "Choisissez un objet neutre : « Information importante de votre cabinet ».",
    ),
    "letter_12_subject_long": (
        "L’objet compte {length} signes ; 60 au plus se lisent sur un téléphone.",
        "",
        "Raccourcissez l’objet.",
    ),
    "letter_12_subject_empty": (
        "La lettre n’a pas d’objet.",
        "Un courriel sans objet ressemble à une fraude.",
        "Écrivez un objet neutre.",
    ),
    "letter_12_subject_name": (
        "L’objet contient le nom du patient.",
        "L’objet se lit sur l’écran d’un proche ou d’un collègue.",
        "Retirez ce nom.",
    ),
    "letter_12_subject_capitals": (
        "L’objet est tout en capitales.",
        "Les messageries le prennent pour une publicité.",
        "Écrivez-le en minuscules.",
    ),
    "letter_12_sender_word": (
        "Le nom du cabinet contient « {text} », visible avant d’ouvrir le courriel.",
        "Un proche ou un collègue peut le lire sur l’écran.",
        "Employez un nom plus neutre pour cet envoi, ou choisissez le courrier.",
    ),
    "letter_12_preview_name": (
        "Le nom du patient figure dans les premiers mots du courriel.",
        "Les messageries les montrent sans ouvrir la lettre.",
        "Placez ce nom plus bas.",
    ),
    "letter_13_cnil_not_told": (
        "La CNIL n’est pas encore prévenue.",
        "Elle doit l’être dans les 72 heures après la découverte, sauf risque improbable (RGPD, article 33).",
        "Faites la déclaration, puis notez sa date sur la page « L’incident ».",
    ),
    "letter_13_cnil_missing": (
        "La lettre ne dit pas où en est la déclaration à la CNIL.",
        "Le patient voit ainsi que l’incident est suivi.",
        "Remettez « Déclaration à la CNIL » dans le texte, et sa date sur la page « L’incident ».",
    ),
    "letter_13_complaint_missing": (
        "La lettre ne dit pas que vous avez porté plainte.",
        "La page « L’incident » indique une plainte déposée.",
        "Remettez « Plainte » dans le texte.",
    ),
    "letter_14_complaint_right_missing": (
        "La lettre ne dit pas que l’on peut adresser une réclamation à la CNIL.",
        "C’est un droit de chaque patient.",
        "Remettez la phrase sur la réclamation à la CNIL.",
    ),
    "letter_15_never_ask_missing": (
        "La phrase « Nous ne vous demanderons jamais… » manque.",
        "Elle protège le patient des faux messages envoyés en votre nom.",
        "Remettez cette phrase après les conseils.",
    ),
    "letter_15_urgency": (
        "Cette phrase presse le lecteur : « {text} ».",
        "Une alerte contre la fraude ne doit pas ressembler à une fraude.",
        "Dites la même chose sans urgence et sans demander de cliquer.",
    ),
    "letter_15_unknown_link": (
        "La lettre cite un site qui n’est ni officiel ni le vôtre : « {text} ».",
        "Une alerte contre la fraude ne doit pas ressembler à une fraude.",
        "Retirez ce site, ou gardez-le si vous le connaissez bien.",
    ),
    "letter_15_shortened_link": (
        "La lettre contient un lien raccourci : « {text} ».",
        "Personne ne peut voir où il mène.",
        "Retirez ce lien.",
    ),
    "letter_16_update_missing": (
        "Tout n’est pas encore établi, et la lettre ne promet pas de suite.",
        "Le patient attend de savoir.",
        "Indiquez la date du prochain point sur la page « L’incident ».",
    ),
    "letter_16_update_date_missing": (
        "La date du prochain point ({date}) n’est pas dans la lettre.",
        "",
        "Remettez « Date du prochain point » dans le texte.",
    ),
    "letter_16_reference_missing": (
        "Le code de la lettre n’est pas dans le texte.",
        "Il permet au patient de vérifier que la lettre vient bien de vous.",
        "Remettez le mot « Code de la lettre ».",
    ),
    "letter_17_offer_missing": (
        "La lettre ne propose pas d’en parler.",
        "Des informations intimes sont concernées : une voix vaut mieux qu’un texte.",
        "Proposez d’appeler le cabinet ou de prendre rendez-vous.",
    ),
    "letter_17_content_told": (
        "La lettre contient un mot de la remarque du dossier.",
        "Elle exposerait une seconde fois ce qui a été copié.",
        "Retirez ce mot.",
    ),
    "letter_18_attachment": (
        "Le courriel porte une pièce jointe.",
        "Une alerte contre la fraude ne doit pas ressembler à une fraude.",
        "Retirez la pièce jointe.",
    ),
    "letter_18_address_incomplete": (
        "L’adresse postale est incomplète.",
        "La lettre reviendrait.",
        "Complétez la rue, le code postal et la ville.",
    ),
    "letter_18_email_missing": (
        "Aucune adresse électronique pour ce patient.",
        "La lettre ne peut pas partir par courriel.",
        "Complétez l’adresse, ou choisissez le courrier.",
    ),
    "letter_18_sms_long": (
        "Le SMS compte {length} signes ; 160 au plus.",
        "Au-delà, il est coupé en deux messages.",
        "Raccourcissez le texte ou le nom du cabinet.",
    ),
    "letter_18_sms_alphabet": (
        "Le SMS contient un signe que les SMS simples n’ont pas : « {text} ».",
        "Il ne tiendrait plus que 70 signes.",
        "Remplacez ce signe, par exemple « ê » par « e ».",
    ),
    "letter_18_sms_health": (
        "Le SMS contient un mot qui touche à la santé : « {text} ».",
        "Un SMS se lit sur un écran verrouillé.",
        "Retirez ce mot.",
    ),
    "letter_18_sms_link": (
        "Le SMS contient un lien.",
        "Il ressemblerait à une fraude.",
        "Retirez ce lien.",
    ),
    "letter_19_do_not_write": (
        "Cette personne ne doit pas recevoir de lettre.",
        "La liste porte « Ne pas écrire ».",
        "Retirez-la de l’envoi, et prévenez le médecin.",
    ),
    "letter_19_hand_over": (
        "Cette lettre doit être remise en main propre.",
        "La liste le demande.",
        "Choisissez la remise en main propre.",
    ),
    "letter_19_excluded": (
        "Cette personne a été retirée de l’envoi.",
        "Une lettre est pourtant prévue.",
        "Refaites le plan d’envoi.",
    ),
    "letter_19_deceased": (
        "Cette personne est notée décédée.",
        "Une lettre blesserait ses proches.",
        "Retirez-la de l’envoi.",
    ),
    "letter_19_minor_remark": (
        "Ce patient est mineur, et une remarque de son dossier est concernée.",
        "La lettre propose à ses représentants d’en connaître le contenu.",
        "Demandez au médecin s’il faut écrire, ou remettre la lettre en main propre.",
    ),
    "letter_19_minor_16": (
        "Ce patient a {age} ans : la lettre va à ses représentants légaux.",
        "Certains soins sont confidentiels à cet âge.",
        "Demandez au médecin si la lettre peut aller aux parents.",
    ),
    "letter_20_counts": (
        "Les comptes ne tombent pas juste : {people} personnes, {letters} lettres.",
        "Chaque personne doit avoir une lettre ou une raison de ne pas en avoir.",
        "Refaites le plan d’envoi.",
    ),
    "letter_20_reason_missing": (
        "Sans lettre ni raison écrite : {people_left}.",
        "Le dossier pour la CNIL doit dire pourquoi.",
        "Notez une raison pour chacune.",
    ),
    "letter_20_no_trial": (
        "Aucune lettre d’essai n’est partie.",
        "Vous devez avoir vu la lettre telle qu’elle arrive.",
        "Envoyez-vous une lettre d’essai.",
    ),
    "letter_20_not_read": (
        "Il reste {letters_left} à lire.",
        "Une lettre partie ne se rattrape pas.",
        "Lisez-les sur cette page.",
    ),
    "letter_20_no_second_reader": (
        "Personne d’autre n’a relu la lettre.",
        "Un second regard voit ce que le premier ne voit plus.",
        "Faites-la relire, puis notez le nom de cette personne.",
    ),
}


def _named(issue: Issue) -> dict[str, str | int]:
    facts = dict(issue.facts)
    fields = str(facts.get("fields", ""))
    if fields:
        facts["fields"] = ", ".join(dict.fromkeys(field_name(name) for name in fields.split(",")))
    if "count" in facts:
        number = int(facts["count"])
        facts["letters_left"] = count(number, "lettre")
        facts["people_left"] = count(number, "personne")
    return facts


@writes(*TEXTS)
def _write(issue: Issue) -> IssueText:
    facts = _named(issue)
    what, why, what_to_do = TEXTS[issue.code]
    return IssueText(what.format_map(facts), why, what_to_do)
