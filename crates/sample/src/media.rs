//! A curriculum vitae and a photograph, made in code.

use std::fmt::Write as _;

/// A one-page PDF with Helvetica text. Letters beyond ASCII are octal escapes of WinAnsi; the
/// author stands in the document's information as UTF-16, as office programs write it.
pub(crate) fn pdf(author: &str, lines: &[&str]) -> Vec<u8> {
    let mut page = String::from("BT /F1 11 Tf 56 780 Td 15 TL\n");
    for line in lines {
        page.push('(');
        for letter in line.chars() {
            match letter {
                '(' | ')' | '\\' => {
                    page.push('\\');
                    page.push(letter);
                }
                plain if plain.is_ascii() => page.push(plain),
                other => match u8::try_from(u32::from(other)) {
                    Ok(latin) => {
                        let _ = write!(page, "\\{latin:03o}");
                    }
                    Err(_) => page.push('?'),
                },
            }
        }
        page.push_str(") Tj T*\n");
    }
    page.push_str("ET");
    let mut name = String::from("FEFF");
    for unit in author.encode_utf16() {
        let _ = write!(name, "{unit:04X}");
    }
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        format!("<< /Author <{name}> /Producer (Sample) >>"),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (place, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", place + 1);
    }
    let start = file.len();
    let size = objects.len() + 1;
    let _ = write!(
        file,
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

fn crc32(bytes: impl Iterator<Item = u8>) -> u32 {
    !bytes.fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }
        })
    })
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(crc32(kind.iter().chain(data).copied()).to_be_bytes());
}

/// A grey portrait, 48 by 48 points, whose text block names the person shown.
pub(crate) fn portrait(name: &str) -> Vec<u8> {
    const SIDE: u32 = 48;
    let mut pixels = Vec::new();
    for y in 0..SIDE {
        pixels.push(0);
        for x in 0..SIDE {
            let inside =
                |cx: u32, cy: u32, r: u32| x.abs_diff(cx).pow(2) + y.abs_diff(cy).pow(2) < r.pow(2);
            pixels.push(if inside(24, 18, 11) || inside(24, 52, 22) {
                96
            } else {
                u8::try_from(200 + y).unwrap_or(255)
            });
        }
    }
    let length = u16::try_from(pixels.len()).unwrap_or(u16::MAX);
    let (low, high) = pixels.iter().fold((1u32, 0u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    // One stored block: no compressor is needed for a picture this small.
    let mut packed = vec![0x78, 0x01, 0x01];
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(&pixels);
    packed.extend((high << 16 | low).to_be_bytes());

    let mut header = Vec::new();
    header.extend(SIDE.to_be_bytes());
    header.extend(SIDE.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    let mut words = b"Author\0\0\0\0\0".to_vec();
    words.extend(name.as_bytes());

    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"iTXt", &words);
    chunk(&mut file, b"IDAT", &packed);
    chunk(&mut file, b"IEND", &[]);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_the_one_of_png() {
        assert_eq!(crc32(b"123456789".iter().copied()), 0xcbf4_3926);
        let file = portrait("Zoë");
        assert!(file.ends_with(&[0xae, 0x42, 0x60, 0x82]));
    }

    #[test]
    fn the_cross_reference_of_the_pdf_points_at_its_objects() {
        let file = String::from_utf8(pdf("Zoë", &["Zoë (1)"])).unwrap();
        let entry = file.lines().skip_while(|line| *line != "xref").nth(4).unwrap();
        let offset: usize = entry.split(' ').next().unwrap().parse().unwrap();
        assert!(file.split_at(offset).1.starts_with("2 0 obj"));
        assert!(file.contains("(Zo\\353 \\(1\\)) Tj"));
    }
}
