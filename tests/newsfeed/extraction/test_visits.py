# SPDX-License-Identifier: Apache-2.0
"""Who visited where, as releases tell it in three languages, and what only sounds like a visit."""

from __future__ import annotations

from datetime import date

import pytest

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction import extract


def visits(*paragraphs: str) -> list[AnnouncedEvent]:
    """The visits of a release that was published on Thursday, 16 May 2024."""
    blocks = tuple((BlockKind.PARAGRAPH, paragraph) for paragraph in paragraphs)
    announcement = extract(article_of("", blocks, published=date(2024, 5, 16)))
    return [event for event in announcement.events if event.type is AnnouncementType.VISIT]


def told(*paragraphs: str) -> list[tuple[str, str]]:
    return [(event.values("visitor")[0], event.values("place")[0]) for event in visits(*paragraphs)]


@pytest.mark.parametrize(
    ("text", "visitor", "place"),
    [
        ("Ada Winter paid a courtesy visit to Lisbon yesterday.", "Ada Winter", "Lisbon"),
        ("During an official visit to Lisbon, Ada Winter met the press.", "Ada Winter", "Lisbon"),
        ("Ada Winter made her second visit to Brazil as Commissioner.", "Ada Winter", "Brazil"),
        (
            "On her first trip abroad since taking office, Commissioner Ada Winter travelled to "
            "Tokyo.",
            "Ada Winter",
            "Tokyo",
        ),
        (
            "Ada Winter was received in Rabat on Monday by the Director General of Customs.",
            "Ada Winter",
            "Rabat",
        ),
        (
            "Moroccan Customs welcomed Ada Winter, Commissioner of Southland Customs, to Rabat.",
            "Ada Winter",
            "Rabat",
        ),
        (
            "Peru's customs service hosted Commissioner Ada Winter in Lima on 3 May.",
            "Ada Winter",
            "Lima",
        ),
        ("Rabat hosted Ada Winter, Commissioner of Customs, on 3 May.", "Ada Winter", "Rabat"),
        ("A visit by Ada Winter to Lisbon ended on Friday.", "Ada Winter", "Lisbon"),
        (
            "The visit of Ada Winter, Head of Trade, to Lisbon took place on 3 May.",
            "Ada Winter",
            "Lisbon",
        ),
        ("Ada Winter has wrapped up a three-day visit to Kazakhstan.", "Ada Winter", "Kazakhstan"),
        ("Ada Winter concluded her visit to Accra on 3 May.", "Ada Winter", "Accra"),
        (
            "The Director General of Japan Customs, Kenji Hollow, arrived in Hanoi today on a "
            "two-day working visit.",
            "Kenji Hollow",
            "Hanoi",
        ),
        ("Ada Winter is in Nairobi this week for a study visit.", "Ada Winter", "Nairobi"),
        ("Ada Winter has returned from an official visit to Tunis.", "Ada Winter", "Tunis"),
        ("Ada Winter is on an official visit to Tunis.", "Ada Winter", "Tunis"),
        ("Tunis received a visit from Ada Winter, Director of Trade.", "Ada Winter", "Tunis"),
        ("Ada Winter, Head of Trade, flew to Quito on 3 May for talks.", "Ada Winter", "Quito"),
        ("On 3 May Ada Winter travelled from Lisbon to Tunis.", "Ada Winter", "Tunis"),
        (
            "Invited by Tunisian Customs, Ada Winter spent three days in Tunis.",
            "Ada Winter",
            "Tunis",
        ),
        ("Ada Winter undertook a working visit to Georgia in March 2024.", "Ada Winter", "Georgia"),
        ("Ada Winter toured the port of Algeciras on 3 May.", "Ada Winter", "port of Algeciras"),
        (
            "Algiers was the destination of Ada Winter's first visit abroad.",
            "Ada Winter",
            "Algiers",
        ),
        ("Commissioner Ada Winter went to Oslo on 3 May.", "Ada Winter", "Oslo"),
        ("Accompanied by two experts, Ada Winter visited Dakar.", "Ada Winter", "Dakar"),
        # French
        ("Ada Hiver a effectué hier une visite de travail à Lisbonne.", "Ada Hiver", "Lisbonne"),
        ("Ada Hiver effectue une visite officielle au Pérou.", "Ada Hiver", "Pérou"),
        ("Ada Hiver s'est rendue en visite officielle à Tunis.", "Ada Hiver", "Tunis"),
        ("Ada Hiver a été reçue à Rabat par le directeur général.", "Ada Hiver", "Rabat"),
        ("Rabat a accueilli Mme Ada Hiver, commissaire aux douanes.", "Ada Hiver", "Rabat"),
        (
            "La douane marocaine a reçu à Rabat Mme Ada Hiver, commissaire aux douanes.",
            "Ada Hiver",
            "Rabat",
        ),
        ("La visite d'Ada Hiver à Lisbonne a pris fin vendredi.", "Ada Hiver", "Lisbonne"),
        ("Ada Hiver a achevé vendredi sa visite au Kazakhstan.", "Ada Hiver", "Kazakhstan"),
        ("Lors de son déplacement à Accra, Ada Hiver a signé un accord.", "Ada Hiver", "Accra"),
        ("Ada Hiver était à Nairobi le 3 mai pour une visite de travail.", "Ada Hiver", "Nairobi"),
        ("En déplacement à Quito, Ada Hiver a visité le terminal.", "Ada Hiver", "Quito"),
        ("Tunis a reçu la visite de Mme Ada Hiver, cheffe de service.", "Ada Hiver", "Tunis"),
        ("Ada Hiver s'est déplacée à Dakar le 3 mai.", "Ada Hiver", "Dakar"),
        ("Pour son premier déplacement, Ada Hiver a choisi Oslo.", "Ada Hiver", "Oslo"),
        ("Ada Hiver a entamé lundi une visite de trois jours à Oslo.", "Ada Hiver", "Oslo"),
        ("Invitée par son homologue, Ada Hiver a passé trois jours à Oslo.", "Ada Hiver", "Oslo"),
        # Spanish
        ("Ada Invierno efectuó ayer una visita de cortesía a Lisboa.", "Ada Invierno", "Lisboa"),
        ("Ada Invierno realiza una visita oficial a Perú.", "Ada Invierno", "Perú"),
        ("Ada Invierno fue recibida en Rabat por el director general.", "Ada Invierno", "Rabat"),
        (
            "La aduana marroquí recibió en Rabat a Ada Invierno, jefa de comercio.",
            "Ada Invierno",
            "Rabat",
        ),
        ("Rabat acogió a la directora general, Ada Invierno, el lunes.", "Ada Invierno", "Rabat"),
        ("La visita de Ada Invierno a Lisboa concluyó el viernes.", "Ada Invierno", "Lisboa"),
        ("Ada Invierno concluyó el viernes su visita a Kazajistán.", "Ada Invierno", "Kazajistán"),
        ("Ada Invierno está de visita en Nairobi esta semana.", "Ada Invierno", "Nairobi"),
        ("De visita en Quito, Ada Invierno conoció la terminal.", "Ada Invierno", "Quito"),
        ("Ada Invierno viajó a Dakar el 3 de mayo.", "Ada Invierno", "Dakar"),
        ("Ada Invierno llevó a cabo una visita de trabajo a Oslo.", "Ada Invierno", "Oslo"),
        ("Túnez recibió la visita de Ada Invierno, jefa de comercio.", "Ada Invierno", "Túnez"),
        ("Ada Invierno acudió a Acra el 3 de mayo.", "Ada Invierno", "Acra"),
        ("Ada Invierno estuvo en Oslo en visita oficial.", "Ada Invierno", "Oslo"),
        ("Ada Invierno inició el lunes una visita de tres días a Oslo.", "Ada Invierno", "Oslo"),
        ("Tobías del Este visitó Oslo el pasado jueves.", "Tobías del Este", "Oslo"),
        (
            "The Director General of Customs of Senegal, Otto Marsh, travelled to Rabat on 3 May.",
            "Otto Marsh",
            "Rabat",
        ),
        (
            "Otto Marsh travelled to Rabat yesterday to meet the heads of customs of the region.",
            "Otto Marsh",
            "Rabat",
        ),
        (
            "A delegation of Senegalese Customs headed by Otto Marsh arrived in Rabat on 3 May.",
            "delegation of Senegalese Customs",
            "Rabat",
        ),
        ("Senegal's customs chief Otto Marsh visits Rabat", "Otto Marsh", "Rabat"),
        (
            "Otto Marsh, who heads Senegal's customs, was in Rabat on 3 May at the invitation of "
            "Moroccan Customs.",
            "Otto Marsh",
            "Rabat",
        ),
        ("Moroccan Customs received Otto Marsh in Rabat on 3 May.", "Otto Marsh", "Rabat"),
        (
            "Moroccan Customs on Monday played host to Otto Marsh, Director of Enforcement, in "
            "Rabat.",
            "Otto Marsh",
            "Rabat",
        ),
        ("Otto Marsh was the guest of Moroccan Customs in Rabat on 3 May.", "Otto Marsh", "Rabat"),
        (
            "On Monday, Rabat welcomed Otto Marsh, the Chief Customs Officer of Senegal.",
            "Otto Marsh",
            "Rabat",
        ),
        ("The visit to Rabat by Otto Marsh lasted three days.", "Otto Marsh", "Rabat"),
        ("Otto Marsh's visit to Rabat ended on Monday.", "Otto Marsh", "Rabat"),
        (
            "The three-day visit of the Director of Enforcement, Otto Marsh, to Morocco ended on "
            "Monday.",
            "Otto Marsh",
            "Morocco",
        ),
        ("Otto Marsh began a three-day visit to Morocco on Monday.", "Otto Marsh", "Morocco"),
        ("Otto Marsh was on a working visit in Rabat on 3 May.", "Otto Marsh", "Rabat"),
        (
            "Otto Marsh has completed an official visit to Morocco, where he met the minister.",
            "Otto Marsh",
            "Morocco",
        ),
        (
            "Otto Marsh travelled to Morocco from 3 to 5 May, the administration said.",
            "Otto Marsh",
            "Morocco",
        ),
        (
            "On the occasion of his visit to Rabat, Otto Marsh inspected the new scanner.",
            "Otto Marsh",
            "Rabat",
        ),
        ("While visiting Rabat, Otto Marsh signed the guest book.", "Otto Marsh", "Rabat"),
        (
            "Otto Marsh led a delegation of Senegalese Customs to Rabat on 3 May.",
            "Otto Marsh",
            "Rabat",
        ),
        (
            "Otto Marsh inspected the customs house in Rabat during a visit on 3 May.",
            "Otto Marsh",
            "Rabat",
        ),
        (
            "Le directeur général des douanes du Sénégal, Paul Creux, s'est rendu à Rabat le 3 "
            "mai.",
            "Paul Creux",
            "Rabat",
        ),
        (
            "Une délégation des douanes sénégalaises, emmenée par Paul Creux, est arrivée lundi "
            "à Rabat.",
            "Paul Creux",
            "Rabat",
        ),
        ("Paul Creux était en visite de travail à Rabat lundi.", "Paul Creux", "Rabat"),
        ("Le 3 mai, la douane marocaine a accueilli Paul Creux à Rabat.", "Paul Creux", "Rabat"),
        (
            "Paul Creux a été accueilli lundi à Rabat par son homologue marocain.",
            "Paul Creux",
            "Rabat",
        ),
        (
            "Paul Creux, commissaire aux douanes, a été reçu le 3 mai à Rabat.",
            "Paul Creux",
            "Rabat",
        ),
        ("Rabat a reçu Paul Creux, commissaire aux douanes, le 3 mai.", "Paul Creux", "Rabat"),
        ("La visite de Paul Creux au Maroc s'est achevée lundi.", "Paul Creux", "Maroc"),
        (
            "La visite de travail de Paul Creux, commissaire aux douanes, à Rabat a duré trois "
            "jours.",
            "Paul Creux",
            "Rabat",
        ),
        ("Paul Creux a conclu une visite de trois jours au Maroc.", "Paul Creux", "Maroc"),
        (
            "En visite à Rabat lundi, Paul Creux, commissaire aux douanes, a salué les agents.",
            "Paul Creux",
            "Rabat",
        ),
        (
            "À l'occasion d'un déplacement à Rabat, Paul Creux a visité le port.",
            "Paul Creux",
            "Rabat",
        ),
        (
            "C'est à Rabat que Paul Creux s'est rendu pour sa première visite officielle.",
            "Paul Creux",
            "Rabat",
        ),
        (
            "Paul Creux a conduit une délégation des douanes sénégalaises à Rabat.",
            "Paul Creux",
            "Rabat",
        ),
        (
            "Reçu par son homologue, Paul Creux a séjourné à Rabat du 3 au 5 mai.",
            "Paul Creux",
            "Rabat",
        ),
        ("Paul Creux est arrivé à Rabat pour une visite de deux jours.", "Paul Creux", "Rabat"),
        (
            "Le Maroc a reçu la visite de Paul Creux, commissaire aux douanes.",
            "Paul Creux",
            "Maroc",
        ),
        ("Paul Creux a regagné Dakar au terme d'une visite au Maroc.", "Paul Creux", "Maroc"),
        (
            "El director general de Aduanas de Senegal, Paul Hueco, viajó a Rabat el 3 de mayo.",
            "Paul Hueco",
            "Rabat",
        ),
        ("Paul Hueco viajó ayer a Rabat para reunirse con sus homólogos.", "Paul Hueco", "Rabat"),
        (
            "Una delegación de la aduana senegalesa, encabezada por Paul Hueco, llegó el lunes a "
            "Rabat.",
            "delegación de la aduana senegalesa",
            "Rabat",
        ),
        ("Paul Hueco se encuentra en Rabat en visita de trabajo.", "Paul Hueco", "Rabat"),
        ("La aduana marroquí recibió a Paul Hueco en Rabat el 3 de mayo.", "Paul Hueco", "Rabat"),
        (
            "El 3 de mayo, Rabat recibió a Paul Hueco, superintendente de aduanas.",
            "Paul Hueco",
            "Rabat",
        ),
        (
            "Paul Hueco fue recibido el lunes en Rabat por su homólogo marroquí.",
            "Paul Hueco",
            "Rabat",
        ),
        (
            "Paul Hueco, superintendente de aduanas, fue recibido en Marruecos.",
            "Paul Hueco",
            "Marruecos",
        ),
        (
            "La visita de trabajo de Paul Hueco, superintendente de aduanas, a Rabat duró tres "
            "días.",
            "Paul Hueco",
            "Rabat",
        ),
        ("Paul Hueco culminó una visita de tres días a Marruecos.", "Paul Hueco", "Marruecos"),
        ("De visita en Rabat el lunes, Paul Hueco saludó a los agentes.", "Paul Hueco", "Rabat"),
        (
            "Con motivo de su visita a Rabat, Paul Hueco inspeccionó el puerto.",
            "Paul Hueco",
            "Rabat",
        ),
        (
            "Paul Hueco encabezó una delegación de la aduana senegalesa a Rabat.",
            "Paul Hueco",
            "Rabat",
        ),
        (
            "Marruecos recibió la visita de Paul Hueco, superintendente de aduanas.",
            "Paul Hueco",
            "Marruecos",
        ),
        ("Paul Hueco cumplió una visita oficial en Rabat.", "Paul Hueco", "Rabat"),
        ("Paul Hueco arribó a Rabat para una visita de dos días.", "Paul Hueco", "Rabat"),
        ("En Rabat, Paul Hueco visitó el laboratorio de la aduana.", "Paul Hueco", "Rabat"),
        (
            "Paul Hueco giró visita a las instalaciones de Rabat.",
            "Paul Hueco",
            "instalaciones de Rabat",
        ),
        (
            "Invitado por la aduana marroquí, Paul Hueco permaneció en Rabat del 3 al 5 de mayo.",
            "Paul Hueco",
            "Rabat",
        ),
    ],
)
def test_a_visit_is_told_in_many_ways(text: str, visitor: str, place: str) -> None:
    assert told(text) == [(visitor, place)]


