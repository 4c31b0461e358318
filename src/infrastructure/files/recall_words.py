"""The words of a recall's report and letters, English and French side by side."""

from collections.abc import Mapping

from application.traceability.ports import Language

ENGLISH_AND_FRENCH: Mapping[str, tuple[str, str]] = {
    # What kind of document it is.
    "report": ("Recall report", "Rapport de rappel"),
    "mock_report": ("Mock recall report", "Rapport de rappel à blanc"),
    "recall": ("Recall", "Rappel"),
    "mock_recall": ("Mock recall", "Rappel à blanc"),
    "exercise": ("Exercise", "Exercice"),
    "exercise_note": (
        "Exercise: no goods were held, none have to come back.",
        "Exercice : aucune marchandise n’a été bloquée, aucune ne doit revenir.",
    ),
    # The case.
    "case": ("The case", "Le dossier"),
    "code": ("Code", "Code"),
    "kind": ("Kind", "Nature"),
    "state": ("State", "État"),
    "open": ("open", "ouvert"),
    "closed": ("closed", "clos"),
    "hazard": ("Hazard", "Danger"),
    "assumed_hazard": ("Hazard, assumed", "Danger supposé"),
    "suspects": ("Suspects", "Suspects"),
    "known_at": ("Known since", "Connu depuis"),
    "opened_at": ("Opened", "Ouvert"),
    "opened_by": ("Opened by", "Ouvert par"),
    "closed_at": ("Closed", "Clos"),
    "closed_by": ("Closed by", "Clos par"),
    "conclusion": ("Conclusion", "Conclusion"),
    "by": ("{at}, by {by}", "{at}, par {by}"),
    "not_yet": ("not yet", "pas encore"),
    "to_opening": ("From knowing to opening", "De la connaissance à l’ouverture"),
    "to_closing": ("From opening to closing", "De l’ouverture à la clôture"),
    "so_far": ("From opening until now", "De l’ouverture à maintenant"),
    "at_a_glance": ("At a glance", "En bref"),
    "utc_note": ("All times are UTC.", "Toutes les heures sont en UTC."),
    # Figures.
    "lots_in_scope": ("Lots in scope", "Lots concernés"),
    "of_them_suspect": ("{count} suspect", "dont {count} suspects"),
    "sites": ("Sites", "Sites"),
    "customers": ("Customers", "Clients"),
    "notified_of_all": ("{count} notified", "{count} avertis"),
    "acknowledged_of_all": ("{count} acknowledged", "{count} ont accusé réception"),
    "to_customers": ("At customers", "Chez les clients"),
    "still_outstanding": ("Still outstanding", "Encore dehors"),
    "effectiveness": ("Effectiveness", "Efficacité"),
    "effectiveness_note": (
        "returned and destroyed, of what was shipped",
        "retourné et détruit, rapporté à l’expédié",
    ),
    "nothing_shipped": ("nothing was shipped", "rien n’a été expédié"),
    "quantity_check": ("Quantity check", "Contrôle des quantités"),
    "adds_up": ("adds up", "juste"),
    "adds_up_note": ("to the last decimal, for every lot", "à la dernière décimale, lot par lot"),
    "lots_differ": ("{count} lots differ", "{count} lots en écart"),
    "of_shipped": ("of {quantity} kg shipped", "sur {quantity} kg expédiés"),
    # The scope and its quantities.
    "scope": ("Scope and quantities", "Étendue et quantités"),
    "scope_note": (
        "For each lot: made = on hand + used + shipped + transferred + lost + sampled + adjusted; the difference is what "
        "that leaves open. Shipped is less what came back. Adjusted is what counts took away.",
        "Pour chaque lot : fabriqué = disponible + utilisé + expédié + transféré + perdu + échantillonné + ajusté ; "
        "l’écart est ce qui reste. L’expédié est diminué des retours. L’ajusté est ce que les inventaires ont retiré.",
    ),
    "by_class": ("By class of product, in kilograms", "Par classe de produit, en kilogrammes"),
    "by_class_note": (
        "What is made of one lot is in the next one again, so classes are not added up.",
        "Ce qui est fait d’un lot se retrouve dans le suivant : les classes ne s’additionnent pas.",
    ),
    "without_mass": ("Without a known mass, and in no sum: {products}", "Sans masse connue, hors totaux : {products}"),
    "by_product_in_units": ("By product, in its own unit", "Par produit, dans son unité"),
    "raw": ("Raw materials", "Matières premières"),
    "packaging": ("Packaging", "Emballages"),
    "bulk": ("Bulk", "Vrac"),
    "finished": ("Finished products", "Produits finis"),
    "by_product": ("By-products (feed)", "Coproduits (alimentation animale)"),
    "water": ("Water", "Eau"),
    "class": ("Class", "Classe"),
    "product": ("Product", "Produit"),
    "product_name": ("Product name", "Nom du produit"),
    "lots": ("Lots", "Lots"),
    "suspect_lots": ("Suspect lots", "Lots suspects"),
    "unit": ("Unit", "Unité"),
    "kg_per_unit": ("kg per unit", "kg par unité"),
    "made": ("Made", "Fabriqué"),
    "on_hand": ("On hand", "Disponible"),
    "used": ("Used", "Utilisé"),
    "shipped": ("Shipped", "Expédié"),
    "transferred": ("Transferred", "Transféré"),
    "lost": ("Lost", "Perdu"),
    "sampled": ("Sampled", "Échantillonné"),
    "adjusted": ("Adjusted", "Ajusté"),
    "difference": ("Difference", "Écart"),
    # Lots.
    "lots_title": ("The lots", "Les lots"),
    "lots_note": (
        "Step 0 is a suspect; otherwise the least number of operations from one.",
        "Étape 0 : suspect ; sinon, le plus petit nombre d’opérations depuis un suspect.",
    ),
    "lots_summed_up": (
        "The recall has {count} lots: listed here are the suspects, at most {most}. The tables above sum up all of them; "
        "the sheet “Lots” of the workbook and the data attached to this file have each.",
        "Le rappel compte {count} lots : seuls les suspects figurent ici, au plus {most}. Les tableaux ci-dessus "
        "totalisent tous les lots ; l’onglet « Lots » du classeur et les données jointes à ce fichier les détaillent.",
    ),
    "list_summed_up": (
        "Listed are the first {most} of {count}; the workbook and the data attached to this file have all.",
        "Voici les {most} premiers sur {count} ; le classeur et les données jointes à ce fichier les ont tous.",
    ),
    "deliveries_summed_up": (
        "The recall has {count} lines of shipments and returns, too many to list here: the sheet “Deliveries” of the "
        "workbook, the customers' letters and the data attached to this file have each.",
        "Le rappel compte {count} lignes d’expéditions et de retours, trop pour figurer ici : l’onglet « Livraisons » du "
        "classeur, les lettres aux clients et les données jointes à ce fichier les détaillent.",
    ),
    "step_short": ("Step", "Étape"),
    "depth": ("Steps from a suspect", "Étapes depuis un suspect"),
    "lot": ("Lot", "Lot"),
    "sub_lot": ("Sub-lot", "Sous-lot"),
    "supplier_lot": ("Supplier's lot", "Lot du fournisseur"),
    "campaign": ("Campaign", "Campagne"),
    "site": ("Site", "Site"),
    "status": ("Status", "Statut"),
    "holds": ("Holds", "Blocages"),
    "joined_at": ("In scope since", "Concerné depuis"),
    "pending": ("pending", "en attente"),
    "released": ("released", "libéré"),
    "on_hold": ("on hold", "bloqué"),
    "rejected": ("rejected", "rejeté"),
    # Customers.
    "customers_title": ("Customers", "Clients"),
    "customers_note": (
        "Quantities in kilograms. Outstanding is what was shipped less what was returned and destroyed.",
        "Quantités en kilogrammes. Dehors : l’expédié moins le retourné et le détruit.",
    ),
    "no_customers": ("Nothing of the lots was shipped.", "Rien de ces lots n’a été expédié."),
    "customer": ("Customer", "Client"),
    "name": ("Name", "Nom"),
    "address": ("Address", "Adresse"),
    "contact": ("Contact", "Contact"),
    "gln": ("GLN", "GLN"),
    "returned": ("Returned", "Retourné"),
    "destroyed": ("Destroyed", "Détruit"),
    "outstanding": ("Outstanding", "Dehors"),
    "notified": ("Notified", "Averti"),
    "acknowledged": ("Acknowledged", "Accusé de réception"),
    "details": ("What each customer had", "Ce que chaque client a eu"),
    "document": ("Document", "Document"),
    "date": ("Date", "Date"),
    "quantity": ("Quantity", "Quantité"),
    "movement": ("Movement", "Mouvement"),
    "shipment": ("shipment", "expédition"),
    "return": ("return", "retour"),
    "receipt": ("receipt", "réception"),
    # Suppliers, neighbours, log, picture.
    "suppliers_title": ("Suppliers", "Fournisseurs"),
    "no_suppliers": (
        "No receipt from a supplier leads to the suspects.",
        "Aucune réception d’un fournisseur ne mène aux suspects.",
    ),
    "supplier": ("Supplier", "Fournisseur"),
    "neighbours_title": (
        "Neighbouring lots, and why they are out",
        "Lots voisins, et pourquoi ils sont hors du rappel",
    ),
    "no_neighbours": ("There are no neighbouring lots.", "Il n’y a pas de lots voisins."),
    "made_on": ("Made on", "Fabriqué le"),
    "beside": ("Beside", "À côté de"),
    "why": ("Why it is out", "Pourquoi il est hors du rappel"),
    "log_title": ("Who did what, and when", "Qui a fait quoi, et quand"),
    "no_log": ("Nothing has been written down yet.", "Rien n’a encore été noté."),
    "at": ("Time (UTC)", "Heure (UTC)"),
    "who": ("Who", "Qui"),
    "what": ("What", "Quoi"),
    "note": ("note", "note"),
    "text": ("Text", "Texte"),
    "kilograms": ("Kilograms", "Kilogrammes"),
    "picture_title": ("The genealogy", "La généalogie"),
    "picture_alt": (
        "Drawing of the lots in scope and the operations between them.",
        "Dessin des lots concernés et des opérations qui les relient.",
    ),
    # What the document says of itself.
    "about": ("About this document", "À propos de ce document"),
    "sha256": ("SHA-256 of the data", "SHA-256 des données"),
    "verify": (
        "The data of this report are attached to this file as {file}: canonical JSON (RFC 8785). Their SHA-256 stands at "
        "the foot of every page; whoever computes it from the attachment and finds the same has the same data.",
        "Les données de ce rapport sont jointes à ce fichier sous le nom {file} : JSON canonique (RFC 8785). Leur "
        "SHA-256 figure au pied de chaque page ; qui le recalcule sur la pièce jointe et le retrouve a les mêmes données.",
    ),
    "as_of": ("Data and print of {at}", "Données et impression du {at}"),
    "page": ("Page {page} of {pages}", "Page {page} sur {pages}"),
    # The letter.
    "urgent": ("Urgent: stop using and selling these goods", "Urgent : cessez d’utiliser et de vendre ces produits"),
    "mock_urgent": (
        "This is an exercise: the goods may be used and sold",
        "Ceci est un exercice : les produits peuvent être utilisés et vendus",
    ),
    "our_reference": ("Our reference", "Notre référence"),
    "subject": ("Recall of goods that you had from us", "Rappel de produits que nous vous avons livrés"),
    "mock_subject": (
        "Exercise: mock recall of goods that you had from us",
        "Exercice : rappel à blanc de produits que nous vous avons livrés",
    ),
    "dear": ("Dear Sir or Madam,", "Madame, Monsieur,"),
    "why_we_write": (
        "we recall the goods that are listed below. The hazard, known to us since {known}:",
        "nous rappelons les produits énumérés ci-dessous. Le danger, connu de nous depuis le {known} :",
    ),
    "why_we_practise": (
        "we are testing how fast we and our customers can recall goods. There is no hazard: the following is assumed, and "
        "the goods listed below only stand for the example. Please answer as if it were real.",
        "nous vérifions en combien de temps nos clients et nous-mêmes pouvons rappeler des produits. Il n’y a aucun "
        "danger : ce qui suit est supposé, et les produits ci-dessous servent d’exemple. Veuillez répondre comme si "
        "c’était réel.",
    ),
    "which_goods": ("Which goods", "Quels produits"),
    "what_to_do": ("What we ask of you", "Ce que nous vous demandons"),
    "do_1": (
        "Stop: use, sell and ship nothing more of these lots, nor anything made with them.",
        "Arrêtez : n’utilisez, ne vendez et n’expédiez plus rien de ces lots, ni de ce qui en a été fait.",
    ),
    "do_2": (
        "Segregate what you still have, mark it as recalled and count it.",
        "Isolez ce que vous avez encore, marquez-le comme rappelé et comptez-le.",
    ),
    "do_3": (
        "Return it to us by arrangement, or destroy it and send us the proof. Don't pass it on as food or feed.",
        "Retournez-le-nous après accord, ou détruisez-le et envoyez-nous la preuve. Ne le cédez ni comme aliment ni pour "
        "l’alimentation animale.",
    ),
    "do_4": (
        "Tell those to whom you passed any of it on, and tell us who they are.",
        "Avertissez ceux à qui vous en avez cédé, et dites-nous de qui il s’agit.",
    ),
    "do_5": (
        "Answer today with the form at the end, even if you have nothing left.",
        "Répondez aujourd’hui avec le formulaire à la fin, même s’il ne vous reste rien.",
    ),
    "practise_1": (
        "Look for these lots in your stock and in your records, and count what you find.",
        "Cherchez ces lots dans votre stock et dans vos registres, et comptez ce que vous trouvez.",
    ),
    "practise_2": (
        "Hold, return and destroy nothing: the goods are sound.",
        "Ne bloquez, ne retournez et ne détruisez rien : les produits sont sains.",
    ),
    "practise_3": (
        "Answer today with the form at the end, and say when you had found everything.",
        "Répondez aujourd’hui avec le formulaire à la fin, en disant à quelle heure vous aviez tout trouvé.",
    ),
    "in_all": (
        "In all: {shipped} kg shipped, {returned} kg returned, {destroyed} kg destroyed, {outstanding} kg outstanding.",
        "En tout : {shipped} kg expédiés, {returned} kg retournés, {destroyed} kg détruits, {outstanding} kg dehors.",
    ),
    "thanks": (
        "We are sorry for the trouble, and thank you for acting at once.",
        "Nous regrettons ce désagrément et vous remercions d’agir sans attendre.",
    ),
    "mock_thanks": ("Thank you for taking part.", "Nous vous remercions de votre participation."),
    "yours": ("Yours faithfully,", "Veuillez agréer nos salutations distinguées."),
    "sender": ("Sender", "Expéditeur"),
    "site_named": ("Site {site}", "Site {site}"),
    "form": ("Answer to recall {code}", "Réponse au rappel {code}"),
    "mock_form": ("Answer to mock recall {code} (exercise)", "Réponse au rappel à blanc {code} (exercice)"),
    "form_note": (
        "Please fill in, sign and send back to the sender today.",
        "À remplir, signer et renvoyer à l’expéditeur aujourd’hui.",
    ),
    "delivered": ("Delivered", "Livré"),
    "still_there": ("Found here", "Trouvé"),
    "passed_on": ("Used or passed on", "Utilisé ou cédé"),
    "sent_back": ("Returned", "Retourné"),
    "nothing_left": ("We have nothing of it left.", "Il ne nous en reste rien."),
    "all_segregated": ("All that we have is segregated.", "Tout ce que nous avons est isolé."),
    "passed_on_told": ("Those to whom we passed it on are told.", "Ceux à qui nous en avons cédé sont avertis."),
    "remarks": ("Remarks", "Remarques"),
    "signed_name": ("Name and function", "Nom et fonction"),
    "telephone": ("Telephone", "Téléphone"),
    "date_and_time": ("Date and time", "Date et heure"),
    "signature": ("Signature and stamp", "Signature et cachet"),
    # The workbook.
    "sheet_case": ("Case", "Dossier"),
    "sheet_products": ("Products", "Produits"),
    "sheet_lots": ("Lots", "Lots"),
    "sheet_customers": ("Customers", "Clients"),
    "sheet_deliveries": ("Deliveries", "Livraisons"),
    "sheet_suppliers": ("Suppliers", "Fournisseurs"),
    "sheet_neighbours": ("Neighbours", "Voisins"),
    "sheet_log": ("Log", "Journal"),
    "in_kilograms": ("{what} (kg)", "{what} (kg)"),
    "in_utc": ("{what} (UTC)", "{what} (UTC)"),
    "in_percent": ("{what} (%)", "{what} (%)"),
    "quantity_note": (
        "Quantities are numbers where a spreadsheet keeps them exactly (15 digits); longer ones are text on a yellow "
        "ground, to the last digit, and sums of a column leave them out.",
        "Les quantités sont des nombres quand un tableur les garde exactement (15 chiffres) ; les plus longues sont du "
        "texte sur fond jaune, au dernier chiffre près, et les sommes d’une colonne les ignorent.",
    ),
    "data_note": (
        "The SHA-256 is that of the report's data as canonical JSON (RFC 8785), which are attached to the PDF.",
        "Le SHA-256 est celui des données du rapport en JSON canonique (RFC 8785), jointes au PDF.",
    ),
}


def words_in(language: Language) -> dict[str, str]:
    """All words in one language."""
    column = list(Language).index(language)
    return {key: both[column] for key, both in ENGLISH_AND_FRENCH.items()}
