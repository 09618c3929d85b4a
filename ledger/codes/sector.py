"""Sectors, in the manner of the sectoral covenants (domain.md 3.2)."""

from ledger.code import Code, code_list


@code_list("3.2", nl="Sectoren", en="Sectors")
class Sector(Code):
    CARE = "care", "Zorg en welzijn", "Care and welfare"
    CHILDCARE = "childcare", "Kinderopvang", "Childcare"
    IT = "it", "IT en digitaal", "IT and digital"
    CONSTRUCTION = "construction", "Bouw", "Construction"
    WOOD_FURNITURE = "wood_furniture", "Hout en meubel", "Wood and furniture"
    METAL_TECH = "metal_tech", "Metaal en technologie", "Metal and technology"
    ELECTRICAL = "electrical", "Elektrotechniek en installatie", "Electrical engineering and installation"
    CHEMISTRY = "chemistry", "Chemie, kunststof en farma", "Chemicals, plastics and pharma"
    FOOD = "food", "Voeding", "Food industry"
    TEXTILE = "textile", "Textiel en mode", "Textile and fashion"
    TRANSPORT_LOGISTICS = "transport_logistics", "Transport en logistiek", "Transport and logistics"
    AUTOMOTIVE = "automotive", "Garage en carrosserie", "Garage and bodywork"
    RETAIL = "retail", "Handel en verkoop", "Retail and sales"
    HOSPITALITY = "hospitality", "Horeca en toerisme", "Hospitality and tourism"
    CLEANING = "cleaning", "Schoonmaak en dienstencheques", "Cleaning and service vouchers"
    AGRI_GREEN = "agri_green", "Land- en tuinbouw, groen", "Agriculture, horticulture and green"
    EDUCATION = "education", "Onderwijs en vorming", "Education and training"
    ADMINISTRATION = "administration", "Administratie en diensten", "Administration and services"
    SOCIAL_ECONOMY = "social_economy", "Sociale economie, maatwerk", "Social economy and sheltered work"
    CULTURE_SPORT = "culture_sport", "Cultuur, sport en media", "Culture, sport and media"
    OTHER = "other", "Andere", "Other"
