"""Invents people, practices, plans and requests for the documents of generate.py. Every name and number is made up; numbers of
telephones are of the kind that the numbering plan leaves for fiction or are random. Standard library only; all randomness is the
caller's `random.Random`."""

GIVEN_F = """Mary Linda Patricia Susan Deborah Barbara Karen Nancy Donna Cynthia Sandra Pamela Sharon Kathleen Carol Diane Brenda Cheryl
Janet Maria Rosa Guadalupe Ana Lucia Priya Mei Thuy Aaliyah Keisha Fatima Olga Ingrid Siobhan Zoe Chloe Emma Madison Harper""".split()
GIVEN_M = """James Robert John Michael David William Richard Thomas Mark Charles Steven Gary Joseph Donald Ronald Kenneth Paul Larry Daniel
Jose Juan Carlos Luis Raj Wei Minh Jamal DeShawn Omar Ivan Bjorn Sean Liam Noah Ethan Mason Aiden Tyrone Kwame Hiroshi""".split()
FAMILY = """Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Thompson White Harris
Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell Mitchell Carter Roberts
Garcia Rodriguez Martinez Hernandez Lopez Gonzalez Perez Sanchez Ramirez Torres Nguyen Tran Pham Kim Park Chen Wang Patel Shah Singh
Okafor Mensah Haddad Abdullah Kowalski Novak Petrov Schmidt O'Brien McCarthy MacDonald Fitzgerald Van_Dyke De_Luca St._Clair
Smith-Ruiz Lopez_Garcia Rivera_Cruz Washington Jefferson Underwood Blackwood Holloway Prescott Whitfield Castellanos""".split()
STREETS = "Oak Maple Cedar Elm Pine Lakeview Sunset Washington Park Meadow Ridge River Hickory Highland Church 4th 12th Mesquite Juniper Valley_View".split()
KINDS = "St Ave Dr Rd Ln Blvd Ct Way Cir Street Avenue Drive Road Lane".split()
TOWNS = [("Akron", "OH", "443"), ("Boise", "ID", "837"), ("Tulsa", "OK", "741"), ("Reno", "NV", "895"), ("Fresno", "CA", "937"), ("Macon", "GA", "312"), ("Duluth", "MN", "558"),
         ("Lubbock", "TX", "794"), ("Dayton", "OH", "454"), ("Salem", "OR", "973"), ("Santa Fe", "NM", "875"), ("St. Paul", "MN", "551"), ("Winston-Salem", "NC", "271")]
PRACTICES = ["{p} Family Medicine", "{p} Primary Care Associates", "{p} Medical Group", "{p} Internal Medicine, PLLC", "{p} Health Partners", "{p} Family Physicians", "{p} Community Health Center",
             "{f} & {g} Family Practice", "{p} Pediatrics", "Dr. {f}'s Family Practice", "{p} Medical Associates, P.A.", "The {p} Clinic", "{p} Wellness Center", "{p} Urgent Care", "{p} Women's Health",
             "{p} Adult & Geriatric Medicine", "Family Care of {t}", "{f} Medical Clinic"]
PLACES = "Cedar_Ridge Lakeshore Stone_Creek Northgate Elmwood Harborview Piedmont Granite_Hills Bayside Westfield Summit Fox_Hollow Cottonwood Mission_Valley Orchard_Park".split()
CLINICS = {"Cardiology": ["{p} Heart & Vascular", "{p} Cardiology Associates"], "Gastroenterology": ["{p} Digestive Health Specialists", "{p} Gastroenterology"], "Neurology": ["{p} Neurology Associates", "{p} Neurosciences Institute"],
           "Dermatology": ["{p} Dermatology & Skin Center", "{p} Dermatology"], "Orthopedics": ["{p} Orthopaedic Institute", "{p} Bone & Joint Center"], "Endocrinology": ["{p} Endocrine Associates", "{p} Diabetes & Endocrinology"],
           "Pulmonology": ["{p} Lung & Sleep Center", "{p} Pulmonary Associates"], "Rheumatology": ["{p} Arthritis & Rheumatology", "{p} Rheumatology Clinic"], "Nephrology": ["{p} Kidney Specialists", "{p} Nephrology Associates"],
           "Urology": ["{p} Urology Group", "{p} Urologic Surgeons"], "Otolaryngology": ["{p} ENT & Allergy", "{p} Ear, Nose & Throat"], "Hematology/Oncology": ["{p} Cancer & Blood Specialists", "{p} Hematology Oncology"]}
