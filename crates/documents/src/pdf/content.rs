//! The words of a page, in the order in which they are drawn.
//!
//! A PDF draws letters at places and seldom draws a space. Where the next letters stand further away
//! than the last ones reach, a space is put in; where they stand on another line, a line break.

use std::collections::BTreeMap;
use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Dict, Name, Number, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};

use super::font::Font;

/// How deep drawings may lie within drawings.
const DEPTH: usize = 12;
/// So many instructions are followed in one file, drawings within drawings counted as often as they
/// are drawn.
const STEPS: u64 = 50_000_000;
/// So much text is kept of one page.
const LONGEST: usize = 16 << 20;
/// So many fonts are kept.
const FONTS: usize = 512;
/// A gap of this part of the letters' height is a space.
const GAP: f64 = 0.17;

/// Gathers the words of one file's pages.
pub(super) struct Words {
    fonts: BTreeMap<ObjectIdentifier, Rc<Font>>,
    steps: u64,
    picture: bool,
    unmapped: bool,
    text: String,
    /// Where the last letters ended, and how high they were.
    end: Option<(f64, f64, f64)>,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            fonts: BTreeMap::new(),
            steps: STEPS,
            picture: false,
            unmapped: false,
            text: String::new(),
            end: None,
        }
    }
}

/// An affine map, as PDF writes it.
type Matrix = [f64; 6];
const UNCHANGED: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `a`, then `b`.
fn then(a: &Matrix, b: &Matrix) -> Matrix {
    let [a0, a1, a2, a3, a4, a5] = *a;
    let [b0, b1, b2, b3, b4, b5] = *b;
    [
        a0 * b0 + a1 * b2,
        a0 * b1 + a1 * b3,
        a2 * b0 + a3 * b2,
        a2 * b1 + a3 * b3,
        a4 * b0 + a5 * b2 + b4,
        a4 * b1 + a5 * b3 + b5,
    ]
}

#[derive(Clone)]
struct State {
    /// From the drawing to the page.
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
}

impl Words {
    /// Whether the last page showed a picture.
    pub(super) const fn saw_picture(&self) -> bool {
        self.picture
    }

    /// Whether more instructions stand in the file than are followed.
    pub(super) const fn is_spent(&self) -> bool {
        self.steps == 0
    }

    /// Whether letters were met whose font does not say what they are.
    pub(super) const fn unmapped(&self) -> bool {
        self.unmapped
    }

    /// The words of a page.
    pub(super) fn of_page(&mut self, page: &Page<'_>) -> String {
        self.picture = false;
        self.end = None;
        let state = State {
            page: UNCHANGED,
            font: None,
            size: 1.0,
            spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
        };
        if let Some(bytes) = page.page_stream() {
            self.draw(bytes, page.resources(), state, 0);
        }
        std::mem::take(&mut self.text)
    }

