"""French texts of the remarks about the letters: what it must not reveal, and the rules of the run (8, 12 to 20).

Code → what, why, what to do; « {name} » is filled with the facts of the remark.
"""

from collections.abc import Mapping

SAFETY: Mapping[str, tuple[str, str, str]] = {
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
    "letter_18_doubtful_mailbox": (
        "Cette lettre partirait de la boîte de courriels qui a été piratée.",
        "Le patient ne peut pas savoir si elle est vraie.",
        "Écrivez par courrier. Si vous écrivez d’une nouvelle adresse, cochez-le sur la page « L’incident ».",
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
    "letter_19_short_letter": (
        "Cette personne est sous tutelle\u00a0: la lettre va à la personne qui la représente.",
        "Elle doit aussi recevoir une lettre courte, à son nom.",
        "Imprimez les lettres courtes («\u00a0La lettre\u00a0», «\u00a0Documents d’accompagnement…\u00a0»), puis "
        "acceptez l’avertissement en disant qui les remet.",
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