SPOKEN = {"Cardiology": ["Cardiology", "CARDIOLOGY", "Cardiologist"], "Gastroenterology": ["Gastroenterology", "GI", "Gastroenterology / GI"], "Neurology": ["Neurology", "Neuro", "NEUROLOGY"], "Dermatology": ["Dermatology", "Derm"],
          "Orthopedics": ["Orthopedics", "Orthopaedic Surgery", "Ortho"], "Endocrinology": ["Endocrinology", "Endocrine", "Endo"], "Pulmonology": ["Pulmonology", "Pulmonary", "Pulmonary Medicine"], "Rheumatology": ["Rheumatology", "Rheum"],
          "Nephrology": ["Nephrology", "Renal"], "Urology": ["Urology", "UROLOGY"], "Otolaryngology": ["ENT", "Otolaryngology (ENT)", "Otolaryngology"], "Hematology/Oncology": ["Hematology/Oncology", "Heme/Onc", "Hematology"]}
PROBLEMS = {"Cardiology": [("Palpitations and near-syncope for 3 weeks", ["R00.2", "R55"], ["93000", "93306"]), ("Exertional chest tightness, abnormal stress ECG", ["I20.89"], ["99204"]), ("New onset AFib, rate control", ["I48.91"], ["93306"])],
            "Gastroenterology": [("Screening colonoscopy, family history of colon cancer", ["Z12.11", "Z80.0"], ["45378"]), ("Chronic diarrhea and weight loss", ["K52.9", "R63.4"], ["99203"])],
            "Neurology": [("Intractable migraine, failed two preventives", ["G43.719"], ["99204"]), ("Left hand tremor, r/o Parkinson disease", ["R25.1"], ["99205"])],
            "Dermatology": [("Changing mole on the upper back", ["D22.5"], ["11102"]), ("Severe plaque psoriasis, discuss biologics", ["L40.0"], ["99203"])],
            "Orthopedics": [("Rotator cuff tear on MRI, right shoulder", ["M75.121"], ["99203"]), ("Chronic low back pain with left radiculopathy", ["M54.16"], ["72148"])],
            "Endocrinology": [("Type 2 diabetes, A1c 10.4 despite metformin", ["E11.65"], ["99204"]), ("Thyroid nodule 2.1 cm on ultrasound", ["E04.1"], ["10005"])],
            "Pulmonology": [("Persistent cough and abnormal spirometry", ["R05.3", "R94.2"], ["94060"]), ("8 mm lung nodule on CT chest", ["R91.1"], ["99204"])],
            "Rheumatology": [("Symmetric joint swelling, positive RF and CCP", ["M05.79"], ["99205"]), ("Positive ANA with photosensitive rash", ["R76.8", "L56.8"], ["99204"])],
            "Nephrology": [("CKD stage 3b with rising creatinine", ["N18.32"], ["99204"]), ("Persistent proteinuria", ["R80.1"], ["99203"])],
            "Urology": [("Elevated PSA 7.8, family history", ["R97.20"], ["99203"]), ("Gross hematuria, recurrent", ["R31.0"], ["52000"])],
            "Otolaryngology": [("Sudden hearing loss in the left ear", ["H91.22"], ["92557"]), ("Chronic sinusitis, failed medical therapy", ["J32.9"], ["31231"])],
            "Hematology/Oncology": [("Unexplained iron deficiency anemia", ["D50.9"], ["99204"]), ("Persistent leukocytosis on repeat CBC", ["D72.829"], ["85060"])]}
PAYERS = ["Aetna PPO", "Cigna Healthcare", "Humana Gold Plus", "UnitedHealthcare", "UHC Community Plan", "Medicare Part B", "Blue Cross Blue Shield of Ohio", "BCBS PPO", "Anthem Blue Cross", "Molina Healthcare", "Kaiser Permanente",
          "Tricare Prime", "Medicaid", "Oscar Health", "Ambetter", "WellCare", "Centene", "CareSource", "Medica Choice", "Priority Health"]
CREDENTIALS = ["MD", "DO", "NP", "PA-C", "FNP-C", "APRN", "M.D.", "D.O.", "FNP-BC", "DNP", "MD, FACP"]
MAILS = ["gmail.com", "yahoo.com", "outlook.com", "comcast.net", "aol.com", "proton.me"]


