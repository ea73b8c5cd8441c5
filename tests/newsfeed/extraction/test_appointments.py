# SPDX-License-Identifier: Apache-2.0
"""Who was given a post, and whom somebody wants for one, as releases tell it."""

from __future__ import annotations

from datetime import date

import pytest

from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction import extract


def told(text: str) -> dict[str, list[tuple[str, str]]]:
    """Persons and posts by type of announcement; published on Thursday, 16 May 2024."""
    blocks = ((BlockKind.PARAGRAPH, text),)
    events = extract(article_of("", blocks, published=date(2024, 5, 16))).events
    found: dict[str, list[tuple[str, str]]] = {}
    for event in events:
        if event.type in (AnnouncementType.APPOINTMENT, AnnouncementType.NOMINATION):
            pair = (event.values("person")[0], event.values("post")[0])
            found.setdefault(event.type.value, []).append(pair)
    return found


@pytest.mark.parametrize(
    ("text", "person", "post"),
    [
        (
            "Southland Customs welcomes Ada Winter as its new Head of Trade.",
            "Ada Winter",
            "Head of Trade",
        ),
        ("The new Commissioner of Customs is Ada Winter.", "Ada Winter", "Commissioner of Customs"),
        ("New head of customs: Ada Winter.", "Ada Winter", "head of customs"),
        (
            "Ada Winter has joined Southland Customs as Director of Enforcement.",
            "Ada Winter",
            "Director of Enforcement",
        ),
        (
            "Ada Winter takes the helm of Kenya's customs as Commissioner General.",
            "Ada Winter",
            "Commissioner General",
        ),
        (
            "Ada Winter replaces Paul Hollow as Director of Trade.",
            "Ada Winter",
            "Director of Trade",
        ),
        (
            "Ada Winter succeeds Paul Hollow, who retires, as Director of Trade.",
            "Ada Winter",
            "Director of Trade",
        ),
        (
            "The post of Commissioner of Customs goes to Ada Winter.",
            "Ada Winter",
            "Commissioner of Customs",
        ),
        (
            "The Minister has entrusted Ada Winter with the post of Director General.",
            "Ada Winter",
            "Director General",
        ),
        (
            "Ada Winter has been entrusted with the post of Director General.",
            "Ada Winter",
            "Director General",
        ),
        (
            "Ada Winter was promoted to Deputy Commissioner on 3 May.",
            "Ada Winter",
            "Deputy Commissioner",
        ),
        (
            "Congratulations to Ada Winter on her appointment as Deputy Commissioner.",
            "Ada Winter",
            "Deputy Commissioner",
        ),
        (
            "Ada Winter's appointment as Deputy Commissioner took effect on 3 May.",
            "Ada Winter",
            "Deputy Commissioner",
        ),
        (
            "Ada Winter started work as Comptroller of Customs on 3 May.",
            "Ada Winter",
            "Comptroller of Customs",
        ),
        (
            "With effect from 3 May, Ada Winter is Chief Customs Officer.",
            "Ada Winter",
            "Chief Customs Officer",
        ),
        (
            "Ada Winter took the oath of office as Commissioner of Customs.",
            "Ada Winter",
            "Commissioner of Customs",
        ),
        (
            "Since 3 May, Southland Customs has had a new Commissioner, Ada Winter.",
            "Ada Winter",
            "Commissioner",
        ),
        (
            "Paul Hollow handed over the post of Deputy Commissioner to Ada Winter.",
            "Ada Winter",
            "Deputy Commissioner",
        ),
        (
            "Ada Winter took charge as Superintendent of Customs.",
            "Ada Winter",
            "Superintendent of Customs",
        ),
        (
            "Ada Winter, appointed Director of Trade on 3 May, comes from the ministry.",
            "Ada Winter",
            "Director of Trade",
        ),
        ("The minister picked Ada Winter as Director of Trade.", "Ada Winter", "Director of Trade"),
        # French
        (
            "Est nommée directrice régionale des douanes : Ada Hiver.",
            "Ada Hiver",
            "directrice régionale des douanes",
        ),
        (
            "La douane souhaite la bienvenue à Ada Hiver, nouvelle directrice générale.",
            "Ada Hiver",
            "directrice générale",
        ),
        (
            "Ada Hiver succède à Paul Creux, qui part à la retraite, en qualité de commissaire aux "
            "douanes.",
            "Ada Hiver",
            "commissaire aux douanes",
        ),
        (
            "Ada Hiver remplace Paul Creux au poste de directrice générale.",
            "Ada Hiver",
            "directrice générale",
        ),
        (
            "Lundi, Ada Hiver a pris la charge de cheffe du service des enquêtes.",
            "Ada Hiver",
            "cheffe du service des enquêtes",
        ),
        (
            "La nouvelle directrice générale des douanes est Ada Hiver.",
            "Ada Hiver",
            "directrice générale des douanes",
        ),
        (
            "Le poste de directrice générale des douanes revient à Ada Hiver.",
            "Ada Hiver",
            "directrice générale des douanes",
        ),
        (
            "Le ministre a confié à Ada Hiver la direction générale des douanes.",
            "Ada Hiver",
            "direction générale des douanes",
        ),
        (
            "Ada Hiver a rejoint la douane en qualité de directrice des enquêtes.",
            "Ada Hiver",
            "directrice des enquêtes",
        ),
        (
            "Ada Hiver prend les rênes de la direction générale des douanes.",
            "Ada Hiver",
            "direction générale des douanes",
        ),
        (
            "Ada Hiver a été promue inspectrice générale des douanes.",
            "Ada Hiver",
            "inspectrice générale des douanes",
        ),
        (
            "Ada Hiver est depuis lundi directrice générale des douanes.",
            "Ada Hiver",
            "directrice générale des douanes",
        ),
        (
            "Par décret du 3 mai, Ada Hiver est nommée directrice générale des douanes.",
            "Ada Hiver",
            "directrice générale des douanes",
        ),
        (
            "Paul Creux a passé le relais à Ada Hiver, nouvelle directrice générale.",
            "Ada Hiver",
            "directrice générale",
        ),
        # Spanish
        (
            "La aduana da la bienvenida a Ada Invierno, nueva directora general.",
            "Ada Invierno",
            "directora general",
        ),
        (
            "Ada Invierno releva a Paul Hueco, que se jubila, como directora general.",
            "Ada Invierno",
            "directora general",
        ),
        (
            "Ada Invierno reemplaza a Paul Hueco en el cargo de directora general de Aduanas.",
            "Ada Invierno",
            "directora general de Aduanas",
        ),
        (
            "El lunes, Tobías del Este asumió como subdirector general de Aduanas.",
            "Tobías del Este",
            "subdirector general de Aduanas",
        ),
        (
            "La nueva directora general de Aduanas es Ada Invierno.",
            "Ada Invierno",
            "directora general de Aduanas",
        ),
        (
            "Nueva jefa de asuntos internacionales: Ada Invierno.",
            "Ada Invierno",
            "jefa de asuntos internacionales",
        ),
        (
            "Se designa superintendente de aduanas a Ada Invierno.",
            "Ada Invierno",
            "superintendente de aduanas",
        ),
        (
            "El cargo de superintendente de aduanas recae en Ada Invierno.",
            "Ada Invierno",
            "superintendente de aduanas",
        ),
        (
            "El ministro encomendó a Ada Invierno la dirección general de Aduanas.",
            "Ada Invierno",
            "dirección general de Aduanas",
        ),
        (
            "Ada Invierno se incorporó a la aduana como directora de fiscalización.",
            "Ada Invierno",
            "directora de fiscalización",
        ),
        (
            "Ada Invierno tomó las riendas de la aduana como directora general.",
            "Ada Invierno",
            "directora general",
        ),
        (
            "Ada Invierno fue ascendida a subdirectora general de Aduanas.",
            "Ada Invierno",
            "subdirectora general de Aduanas",
        ),
        (
            "Ada Invierno se desempeña desde el lunes como directora general de Aduanas.",
            "Ada Invierno",
            "directora general de Aduanas",
        ),
        (
            "Juró el cargo Ada Invierno como directora general de Aduanas.",
            "Ada Invierno",
            "directora general de Aduanas",
        ),
        (
            "El presidente nombró a Luis Vera Campo como Ministro de Hacienda y Crédito Público.",
            "Luis Vera Campo",
            "Ministro de Hacienda y Crédito Público",
        ),
        (
            "Otto Marsh is appointed Deputy Commissioner with effect from 3 May.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        (
            "The Minister of Finance today appointed Otto Marsh Deputy Commissioner.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        (
            "Otto Marsh will take over the post of Deputy Commissioner from Ada Winter on 1 June.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        (
            "The appointment of Otto Marsh as Deputy Commissioner was published on 3 May.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        (
            "On 3 May, Otto Marsh was sworn in as Chief Customs Officer before the president.",
            "Otto Marsh",
            "Chief Customs Officer",
        ),
        (
            "Otto Marsh has assumed the post of Deputy Commissioner.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        ("Kenya has a new Deputy Commissioner: Otto Marsh.", "Otto Marsh", "Deputy Commissioner"),
        (
            "Otto Marsh, until now Director of Enforcement, becomes Deputy Commissioner.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        (
            "After ten years in the field, Otto Marsh became Chief Customs Officer on 3 May.",
            "Otto Marsh",
            "Chief Customs Officer",
        ),
        ("Deputy Commissioner: Otto Marsh takes office", "Otto Marsh", "Deputy Commissioner"),
        (
            "By decree of 3 May Otto Marsh was made Director of Enforcement.",
            "Otto Marsh",
            "Director of Enforcement",
        ),
        (
            "The board has confirmed Otto Marsh as Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Otto Marsh now heads the customs service as Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Otto Marsh was installed as Comptroller of Customs on Monday.",
            "Otto Marsh",
            "Comptroller of Customs",
        ),
        (
            "Otto Marsh has been put in charge of the service as Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Ada Winter hands the office of Commissioner of Customs to Otto Marsh.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        ("Otto Marsh moves up to Deputy Commissioner.", "Otto Marsh", "Deputy Commissioner"),
        (
            "The president has given the post of Commissioner of Customs to Otto Marsh.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Otto Marsh has been chosen as the next Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Otto Marsh (48) is the new Head of International Affairs.",
            "Otto Marsh",
            "Head of International Affairs",
        ),
        (
            "Otto Marsh begins his duties as Head of International Affairs today.",
            "Otto Marsh",
            "Head of International Affairs",
        ),
        (
            "Head of International Affairs appointed: Otto Marsh.",
            "Otto Marsh",
            "Head of International Affairs",
        ),
        (
            "Paul Creux prend ses fonctions de commissaire aux douanes.",
            "Paul Creux",
            "commissaire aux douanes",
        ),
        (
            "Paul Creux a été désigné commissaire aux douanes le 3 mai.",
            "Paul Creux",
            "commissaire aux douanes",
        ),
        (
            "Paul Creux a pris ses fonctions en qualité de chef du service des affaires "
            "internationales.",
            "Paul Creux",
            "chef du service des affaires internationales",
        ),
        (
            "Le président de la République a nommé Paul Creux commissaire aux douanes.",
            "Paul Creux",
            "commissaire aux douanes",
        ),
        (
            "Par arrêté du 3 mai, M. Paul Creux est nommé inspecteur général des douanes.",
            "Paul Creux",
            "inspecteur général des douanes",
        ),
        (
            "La nomination de Paul Creux en qualité de directeur général des douanes a été "
            "publiée.",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "Paul Creux devient directeur régional des douanes.",
            "Paul Creux",
            "directeur régional des douanes",
        ),
        (
            "Paul Creux a prêté serment comme inspecteur général des douanes.",
            "Paul Creux",
            "inspecteur général des douanes",
        ),
        (
            "Les douanes ont un nouveau directeur général : Paul Creux.",
            "Paul Creux",
            "directeur général",
        ),
        (
            "Paul Creux dirige depuis lundi les douanes en qualité de directeur général.",
            "Paul Creux",
            "directeur général",
        ),
        (
            "Paul Creux a été installé dans ses fonctions de directeur général.",
            "Paul Creux",
            "directeur général",
        ),
        (
            "Paul Creux a été porté à la tête des douanes comme directeur général.",
            "Paul Creux",
            "directeur général",
        ),
        (
            "Ada Hiver a remis la charge de directeur général des douanes à Paul Creux.",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "Paul Creux, jusqu'ici directeur régional, est promu directeur général adjoint.",
            "Paul Creux",
            "directeur général adjoint",
        ),
        (
            "Le conseil des ministres a désigné Paul Creux comme directeur général des douanes.",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "Paul Creux est le nouveau chef du service des affaires internationales.",
            "Paul Creux",
            "chef du service des affaires internationales",
        ),
        (
            "Paul Creux entre en fonctions comme commissaire aux douanes.",
            "Paul Creux",
            "commissaire aux douanes",
        ),
        (
            "Prise de fonctions : Paul Creux, directeur général des douanes",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "Paul Creux occupe depuis le 3 mai le poste de commissaire aux douanes.",
            "Paul Creux",
            "commissaire aux douanes",
        ),
        (
            "Paul Hueco toma posesión como superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "El presidente designó a Paul Hueco superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "El 3 de mayo, Paul Hueco juró como director general de Aduanas.",
            "Paul Hueco",
            "director general de Aduanas",
        ),
        (
            "Paul Hueco asume el cargo de superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Por decreto del 3 de mayo, Paul Hueco es nombrado superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "El nombramiento de Paul Hueco como superintendente de aduanas se publicó el 3 de "
            "mayo.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Paul Hueco es el nuevo superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        ("La aduana tiene nuevo superintendente: Paul Hueco.", "Paul Hueco", "superintendente"),
        (
            "Nombrado superintendente de aduanas: Paul Hueco.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Paul Hueco pasa a ser subdirector general de Aduanas.",
            "Paul Hueco",
            "subdirector general de Aduanas",
        ),
        (
            "Paul Hueco ocupa desde el lunes el cargo de superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Paul Hueco ha sido designado superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Ada Invierno entregó el cargo de superintendente de aduanas a Paul Hueco.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "El gobierno ha nombrado a Paul Hueco superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Paul Hueco se convierte en superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Paul Hueco tomó protesta como director general de Aduanas.",
            "Paul Hueco",
            "director general de Aduanas",
        ),
        (
            "Paul Hueco inició funciones como superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Paul Hueco está al frente de la aduana como director general desde el lunes.",
            "Paul Hueco",
            "director general",
        ),
    ],
)
def test_an_appointment_is_told_in_many_ways(text: str, person: str, post: str) -> None:
    assert told(text) == {"appointment": [(person, post)]}


@pytest.mark.parametrize(
    ("text", "person", "post"),
    [
        (
            "The government's nominee for Deputy Commissioner is Ada Winter.",
            "Ada Winter",
            "Deputy Commissioner",
        ),
        (
            "Ada Winter is the nominee to become Director of Trade.",
            "Ada Winter",
            "Director of Trade",
        ),
        (
            "Ada Winter is the president's choice for Director of Trade.",
            "Ada Winter",
            "Director of Trade",
        ),
        (
            "The president's pick for Commissioner of Customs is Ada Winter.",
            "Ada Winter",
            "Commissioner of Customs",
        ),
        (
            "Ada Winter heads the shortlist for Director General of Customs.",
            "Ada Winter",
            "Director General of Customs",
        ),
        (
            "The president has asked the Senate to confirm Ada Winter as Commissioner of Customs.",
            "Ada Winter",
            "Commissioner of Customs",
        ),
        (
            "The president submitted the name of Ada Winter for Commissioner of Customs.",
            "Ada Winter",
            "Commissioner of Customs",
        ),
        (
            "The Senate opened hearings on the nomination of Ada Winter as Commissioner.",
            "Ada Winter",
            "Commissioner",
        ),
        (
            "Japan backs Ada Winter for the post of Secretary General of the WCO.",
            "Ada Winter",
            "Secretary General of the WCO",
        ),
        (
            "Ada Winter is standing for election as Secretary General of the WCO.",
            "Ada Winter",
            "Secretary General of the WCO",
        ),
        (
            "Ada Winter is to be nominated as Secretary General of the WCO.",
            "Ada Winter",
            "Secretary General of the WCO",
        ),
        # French
        (
            "Le candidat du gouvernement au poste de directeur régional des douanes est Paul "
            "Creux.",
            "Paul Creux",
            "directeur régional des douanes",
        ),
        (
            "Le parlement entendra le mois prochain Ada Hiver, pressentie comme directrice "
            "générale.",
            "Ada Hiver",
            "directrice générale",
        ),
        (
            "Ada Hiver est pressentie pour le poste de directrice générale des douanes.",
            "Ada Hiver",
            "directrice générale des douanes",
        ),
        (
            "Le président a proposé Ada Hiver au poste de directrice générale.",
            "Ada Hiver",
            "directrice générale",
        ),
        (
            "Le gouvernement propose la nomination d'Ada Hiver comme directrice générale.",
            "Ada Hiver",
            "directrice générale",
        ),
        (
            "Le choix du président pour le poste de commissaire aux douanes est Ada Hiver.",
            "Ada Hiver",
            "commissaire aux douanes",
        ),
        (
            "Ada Hiver figure en tête de la liste des candidats au poste de directrice générale.",
            "Ada Hiver",
            "directrice générale",
        ),
        (
            "Le Japon soutient Ada Hiver pour le poste de secrétaire générale de l'OMD.",
            "Ada Hiver",
            "secrétaire générale de l'OMD",
        ),
        # Spanish
        (
            "El presidente ha propuesto a Ada Invierno como directora general.",
            "Ada Invierno",
            "directora general",
        ),
        (
            "El Senado escuchará a Ada Invierno, propuesta como directora general.",
            "Ada Invierno",
            "directora general",
        ),
        (
            "Ada Invierno encabeza la terna de candidatos propuestos para directora general.",
            "Ada Invierno",
            "directora general",
        ),
        (
            "La candidata del gobierno a directora general de Aduanas es Ada Invierno.",
            "Ada Invierno",
            "directora general de Aduanas",
        ),
        (
            "El presidente envió al Senado el nombre de Ada Invierno para el cargo de directora "
            "general.",
            "Ada Invierno",
            "directora general",
        ),
        (
            "Ada Invierno integra la terna para superintendente de aduanas.",
            "Ada Invierno",
            "superintendente de aduanas",
        ),
        (
            "Japón respalda a Ada Invierno para el cargo de secretaria general de la OMA.",
            "Ada Invierno",
            "secretaria general de la OMA",
        ),
        (
            "Kenya nominated Otto Marsh for the post of Secretary General of the WCO.",
            "Otto Marsh",
            "Secretary General of the WCO",
        ),
        (
            "The nomination of Otto Marsh as Deputy Commissioner was sent to parliament.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        (
            "Otto Marsh has been nominated for Deputy Commissioner.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        (
            "The president intends to appoint Otto Marsh as Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Kenya's candidate for Secretary General of the WCO is Otto Marsh.",
            "Otto Marsh",
            "Secretary General of the WCO",
        ),
        (
            "Otto Marsh is Kenya's candidate for the post of Secretary General of the WCO.",
            "Otto Marsh",
            "Secretary General of the WCO",
        ),
        (
            "The government has proposed that Otto Marsh become Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "The government wants Otto Marsh as Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "The cabinet has recommended Otto Marsh for the post of Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Otto Marsh, named as a candidate for Deputy Commissioner, will be heard on 3 June.",
            "Otto Marsh",
            "Deputy Commissioner",
        ),
        (
            "A committee will examine the nomination of Otto Marsh to be Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Otto Marsh has been put forward to lead the service as Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Otto Marsh leads the list of candidates for Commissioner of Customs.",
            "Otto Marsh",
            "Commissioner of Customs",
        ),
        (
            "Otto Marsh announced his candidacy for Secretary General of the WCO.",
            "Otto Marsh",
            "Secretary General of the WCO",
        ),
        (
            "Le président a l'intention de nommer Paul Creux directeur général des douanes.",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "Paul Creux est candidat au poste de directeur général des douanes.",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "La candidature de Paul Creux au poste de secrétaire général de l'OMD a été déposée.",
            "Paul Creux",
            "secrétaire général de l'OMD",
        ),
        (
            "Le Sénégal a désigné Paul Creux comme candidat au poste de secrétaire général de "
            "l'OMD.",
            "Paul Creux",
            "secrétaire général de l'OMD",
        ),
        (
            "Paul Creux a été proposé comme directeur général des douanes.",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "Le gouvernement a proposé de nommer Paul Creux directeur général des douanes.",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "Le nom de Paul Creux a été avancé pour le poste de directeur général.",
            "Paul Creux",
            "directeur général",
        ),
        (
            "Paul Creux brigue le poste de secrétaire général de l'OMD.",
            "Paul Creux",
            "secrétaire général de l'OMD",
        ),
        (
            "Le président propose Paul Creux pour diriger les douanes en qualité de directeur "
            "général.",
            "Paul Creux",
            "directeur général",
        ),
        (
            "Paul Creux est le candidat du Sénégal au poste de secrétaire général de l'OMD.",
            "Paul Creux",
            "secrétaire général de l'OMD",
        ),
        (
            "Le gouvernement souhaite nommer Paul Creux directeur général des douanes.",
            "Paul Creux",
            "directeur général des douanes",
        ),
        (
            "Paul Creux arrive en tête de la liste des candidats au poste de directeur général.",
            "Paul Creux",
            "directeur général",
        ),
        (
            "Senegal postula a Paul Hueco para el cargo de secretario general de la OMA.",
            "Paul Hueco",
            "secretario general de la OMA",
        ),
        (
            "Paul Hueco es el candidato de Senegal a secretario general de la OMA.",
            "Paul Hueco",
            "secretario general de la OMA",
        ),
        (
            "Paul Hueco es el nominado para superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "El gobierno propone a Paul Hueco para superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "La candidatura de Paul Hueco al cargo de superintendente de aduanas fue presentada.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "El presidente tiene la intención de nombrar a Paul Hueco superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "El ejecutivo nominó a Paul Hueco para ocupar el cargo de superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Paul Hueco fue propuesto para superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "El nombre de Paul Hueco fue enviado al Congreso para el cargo de superintendente de "
            "aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
        (
            "Paul Hueco aspira al cargo de secretario general de la OMA.",
            "Paul Hueco",
            "secretario general de la OMA",
        ),
        (
            "Paul Hueco figura en la terna para superintendente de aduanas.",
            "Paul Hueco",
            "superintendente de aduanas",
        ),
    ],
)
def test_a_nomination_is_told_in_many_ways(text: str, person: str, post: str) -> None:
    assert told(text) == {"nomination": [(person, post)]}


@pytest.mark.parametrize(
    "text",
    [
        "The Minister welcomed Ada Winter, Director General of Customs, to the workshop.",
        "La ministre a souhaité la bienvenue à Ada Hiver, directrice générale des douanes.",
        "Southland Customs joined the programme, Director General Ada Winter said.",
        "The new Director General Ada Winter joined Commissioner Otto Marsh at the ceremony.",
        "Commissioner Ada Winter said the new port director, Otto Marsh, is a great leader.",
        "The award goes to Otto Marsh, Director of Enforcement.",
        "Director General Ada Winter handed over the keys of the boat to Commissioner Otto Marsh.",
        "The minister, Otto Marsh, was made aware of what Director General Ada Winter fears.",
        "The programme supports Director General Ada Winter in the role of coordinator.",
        "Le directeur général, Paul Creux, a remis le prix à la ministre Ada Hiver.",
        "La candidata Ada Invierno habló con el director general de Aduanas.",
        "The director backs the proposal of Ada Winter.",
        "The new rule replaces the one of Commissioner Ada Winter.",
        "Commissioner Ada Winter is in charge of the talks with Director General Paul Hollow.",
        "The choice of goods is up to Director General Ada Winter.",
        "El director propuso a los ministros un plan de la subdirectora Ada Invierno.",
        "La nueva plataforma es, según la directora general Ada Invierno, un éxito.",
    ],
)
def test_who_only_stands_beside_a_post_is_not_given_it(text: str) -> None:
    assert told(text) == {}