    fn draw(&mut self, bytes: &[u8], resources: &Resources<'_>, state: State, depth: usize) {
        let mut operations = TypedIter::new(bytes);
        let (mut state, mut kept) = (state, Vec::new());
        let (mut line, mut letters) = (UNCHANGED, UNCHANGED);
        while let Some(operation) = operations.next() {
            self.steps = self.steps.saturating_sub(1);
            if self.steps == 0 || self.text.len() > LONGEST {
                return;
            }
            let mut next_line = |x: f64, y: f64| {
                line = then(&[1.0, 0.0, 0.0, 1.0, x, y], &line);
                line
            };
            match operation {
                Op::SaveState(_) if kept.len() < 256 => kept.push(state.clone()),
                Op::RestoreState(_) => {
                    if let Some(before) = kept.pop() {
                        state = before;
                    }
                }
                Op::Transform(m) => {
                    state.page = then(&matrix([m.0, m.1, m.2, m.3, m.4, m.5]), &state.page);
                }
                Op::BeginText(_) => {
                    line = UNCHANGED;
                    letters = UNCHANGED;
                }
                Op::TextFont(font) => {
                    state.font = self.font(resources, font.0);
                    state.size = font.1.as_f64();
                }
                Op::CharacterSpacing(value) => state.spacing = value.0.as_f64(),
                Op::WordSpacing(value) => state.word_spacing = value.0.as_f64(),
                Op::HorizontalScaling(value) => state.stretch = value.0.as_f64() / 100.0,
                Op::TextLeading(value) => state.leading = value.0.as_f64(),
                Op::NextLine(step) => letters = next_line(step.0.as_f64(), step.1.as_f64()),
                Op::NextLineAndSetLeading(step) => {
                    state.leading = -step.1.as_f64();
                    letters = next_line(step.0.as_f64(), step.1.as_f64());
                }
                Op::SetTextMatrix(m) => {
                    line = matrix([m.0, m.1, m.2, m.3, m.4, m.5]);
                    letters = line;
                }
                Op::NextLineUsingLeading(_) => letters = next_line(0.0, -state.leading),
                Op::ShowText(text) => self.show(text.0.as_bytes(), &state, &mut letters),
                Op::NextLineAndShowText(text) => {
                    letters = next_line(0.0, -state.leading);
                    self.show(text.0.as_bytes(), &state, &mut letters);
                }
                Op::ShowTextWithParameters(text) => {
                    state.word_spacing = text.0.as_f64();
                    state.spacing = text.1.as_f64();
                    letters = next_line(0.0, -state.leading);
                    self.show(text.2.as_bytes(), &state, &mut letters);
                }
                Op::ShowTexts(texts) => {
                    for item in texts.0.iter::<Object<'_>>() {
                        match item {
                            Object::String(text) => {
                                self.show(text.as_bytes(), &state, &mut letters);
                            }
                            Object::Number(back) => {
                                let step = -back.as_f64() / 1_000.0 * state.size * state.stretch;
                                letters = then(&[1.0, 0.0, 0.0, 1.0, step, 0.0], &letters);
                            }
                            _ => {}
                        }
                    }
                }
                Op::InlineImage(_) => self.picture = true,
                Op::XObject(name) => {
                    if let Some(drawing) = resources.get_x_object(name.0) {
                        self.drawing(&drawing, resources, &state, depth);
                    }
                }
                _ => {}
            }
        }
    }

    /// A drawing within the drawing.
    fn drawing(
        &mut self,
        drawing: &Stream<'_>,
        outer: &Resources<'_>,
        state: &State,
        depth: usize,
    ) {
        let dictionary = drawing.dict();
        let is = |kind: &str| {
            dictionary.get::<Name<'_>>("Subtype").is_some_and(|name| name.as_str() == kind)
        };
        if is("Image") {
            self.picture = true;
        }
        if !is("Form") || depth >= DEPTH {
            return;
        }
        let Ok(bytes) = drawing.decoded_data() else { return };
        // What is drawn again and again costs as often.
        self.steps = self.steps.saturating_sub(crate::limits::length(bytes.len()) / 16);
        let own = dictionary.get::<Dict<'_>>("Resources").map(Resources::new);
        let mut state = state.clone();
        if let Some(m) = dictionary.get::<[f32; 6]>("Matrix") {
            state.page = then(&m.map(f64::from), &state.page);
        }
        self.draw(&bytes, own.as_ref().unwrap_or(outer), state, depth + 1);
    }

    fn font(&mut self, resources: &Resources<'_>, name: &Name<'_>) -> Option<Rc<Font>> {
        let dictionary = resources.get_font(name)?;
        let id = dictionary.obj_id();
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Some(Rc::clone(known));
        }
        let font = Rc::new(Font::read(&dictionary));
        if let Some(id) = id.filter(|_| self.fonts.len() < FONTS) {
            self.fonts.insert(id, Rc::clone(&font));
        }
        Some(font)
    }

    /// Adds letters, which stand at the origin of `letters`, and moves behind them.
    fn show(&mut self, codes: &[u8], state: &State, letters: &mut Matrix) {
        let Some(font) = &state.font else { return };
        let start = then(letters, &state.page);
        let height = (start[2].hypot(start[3]) * state.size).abs().max(0.01);
        if let Some((x, y, last)) = self.end {
            // Along and across the direction of writing.
            let along = (start[0].hypot(start[1])).max(f64::MIN_POSITIVE);
            let (ux, uy) = (start[0] / along, start[1] / along);
            let (dx, dy) = (start[4] - x, start[5] - y);
            let (ahead, beside) = (dx * ux + dy * uy, dy * ux - dx * uy);
            let height = height.max(last * 0.5);
            let apart = !self.text.ends_with([' ', '\n']);
            if beside.abs() > height * 0.5 || ahead < -height * 2.0 {
                if !self.text.ends_with('\n') {
                    self.text.push('\n');
                }
            } else if ahead > height * GAP && apart {
                self.text.push(' ');
            }
        }
        let mut width = 0.0;
        let (text, unmapped) = (&mut self.text, &mut self.unmapped);
        font.letters(codes, &mut |letter| {
            match letter.text {
                Some(found) => text.push_str(found),
                None => {
                    *unmapped = true;
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
            let word = if letter.is_space { state.word_spacing } else { 0.0 };
            width += (letter.width * state.size + state.spacing + word) * state.stretch;
        });
        *letters = then(&[1.0, 0.0, 0.0, 1.0, width, 0.0], letters);
        let end = then(letters, &state.page);
        self.end = Some((end[4], end[5], height));
    }
}

fn matrix(numbers: [Number; 6]) -> Matrix {
    numbers.map(|number| number.as_f64())
}