def luhn(base):
    total = 0
    for i, c in enumerate(reversed("80840" + base)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str((10 - total % 10) % 10)


def word(r, table):
    return r.choice(table).replace("_", " ")


def number(r):
    return f"{r.randint(201, 989)}{r.randint(200, 999)}{r.randint(0, 9999):04}"


def address(r):
    town, state, zip3 = r.choice(TOWNS)
    street = f"{r.randint(3, 19999)} {word(r, STREETS)} {r.choice(KINDS)}"
    if r.random() < .25:
        street += r.choice([", Apt {}", " Unit {}", ", #{}"]).format(r.randint(1, 40))
    return street, town, state, f"{zip3}{r.randint(0, 99):02}"


def person(r, sex=None):
    sex = sex or r.choice("FM")
    given = r.choice(GIVEN_F if sex == "F" else GIVEN_M)
    return {"given": given, "middle": r.choice("ABCDEFGHJKLMNPRSTW") if r.random() < .4 else "", "family": word(r, FAMILY), "sex": sex}


def case(r):
    """One referral: everything that a document may show."""
    who, doctor = person(r), person(r)
    specialty = r.choice(sorted(PROBLEMS))
    reason, icd, cpt = r.choice(PROBLEMS[specialty])
    year = r.randint(1932, 2019)
    place = word(r, PLACES)
    base = f"{r.choice('12')}{r.randint(0, 99999999):08}"
    street, town, state, zip5 = address(r)
    practice = r.choice(PRACTICES).format(p=place, f=doctor["family"], g=word(r, FAMILY), t=town)
    clinic = r.choice(CLINICS[specialty]).format(p=word(r, PLACES))
    member = r.choice(["{l}{l}{l}{n9}", "{n9}", "W{n9}", "{n3}-{n2}-{n4}A", "{l}{n8}", "{n11}", "1{m}{n1}{n1}-{m}{m}{n1}-{m}{m}{n2}"])
    for key, make in (("{m}", lambda: r.choice("ACDEFGHJKMNPQRTUVWXY")), ("{l}", lambda: r.choice("ABCDEFGHJKLMNPQRTUVWXYZ")), ("{n11}", lambda: f"{r.randint(0, 10**11 - 1):011}"), ("{n9}", lambda: f"{r.randint(0, 10**9 - 1):09}"), ("{n8}", lambda: f"{r.randint(0, 10**8 - 1):08}"),
                      ("{n4}", lambda: f"{r.randint(0, 9999):04}"), ("{n3}", lambda: f"{r.randint(0, 999):03}"), ("{n2}", lambda: f"{r.randint(0, 99):02}"), ("{n1}", lambda: str(r.randint(0, 9)))):
        while key in member:
            member = member.replace(key, make(), 1)
    return {
        "patient": who, "dob": (year, r.randint(1, 12), r.randint(1, 28)), "phone": number(r), "email": f"{who['given']}.{who['family']}{r.randint(1, 99)}@{r.choice(MAILS)}".lower().replace(" ", "").replace("'", "") if r.random() < .5 else None,
        "address": (street, town, state, zip5), "doctor": doctor, "credential": r.choice(CREDENTIALS), "npi": base + luhn(base), "office_phone": number(r), "office_fax": number(r), "practice": practice,
        "practice_address": address(r), "specialty": specialty, "asked": r.choice(SPOKEN[specialty]), "reason": reason, "icd": icd, "cpt": cpt if r.random() < .7 else [], "urgency": r.choice(["routine", "routine", "urgent", "stat", "asap", None]),
        "payer": r.choice(PAYERS), "member": member, "group": r.choice([f"{r.randint(1000, 999999)}", f"GRP{r.randint(1000, 99999)}", f"{r.choice('ABCDEFGH')}{r.randint(1000, 9999)}"]) if r.random() < .65 else None,
        "auth": r.choice([f"A{r.randint(10**7, 10**8 - 1)}", f"PA{r.randint(10**5, 10**6 - 1)}", f"{r.randint(10**8, 10**9 - 1)}"]) if r.random() < .4 else None,
        "clinic": clinic, "clinic_phone": number(r), "clinic_fax": number(r), "clinic_address": address(r), "pcp": person(r), "relative": person(r), "relative_phone": number(r), "specialist": person(r),
    }