def test_every_place_of_a_list_is_a_visit() -> None:
    assert told("Commissioner Ada Winter visited Lisbon, Porto and Faro on 3 May.") == [
        ("Ada Winter", "Lisbon"),
        ("Ada Winter", "Porto"),
        ("Ada Winter", "Faro"),
    ]
    assert told("Ms Ada Winter, Head of Trade, visited Brussels, Belgium, and Lyon, France.") == [
        ("Ada Winter", "Brussels"),
        ("Ada Winter", "Lyon"),
    ]
    assert told("La directora general, Ada Invierno, visitó Lima y Quito.") == [
        ("Ada Invierno", "Lima"),
        ("Ada Invierno", "Quito"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Winter is to pay an official visit to Tunis.",
        "An official visit to Tunis by Ada Winter is foreseen for June.",
        "Ada Winter is preparing a visit to Tunis.",
        "The visit of Ada Winter, Head of Trade, to Tunis has been put off.",
        "The visit of Ada Winter, Head of Trade, to Tunis on 3 June 2024 was announced.",
        "The defendant, John Hollow, traveled to Mexico twice before he was arrested.",
        "John Hollow visited Mexico to buy the pills, prosecutors said.",
        "The agency welcomes Ada Winter as its new Director of Trade in Kampala.",
        "Ada Hiver doit se rendre à Tunis le mois prochain.",
        "La visite de Mme Ada Hiver, cheffe de service, à Tunis est prévue pour juin.",
        "Ada Invierno tiene previsto visitar Túnez.",
        "Ada Invierno viajará a Túnez el 3 de junio.",
        "Officers encountered John Smith, who arrived in Houston from Mexico City.",
        "The agency welcomed Secretary Otto Marsh's announcement in Washington.",
        "Officers in Port Klang received training from Ada Winter, Head of Trade.",
        "El director general Paul Hueco recibió en Lima el premio de la OMA.",
        "The port received 40 containers from Port Klang.",
        "Commissioner Ada Winter received the medal in Lisbon.",
    ],
)
def test_plans_and_other_things_are_no_visits(text: str) -> None:
    assert told(text) == []
