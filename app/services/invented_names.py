"""Words from which invented patients are made: names in all their French forms, invented streets, towns."""

import unicodedata

WOMEN = (
    "Marie", "Élodie", "Anne-Sophie", "Zoé", "Noémie", "Héloïse", "Françoise", "Chloé", "Aïcha", "Maëlle",
    "Jeanne", "Marie-Thérèse", "Inès", "Océane", "Solène", "Léa", "Maud", "Fatoumata", "Gaëlle", "Hélène",
    "Camille", "Louise", "Manon", "Aurélie", "Bérénice", "Cécile", "Delphine", "Édith", "Flore", "Geneviève",
    "Yasmine", "Justine", "Katell", "Lætitia", "Mélanie", "Nadège", "Odile", "Pénélope", "Raphaëlle", "Sylvie",
    "Thi Mai", "Ursule", "Valérie", "Wafa", "Xavière", "Yvonne", "Zélie", "Marie-Ange", "Soizic", "Lou",
    "Marie-Françoise Bernadette", "Agnès", "Brigitte", "Clémence", "Danièle", "Émilie", "Josée", "Ludivine",
)  # fmt: skip
MEN = (
    "Paul", "René", "Jean-Baptiste", "Loïc", "Gaël", "Benoît", "François", "Noël", "Youssef", "Maël",
    "Jérôme", "Jean-François", "Théo", "Raphaël", "Étienne", "Éric", "Hervé", "Ousmane", "Kévin", "Côme",
    "Louis", "Gabriel", "Adam", "Aurélien", "Barthélemy", "Cédric", "Damien", "Édouard", "Florent", "Gérard",
    "Hugo", "Ismaël", "Joël", "Karim", "Léo", "Mickaël", "Nathanaël", "Olivier", "Pierre-Yves", "Quentin",
    "Régis", "Stéphane", "Tanguy", "Ulysse", "Valentin", "William", "Xavier", "Yann", "Zacharie", "Jean",
    "Charles-Édouard Marie", "Aimé", "Bruno", "Clément", "Désiré", "Émile", "Frédéric", "Guénolé",
)  # fmt: skip
FAMILY_NAMES = (
    "Durand", "Lefèvre", "de La Tour", "Martin-Dubois", "L’Hôte", "N’Diaye", "Bœuf", "Çelik", "Le Goff",
    "D’Almeida", "Nguyễn", "Benoît", "Garçon", "Noël", "Lemaître", "Pétillon", "Van den Broucke", "du Plessis",
    "Saint-Aubin", "Delaunay", "Guégan", "Ould Ahmed", "Muñoz", "Müller", "Kerdoncuff", "Le Bihan", "Mac Donald",
    "Quéméneur", "Rolland", "Sauvêtre", "Thévenot", "Urruty", "Vasseur", "Wójcik", "Xiong", "Yilmaz", "Zaïdi",
    "de Saint-Exupère", "des Essarts", "d’Ornano-Feuillée", "La Fontaine", "Abdelkader", "Bonnefoy", "Châtelain",
    "Dieudonné", "Étienne", "Fâche", "Gros-Jean", "Hô", "Île", "Jégou", "Kœnig", "Lopès", "Méchin", "Œuvrard",
    "Péan", "Rey", "Sò", "Tréhorel", "Vaïsse", "Montgolfier-Chastenet de Puyrenaud", "Baron", "Caillou",
    "Demoulin", "Espérandieu", "Fontvieille", "Grandjean", "Hautecœur", "Imbert", "Jacquemin", "Labbé",
    "Maçon", "Nadaud", "Ozanne", "Poirier", "Ribeiro da Silva", "Sénéchal", "Toussaint", "Vermeersch",
    "Ben Younes", "El Amrani", "Traoré", "Diabaté", "Rakotomalala", "Payet", "Hoarau", "Casanova", "Agostini",
    "Etcheverry", "Schmitt", "Le Quellec’h", "Pasquier", "Quillien", "Roux", "Simonet", "Tessier", "Vidal",
)  # fmt: skip
#: streets that no town has; towns are real so that postcodes can be checked, nothing can be delivered
STREETS = (
    "rue de l’Exemple", "allée des Trois Essais", "chemin du Faux Modèle", "impasse de l’Échantillon",
    "avenue des Patients Inventés", "place de la Démonstration", "boulevard du Jeu d’Essai",
    "rue du Conte-à-Dormir-Debout", "quai de l’Imaginaire", "sentier des Données Fictives",
    "rue Sans-Réalité", "square du Prototype", "passage de la Maquette", "cours de l’Ébauche",
    "route du Pays Imaginé", "bis rue de la Fiction", "esplanade du Brouillon", "ruelle du Gabarit",
)  # fmt: skip
COMPLEMENTS = (
    "Appartement 12", "Bâtiment C", "Résidence des Exemples", "2e étage porte gauche", "Escalier B",
    "Chez M. et Mme Modèle", "EHPAD Les Essais", "Lot 4 lieu-dit La Fiction",
)  # fmt: skip
TOWNS = (
    ("01000", "Bourg-en-Bresse"), ("02100", "Saint-Quentin"), ("03200", "Vichy"), ("04000", "Digne-les-Bains"),
    ("06000", "Nice"), ("07000", "Privas"), ("08000", "Charleville-Mézières"), ("09000", "Foix"),
    ("13001", "Marseille"), ("14000", "Caen"), ("20000", "Ajaccio"), ("20200", "Bastia"), ("21000", "Dijon"),
    ("22000", "Saint-Brieuc"), ("25000", "Besançon"), ("29200", "Brest"), ("31000", "Toulouse"),
    ("33000", "Bordeaux"), ("34000", "Montpellier"), ("35000", "Rennes"), ("37000", "Tours"),
    ("38000", "Grenoble"), ("42000", "Saint-Étienne"), ("44000", "Nantes"), ("45000", "Orléans"),
    ("49000", "Angers"), ("51100", "Reims"), ("54000", "Nancy"), ("57000", "Metz"), ("59000", "Lille"),
    ("63000", "Clermont-Ferrand"), ("64100", "Bayonne"), ("66000", "Perpignan"), ("67000", "Strasbourg"),
    ("68100", "Mulhouse"), ("69003", "Lyon"), ("72000", "Le Mans"), ("74000", "Annecy"), ("75011", "Paris"),
    ("76600", "Le Havre"), ("80000", "Amiens"), ("83000", "Toulon"), ("86000", "Poitiers"), ("87000", "Limoges"),
    ("93200", "Saint-Denis"), ("97110", "Pointe-à-Pitre"), ("97200", "Fort-de-France"), ("97400", "Saint-Denis"),
)  # fmt: skip

_SPECIAL = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "ł": "l", "’": "", "'": "", " ": "-"})


def ascii_word(name: str) -> str:
    """« L’Hôte » → « lhote »: usable on the left of an @."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPECIAL))
    return "".join(char for char in plain if not unicodedata.combining(char)).lower()
