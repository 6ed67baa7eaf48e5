//! A transformer of one layer as exporters write it, with weights by lot, run by the engine and
//! worked out by hand beside it.

use super::*;
use crate::onnx::{Message, floats, integers, node, value};

/// As many as the ids of the test reach.
const WORDS: usize = 30;
const PLACES: usize = 24;
const WIDTH: usize = 8;
const HEADS: usize = 2;
const INNER: usize = 16;
const LABELS: usize = 5;
const EPSILON: f32 = 1e-5;

/// Weights by name, rows and columns.
struct Weights(Vec<(&'static str, usize, usize, Vec<f32>)>);

impl Weights {
    fn new() -> Self {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f32::from(u16::try_from(state >> 48).unwrap()) / 65536.0 - 0.5
        };
        let shapes = [
            ("words", WORDS, WIDTH),
            ("places", PLACES, WIDTH),
            ("types", 2, WIDTH),
            ("gain0", 1, WIDTH),
            ("bias0", 1, WIDTH),
            ("query", WIDTH, WIDTH),
            ("query_bias", 1, WIDTH),
            ("key", WIDTH, WIDTH),
            ("key_bias", 1, WIDTH),
            ("value", WIDTH, WIDTH),
            ("value_bias", 1, WIDTH),
            ("out", WIDTH, WIDTH),
            ("out_bias", 1, WIDTH),
            ("gain1", 1, WIDTH),
            ("bias1", 1, WIDTH),
            ("up", WIDTH, INNER),
            ("up_bias", 1, INNER),
            ("down", INNER, WIDTH),
            ("down_bias", 1, WIDTH),
            ("gain2", 1, WIDTH),
            ("bias2", 1, WIDTH),
            ("labels", WIDTH, LABELS),
            ("labels_bias", 1, LABELS),
        ];
        let made = shapes.map(|(name, rows, columns)| {
            (name, rows, columns, (0..rows * columns).map(|_| 3.0 * next()).collect())
        });
        Self(made.to_vec())
    }

    fn of(&self, name: &str) -> Vec<Vec<f64>> {
        let (_, _, columns, cells) = self.0.iter().find(|(known, ..)| *known == name).unwrap();
        cells
            .chunks(*columns)
            .map(|row| row.iter().map(|cell| f64::from(*cell)).collect())
            .collect()
    }

    fn onnx(&self, fixed: Option<usize>) -> Vec<u8> {
        let mut graph = Message::default();
        let mut steps: Vec<Message> = vec![
            node("Gather", &["words", "input_ids"], "e0", &[]),
            node("Shape", &["input_ids"], "shape", &[]),
            node("Slice", &["shape", "i1", "i2"], "length", &[]),
            node("Slice", &["places", "i0", "length", "i0"], "e1", &[]),
            node("Gather", &["types", "token_type_ids"], "e2", &[]),
            node("Add", &["e0", "e1"], "e3", &[]),
            node("Add", &["e3", "e2"], "e4", &[]),
        ];
        steps.extend(normed("e4", "0"));
        for (name, turn) in
            [("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])]
        {
            let (a, b, c) = (format!("{name}1"), format!("{name}2"), format!("{name}3"));
            steps.push(node("MatMul", &["n0", name], &a, &[]));
            steps.push(node("Add", &[&a, &format!("{name}_bias")], &b, &[]));
            steps.push(node("Reshape", &[&b, "apart"], &c, &[]));
            steps.push(node("Transpose", &[&c], &format!("{name}4"), &[("perm", &turn)]));
        }
        steps.extend([
            node("MatMul", &["query4", "key4"], "s0", &[]),
            node("Div", &["s0", "root"], "s1", &[]),
            node("Unsqueeze", &["attention_mask", "i12"], "m0", &[]),
            node("Cast", &["m0"], "m1", &[("to", &[1])]),
            node("Sub", &["f1", "m1"], "m2", &[]),
            node("Mul", &["m2", "least"], "m3", &[]),
            node("Add", &["s1", "m3"], "s2", &[]),
            node("Softmax", &["s2"], "s3", &[("axis", &[3])]),
            node("MatMul", &["s3", "value4"], "s4", &[]),
            node("Transpose", &["s4"], "s5", &[("perm", &[0, 2, 1, 3])]),
            node("Reshape", &["s5", "whole"], "s6", &[]),
            node("MatMul", &["s6", "out"], "s7", &[]),
            node("Add", &["s7", "out_bias"], "s8", &[]),
            node("Add", &["s8", "n0"], "s9", &[]),
        ]);
        steps.extend(normed("s9", "1"));
        steps.extend([
            node("MatMul", &["n1", "up"], "g0", &[]),
            node("Add", &["g0", "up_bias"], "g1", &[]),
            node("Div", &["g1", "root2"], "g2", &[]),
            node("Erf", &["g2"], "g3", &[]),
            node("Add", &["g3", "f1"], "g4", &[]),
            node("Mul", &["g1", "g4"], "g5", &[]),
            node("Mul", &["g5", "half"], "g6", &[]),
            node("MatMul", &["g6", "down"], "g7", &[]),
            node("Add", &["g7", "down_bias"], "g8", &[]),
            node("Add", &["g8", "n1"], "g9", &[]),
        ]);
        steps.extend(normed("g9", "2"));
        steps.extend([
            node("MatMul", &["n2", "labels"], "l0", &[]),
            node("Add", &["l0", "labels_bias"], "logits", &[]),
        ]);
        steps.iter().for_each(|step| graph.message(1, step));
        graph.text(2, "encoder");
        for (name, rows, columns, cells) in &self.0 {
            let shape = [*rows as u64, *columns as u64];
            // Biases and gains have one dimension.
            let shape = if *rows == 1 { &shape[1..] } else { &shape[..] };
            graph.message(5, &floats(name, shape, cells));
        }
        let head = (WIDTH / HEADS) as f32;
        for (name, cell) in [
            ("root", head.sqrt()),
            ("root2", 2.0_f32.sqrt()),
            ("half", 0.5),
            ("f1", 1.0),
            ("f2", 2.0),
            ("least", f32::MIN),
            ("epsilon", EPSILON),
        ] {
            graph.message(5, &floats(name, &[], &[cell]));
        }
        let apart = [1, -1, HEADS as i64, (WIDTH / HEADS) as i64];
        for (name, cells) in [
            ("i0", &[0][..]),
            ("i1", &[1]),
            ("i2", &[2]),
            ("i12", &[1, 2]),
            ("apart", &apart),
            ("whole", &[1, -1, WIDTH as i64]),
        ] {
            graph.message(5, &integers(name, cells));
        }
        for name in ["input_ids", "attention_mask", "token_type_ids"] {
            graph.message(11, &value(name, 7, fixed, None));
        }
        graph.message(12, &value("logits", 1, fixed, Some(LABELS as u64)));
        graph.model()
    }

    /// The same, worked out by hand.
    fn likely(&self, ids: &[i32]) -> Vec<Vec<f64>> {
        let (words, places, types) = (self.of("words"), self.of("places"), self.of("types"));
        let mut x: Vec<Vec<f64>> = ids
            .iter()
            .enumerate()
            .map(|(at, id)| {
                let word = &words[usize::try_from(*id).unwrap()];
                (0..WIDTH).map(|i| word[i] + places[at][i] + types[0][i]).collect()
            })
            .collect();
        self.norm(&mut x, "0");
        let [query, key, of] = ["query", "key", "value"].map(|name| self.linear(&x, name));
        let head = WIDTH / HEADS;
        let mut seen = vec![vec![0.0; WIDTH]; x.len()];
        for h in (0..WIDTH).step_by(head) {
            for at in 0..x.len() {
                let score = |other: &Vec<f64>| -> f64 {
                    (h..h + head).map(|i| query[at][i] * other[i]).sum::<f64>()
                        / (head as f64).sqrt()
                };
                let scores: Vec<f64> = key.iter().map(|other| score(other).exp()).collect();
                let sum: f64 = scores.iter().sum();
                for (score, other) in scores.iter().zip(&of) {
                    (h..h + head).for_each(|i| seen[at][i] += score / sum * other[i]);
                }
            }
        }
        let mut y = add(&self.linear(&seen, "out"), &x);
        self.norm(&mut y, "1");
        let mut inner = self.linear(&y, "up");
        for cell in inner.iter_mut().flatten() {
            *cell *= 0.5 * (1.0 + erf(*cell / 2.0_f64.sqrt()));
        }
        let mut z = add(&self.linear(&inner, "down"), &y);
        self.norm(&mut z, "2");
        let mut logits = self.linear(&z, "labels");
        for row in &mut logits {
            let sum: f64 = row.iter().map(|cell| cell.exp()).sum();
            row.iter_mut().for_each(|cell| *cell = cell.exp() / sum);
        }
        logits
    }

    fn linear(&self, x: &[Vec<f64>], name: &str) -> Vec<Vec<f64>> {
        let (weights, bias) = (self.of(name), self.of(&format!("{name}_bias")));
        x.iter()
            .map(|row| {
                (0..bias[0].len())
                    .map(|to| {
                        let sum: f64 = row.iter().zip(&weights).map(|(cell, w)| cell * w[to]).sum();
                        bias[0][to] + sum
                    })
                    .collect()
            })
            .collect()
    }

    fn norm(&self, x: &mut [Vec<f64>], which: &str) {
        let (gain, bias) = (self.of(&format!("gain{which}")), self.of(&format!("bias{which}")));
        for row in x {
            let mean = row.iter().sum::<f64>() / WIDTH as f64;
            let spread = row.iter().map(|cell| (cell - mean).powi(2)).sum::<f64>() / WIDTH as f64;
            for (at, cell) in row.iter_mut().enumerate() {
                *cell = (*cell - mean) / (spread + f64::from(EPSILON)).sqrt() * gain[0][at]
                    + bias[0][at];
            }
        }
    }
}

/// Normalisation of a layer in single steps, as older exports have it.
fn normed(input: &str, which: &str) -> Vec<Message> {
    let name = |step: &str| format!("{step}{which}");
    let step = |kind: &str, inputs: &[&str], output: &str| node(kind, inputs, output, &[]);
    let mean = |input: &str, output: &str| {
        let mut mean = node("ReduceMean", &[input], output, &[("keepdims", &[1])]);
        let mut axes = Message::default();
        axes.text(1, "axes");
        axes.number(8, 2);
        axes.number(20, 7);
        mean.message(5, &axes);
        mean
    };
    vec![
        mean(input, &name("mean")),
        step("Sub", &[input, &name("mean")], &name("off")),
        step("Pow", &[&name("off"), "f2"], &name("square")),
        mean(&name("square"), &name("spread")),
        step("Add", &[&name("spread"), "epsilon"], &name("some")),
        step("Sqrt", &[&name("some")], &name("sigma")),
        step("Div", &[&name("off"), &name("sigma")], &name("even")),
        step("Mul", &[&name("even"), &name("gain")], &name("scaled")),
        step("Add", &[&name("scaled"), &name("bias")], &name("n")),
    ]
}

fn add(one: &[Vec<f64>], other: &[Vec<f64>]) -> Vec<Vec<f64>> {
    one.iter().zip(other).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect()
}

/// The error function by a series without differences (DLMF 7.6.2); beyond 6 it is 1.
fn erf(x: f64) -> f64 {
    let x = x.clamp(-6.0, 6.0);
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= 2.0 * x * x / (2.0 * f64::from(n) + 1.0);
        sum += term;
    }
    sum * (-x * x).exp() * 2.0 / std::f64::consts::PI.sqrt()
}

#[test]
fn a_transformer_is_run_as_it_is_worked_out_by_hand() {
    let weights = Weights::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.onnx");
    // As long as the text; and filled up, where the mask must keep the filling out.
    for fixed in [None, Some(PLACES)] {
        std::fs::write(&file, weights.onnx(fixed)).unwrap();
        let engine = Engine::load(&file, LABELS, 0).unwrap();
        for length in [1, 2, 7, PLACES] {
            let ids: Vec<i32> = (0..30).map(|at| (at * 7 + 3) % 30).take(length).collect();
            let (ours, by_hand) = (engine.likely(&ids).unwrap(), weights.likely(&ids));
            assert_eq!(ours.len(), length);
            for (one, other) in ours.iter().flatten().zip(by_hand.iter().flatten()) {
                let off = (f64::from(*one) - other).abs();
                assert!(off < 1e-4, "{length} tokens, {fixed:?}: {one} and {other}");
            }
        }
    }
}
