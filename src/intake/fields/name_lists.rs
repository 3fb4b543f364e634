//! Lists of names, and of words that are none.
//!
//! Owns the tables and their sources. Must not know how names are read.

/// The commonest surnames of Hispanic bearers (US Census 2010, surname table). Two of them at the end of a name of
/// three or more words are both surnames: `Maria Garcia Lopez`.
#[rustfmt::skip]
pub const SURNAMES: &[&str] = &[
    "garcia", "rodriguez", "martinez", "hernandez", "lopez", "gonzalez", "perez", "sanchez", "ramirez",
    "torres", "flores", "rivera", "gomez", "diaz", "reyes", "cruz", "morales", "ortiz", "gutierrez",
    "chavez", "ramos", "ruiz", "alvarez", "mendoza", "vasquez", "castillo", "jimenez", "moreno", "romero",
    "herrera", "medina", "aguilar", "vargas", "guzman", "mendez", "munoz", "salazar", "garza", "soto",
    "vazquez", "alvarado", "delgado", "pena", "contreras", "sandoval", "guerrero", "rios", "estrada",
    "ortega", "nunez", "maldonado", "dominguez", "vega", "espinoza", "rojas", "marquez", "padilla", "mejia",
    "juarez", "figueroa", "avila", "molina", "campos", "ayala", "carrillo", "cabrera", "lara", "robles",
    "cervantes", "solis", "salinas", "fuentes", "velasquez", "aguirre", "ochoa", "cardenas", "calderon",
    "rosales", "serrano", "castro", "santiago", "colon", "acosta", "rosario", "valdez", "fernandez",
];

/// The commonest given names of living Americans (US Social Security Administration, births 1930-2020) that are rare as
/// family names.
#[rustfmt::skip]
pub const GIVEN: &[&str] = &[
    "mary", "patricia", "jennifer", "linda", "elizabeth", "barbara", "susan", "jessica", "sarah", "karen", "lisa", "nancy",
    "betty", "sandra", "margaret", "ashley", "kimberly", "emily", "donna", "michelle", "carol", "amanda", "melissa", "deborah",
    "stephanie", "rebecca", "sharon", "laura", "cynthia", "dorothy", "amy", "kathleen", "angela", "shirley", "brenda", "emma",
    "anna", "pamela", "nicole", "samantha", "katherine", "kathryn", "christine", "helen", "debra", "rachel", "carolyn", "janet",
    "catherine", "maria", "heather", "diane", "julie", "joyce", "victoria", "kelly", "christina", "joan", "evelyn", "lauren",
    "judith", "olivia", "cheryl", "megan", "andrea", "hannah", "jacqueline", "martha", "gloria", "teresa", "ann", "sara",
    "madison", "frances", "janice", "jean", "abigail", "alice", "julia", "judy", "sophia", "denise", "amber", "doris",
    "marilyn", "danielle", "beverly", "isabella", "theresa", "diana", "natalie", "brittany", "kayla", "lori", "latoya",
    "james", "robert", "john", "michael", "david", "william", "richard", "joseph", "christopher", "charles", "daniel", "matthew",
    "anthony", "mark", "donald", "steven", "andrew", "paul", "joshua", "kenneth", "kevin", "brian", "timothy", "ronald",
    "jason", "edward", "jeffrey", "ryan", "jacob", "gary", "nicholas", "eric", "jonathan", "stephen", "larry", "justin",
    "brandon", "benjamin", "samuel", "gregory", "alexander", "patrick", "frank", "raymond", "jack", "dennis", "jerry",
    "tyler", "aaron", "jose", "adam", "nathan", "zachary", "douglas", "peter", "kyle", "noah", "ethan", "jeremy", "christian",
    "roger", "terry", "sean", "austin", "gerald", "carl", "harold", "dylan", "arthur", "bryan", "jordan", "billy", "bruce",
    "gabriel", "joe", "logan", "alan", "juan", "albert", "willie", "elijah", "wayne", "randy", "vincent", "mason", "roy",
    "ralph", "bobby", "russell", "bradley", "philip", "eugene",
];

/// Words that stand where a name might and are none.
#[rustfmt::skip]
pub const NOT_NAMES: &[&str] = &[
    "information", "referral", "referring", "provider", "physician", "patient", "clinic", "center", "date",
    "insurance", "signature", "phone", "fax", "address", "name", "form", "department", "hospital",
    "medical", "health", "group", "associates", "institute", "specialists", "physicians", "care", "network",
    "services", "practice", "llc", "pllc", "pc", "inc", "plan", "medicare", "medicaid", "self", "same",
    "none", "unknown", "new", "consult", "consultation", "office", "visit", "reason", "urgent", "routine",
    "page", "cardiology", "dermatology", "neurology", "urology", "orthopedics", "records", "request",
    "report", "colleague", "sir", "madam", "team", "staff", "doctor", "your", "our", "the", "this",
    "please", "and", "for", "with", "coordinator", "dear", "thank", "you", "family", "medicine", "primary",
    "emergency", "contact", "see", "attached", "below", "above", "authorization", "number", "street",
    "dr", "mr", "mrs", "ms", "miss", "last", "first", "middle", "dob", "male", "female", "coverage", "member", "subscriber", "laboratory",
    "imaging", "results", "lab",
];
