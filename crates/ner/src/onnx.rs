//! Writes networks in the form of ONNX (`onnx.proto`), as far as tests need it.

/// A message of Protocol Buffers, as ONNX is written.
#[derive(Default)]
pub(crate) struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut number: u64) {
        while let Ok(low) = u8::try_from(number & 0x7f) {
            number >>= 7;
            self.0.push(if number > 0 { low | 0x80 } else { low });
            if number == 0 {
                return;
            }
        }
    }

    pub(crate) fn number(&mut self, field: u64, number: u64) {
        self.varint(field << 3);
        self.varint(number);
    }

    pub(crate) fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn text(&mut self, field: u64, text: &str) {
        self.bytes(field, text.as_bytes());
    }

    pub(crate) fn message(&mut self, field: u64, message: &Self) {
        self.bytes(field, &message.0);
    }

    /// The file of which this is the graph.
    pub(crate) fn model(&self) -> Vec<u8> {
        let (mut model, mut opset) = (Self::default(), Self::default());
        model.number(1, 8);
        opset.number(2, 17);
        model.message(8, &opset);
        model.message(7, self);
        model.0
    }
}

/// A step; an attribute with one number is that number, with several a list.
pub(crate) fn node(
    kind: &str,
    inputs: &[&str],
    output: &str,
    attributes: &[(&str, &[u64])],
) -> Message {
    let mut node = Message::default();
    inputs.iter().for_each(|input| node.text(1, input));
    node.text(2, output);
    node.text(3, output);
    node.text(4, kind);
    for (name, numbers) in attributes {
        let mut attribute = Message::default();
        attribute.text(1, name);
        if let [number] = numbers {
            attribute.number(3, *number);
            attribute.number(20, 2);
        } else {
            numbers.iter().for_each(|number| attribute.number(8, *number));
            attribute.number(20, 7);
        }
        node.message(5, &attribute);
    }
    node
}

fn tensor(name: &str, kind: u64, shape: &[u64], raw: Vec<u8>) -> Message {
    let mut tensor = Message::default();
    shape.iter().for_each(|size| tensor.number(1, *size));
    tensor.number(2, kind);
    tensor.text(8, name);
    tensor.bytes(9, &raw);
    tensor
}

/// A constant of numbers with fractions.
pub(crate) fn floats(name: &str, shape: &[u64], cells: &[f32]) -> Message {
    tensor(name, 1, shape, cells.iter().flat_map(|cell| cell.to_le_bytes()).collect())
}

/// A constant of whole numbers in a row.
pub(crate) fn integers(name: &str, cells: &[i64]) -> Message {
    let raw = cells.iter().flat_map(|cell| cell.to_le_bytes()).collect();
    tensor(name, 7, &[cells.len() as u64], raw)
}

/// An input or output: one text, so many tokens, and perhaps so many numbers for each.
pub(crate) fn value(name: &str, kind: u64, fixed: Option<usize>, last: Option<u64>) -> Message {
    let mut shape = Message::default();
    for (at, size) in [Some(1), fixed.map(|size| size as u64), last].into_iter().enumerate() {
        let mut dimension = Message::default();
        match size {
            Some(size) => dimension.number(1, size),
            None if at == 1 => dimension.text(2, "tokens"),
            None => continue,
        }
        shape.message(1, &dimension);
    }
    let (mut tensor, mut of_type, mut value) =
        (Message::default(), Message::default(), Message::default());
    tensor.number(1, kind);
    tensor.message(2, &shape);
    of_type.message(1, &tensor);
    value.text(1, name);
    value.message(2, &of_type);
    value
}
