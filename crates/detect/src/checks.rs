//! The arithmetic by which numbers of different kinds are told apart.

/// The check digit of cards and Canadian insurance numbers (ISO/IEC 7812-1, annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(*digit);
            if at % 2 == 0 {
                value
            } else if value > 4 {
                value * 2 - 9
            } else {
                value * 2
            }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// Whether these digits are a payment card: a known issuer range, its length, the check digit.
pub(crate) fn is_card(digits: &[u8]) -> bool {
    let head = |length: usize| {
        digits.iter().take(length).fold(0_u32, |number, digit| number * 10 + u32::from(*digit))
    };
    let length = digits.len();
    let known = match head(1) {
        4 => matches!(length, 13 | 16 | 19),
        5 => {
            (51..=55).contains(&head(2)) && length == 16
                || matches!(head(4), 5018 | 5020 | 5038) && (13..=19).contains(&length)
        }
        2 => (2221..=2720).contains(&head(4)) && length == 16,
        3 => match head(2) {
            34 | 37 => length == 15,
            36 | 38 | 39 => length == 14,
            30 => head(3) <= 305 && length == 14,
            35 => (3528..=3589).contains(&head(4)) && length == 16,
            _ => false,
        },
        6 => {
            (head(4) == 6011 || head(2) == 65 || (644..=649).contains(&head(3)))
                && matches!(length, 16 | 19)
                || head(2) == 62 && (16..=19).contains(&length)
                || matches!(head(4), 6304 | 6759 | 6761 | 6763) && (13..=19).contains(&length)
        }
        _ => false,
    };
    known && luhn(digits)
}

/// The length of an IBAN by country (SWIFT's IBAN registry).
const IBAN: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NL", 18),
    (b"NO", 15),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"SA", 24),
    (b"SC", 31),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
];

/// How many letters and digits an IBAN that starts like this has.
pub(crate) fn iban_length(country: &[u8]) -> Option<usize> {
    IBAN.iter().find(|(known, _)| known.as_slice() == country).map(|(_, length)| *length)
}

/// Whether letters and digits without spaces are an IBAN (ISO 13616: mod 97 is 1).
pub(crate) fn is_iban(text: &[u8]) -> bool {
    let Some((head, body)) = text.split_at_checked(4) else { return false };
    if head.get(..2).and_then(iban_length) != Some(text.len()) {
        return false;
    }
    let mut rest = 0_u32;
    for byte in body.iter().chain(head) {
        rest = match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
            _ => return false,
        };
    }
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn numbers_are_told_apart() {
        for card in [
            "4111111111111111",
            "5555555555554444",
            "378282246310005",
            "6011111111111117",
            "2223003122003222",
        ] {
            assert!(is_card(&digits(card)), "{card}");
        }
        for other in ["4111111111111112", "0000000000000000", "1234567890123452", "411111111111111"]
        {
            assert!(!is_card(&digits(other)), "{other}");
        }
        assert!(is_iban(b"DE89370400440532013000"));
        assert!(is_iban(b"GB82WEST12345698765432"));
        assert!(!is_iban(b"DE89370400440532013001"));
        assert!(!is_iban(b"XX89370400440532013000"));
    }
}
