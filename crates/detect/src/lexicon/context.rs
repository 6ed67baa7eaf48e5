//! Words that say what the number beside them is: English, French, German, Spanish, Italian,
//! Dutch, Portuguese, and Hindi as it is written in English letters.

use super::{Flags, is};

/// Words, and what they say.
pub(super) const WORDS: &[(&str, Flags)] = &[
    (
        "phone phones telephone tel tele mobile mob cell cellphone fax landline hotline callback sms whatsapp \
         telefon telefono telefoon telefone handy mobil mobiltelefon festnetz rufnummer telefonnummer durchwahl portable \
         movil celular cellulare telf phoneno msisdn voicemail pager mobilenumber dialed dialled",
        is::PHONE | is::PHONE_WORD,
    ),
    (
        "desk office call calls called calling dial ring text texts signal ph fixe appeler appelez llamar llame \
         chiamare answering contact reach reached registered messages message extension ext line caller callee \
         anruf anrufen erreichbar erreichen nummer numero number joindre contacto sampark helpdesk switchboard",
        is::PHONE,
    ),
    (
        "birth born dob birthdate birthday dateofbirth geburtsdatum geburtstag geboren geb naissance nacimiento \
         nacido nacida nascita nato nata geboortedatum nascimento janm janam ne nee bday gebdatum",
        is::BIRTH,
    ),
    (
        "card cards visa mastercard amex credit debit creditcard cc karte kreditkarte kartennummer carte bancaire \
         tarjeta carta maestro discover diners pan",
        is::CARD,
    ),
    ("ssn social sozialversicherung socialsecurity itin ss", is::SSN),
    ("sin insurance nas assurance", is::SIN),
    ("nhs chi", is::NHS),
    ("ni nino national", is::NINO),
    ("aadhaar aadhar adhar uid uidai", is::AADHAAR),
    ("pan permanent", is::PAN),
    ("passport reisepass pass passeport pasaporte passaporto paspoort", is::PASSPORT),
    (
        "licence license driver drivers driving dl fuhrerschein permis conduire conducir rijbewijs patente licencia dlno",
        is::LICENCE,
    ),
    ("medicare mbi hicn ihi", is::MEDICARE),
    ("npi prescriber", is::NPI),
    ("dea", is::DEA),
    ("mrn medical record patient chart patientid krankenakte dossier", is::MRN),
    (
        "diagnosis diagnosed diagnoses icd dx diagnose diagnostic diagnostico condition befund",
        is::DIAGNOSIS,
    ),
    ("imei meid", is::IMEI),
    ("serial seriennummer sn serienummer serie seriennr serialnumber", is::SERIAL),
    (
        "account acct accounts konto kontonummer compte cuenta conto rekening bank acc accountnumber khata",
        is::ACCOUNT,
    ),
    ("routing aba rtn transit fedwire ach", is::ROUTING),
    ("bic swift", is::BIC),
    ("vat ust ustid tva iva btw mwst umsatzsteuer vatid gst gstin abn", is::VAT),
    (
        "company companies crn siren siret handelsregister hrb registration ein employer fein cin acn kvk",
        is::COMPANY,
    ),
    ("cvv cvc cvv2 cvc2 csc prufziffer kartenprufnummer cryptogramme", is::CVV),
    ("zip zipcode postcode postal plz postleitzahl pincode pin codepostal cp zips", is::POSTAL),
    ("age aged yo yrs years old alter jahre ans edad anos eta umar", is::AGE),
    (
        "password passwd passwort passcode passphrase pwd pass pw kennwort secret token apikey key motdepasse contrasena \
         credential credentials auth authorization bearer clientsecret accesskey secretkey private passwordhash wachtwoord clave",
        is::SECRET,
    ),
    (
        "user username login userid benutzer benutzername utilisateur usuario account nick handle samaccountname upn logon",
        is::USER,
    ),
    ("session sessionid sid sess jsessionid phpsessid cookie csrf xsrf", is::SESSION),
    ("version firmware release build ver v revision kernel update driver", is::VERSION),
    (
        "order orders invoice ticket tickets case job pid tid build request req trace span transaction txn tracking \
         parcel shipment item sku article isbn issn rechnung bestellung bestellnummer commande facture pedido factura \
         thread process port bytes size length offset seq sequence error code status line rev commit part model asset \
         us ms ns id ids uuid hash ref reference customer eventid duration elapsed count total amount price pickup",
        is::OTHER_NUMBER,
    ),
    (
        "lat latitude lon lng long longitude gps coordinates coords geo location position standort breite",
        is::PLACE,
    ),
    (
        "address adresse anschrift direccion indirizzo adres endereco pata street shipping billing residence lives living",
        is::ADDRESS,
    ),
    ("idfa gaid aaid adid advertising advertiser idfv maid ifa", is::ADVERTISING),
    (
        "host hostname server computer workstation machine dns fqdn node device laptop rechner",
        is::HOST,
    ),
    ("ip ipv4 ipv6 addr", is::IP),
    (
        "tax tin steuer steuernummer fiscal codice nif nie dni rfc cpf fiscale steuerid idnr tfn pps ppsn bsn",
        is::TAX,
    ),
    (
        "child children kid kids son daughter minor pupil student toddler baby infant kind enfant hijo hija beta beti bachcha schuler",
        is::CHILD,
    ),
    ("iban", is::IBAN),
];
